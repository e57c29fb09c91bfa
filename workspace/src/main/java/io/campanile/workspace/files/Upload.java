package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.Expected;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A content that arrives in parts.
 *
 * @param size what it will have, where that was said
 * @param received bytes that are on the disk and were acknowledged
 */
public record Upload(
        long workspaceId,
        long uploadId,
        long userId,
        Kind kind,
        BlobPath path,
        boolean overwrite,
        @Nullable String ifMatch,
        @Nullable Long size,
        long received,
        Instant createdAt,
        Instant expiresAt) {
    public Upload {
        requireNonNull(kind, "kind");
        requireNonNull(path, "path");
    }

    /** Through which API it comes; each knows its own alone. */
    public enum Kind {
        DBFS,
        SESSION
    }

    Expected expected() {
        if (ifMatch != null) {
            return new Expected.Tagged(ifMatch);
        }
        return overwrite ? Expected.ANYTHING : Expected.NOTHING;
    }

    /** The name of what has come so far, in the staging folder. */
    String stagedName() {
        return stagedName(workspaceId, uploadId);
    }

    static String stagedName(long workspaceId, long uploadId) {
        return "upload-" + workspaceId + "-" + uploadId;
    }
}
