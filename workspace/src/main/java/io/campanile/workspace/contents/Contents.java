package io.campanile.workspace.contents;

import static java.util.Objects.requireNonNull;

import io.campanile.workspace.blobs.Blob;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.BlobStore;
import io.campanile.workspace.blobs.Expected;
import io.campanile.workspace.blobs.Staging;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Writes and reads contents. A content is in the store before a row refers to it, and a note written before both has it
 * deleted when the row does not follow. Blocking.
 */
public final class Contents {
    /** Longer than anything takes between a content's writing and its row. */
    private static final Duration ABANDONED = Duration.ofMinutes(30);

    private static final int FOLDERS = 4096;

    private final BlobStore blobs;
    private final Staging staging;
    private final ContentStore store;
    private final Clock clock;

    public Contents(BlobStore blobs, Staging staging, ContentStore store, Clock clock) {
        this.blobs = requireNonNull(blobs, "blobs");
        this.staging = requireNonNull(staging, "staging");
        this.store = requireNonNull(store, "store");
        this.clock = requireNonNull(clock, "clock");
    }

    /** A place for bytes on their way in or out; whoever asks for it deletes it. */
    public Path draft() {
        return staging.passing();
    }

    /** Puts a draft into the store; it counts from the moment a row refers to it and {@link ContentStore#settle}s. */
    public Content put(long workspaceId, long objectId, Path draft) {
        long contentId = store.nextId();
        store.intend(workspaceId, objectId, contentId, clock.instant().plus(ABANDONED));
        return BlobErrors.guard(() -> {
            Content content = new Content(contentId, Files.size(draft));
            BlobStore.Placing placing = blobs.prepare(workspaceId, path(objectId, contentId), draft);
            try {
                placing.commit(Expected.NOTHING);
            } finally {
                placing.abort();
            }
            return content;
        });
    }

    /** Forgets a content that no row came to refer to. */
    public void abandon(long workspaceId, List<Content> contents) {
        for (Content content : contents) {
            store.due(workspaceId, content.contentId(), clock.instant());
        }
    }

    /** Some bytes of a content; an {@code IOException} when it is no longer there. */
    public InputStream open(long workspaceId, long objectId, Content content, long from, long length)
            throws IOException {
        Blob blob = blobs.find(workspaceId, path(objectId, content.contentId()))
                .filter(found -> !found.folder() && found.size() == content.size())
                .orElseThrow(() -> new ContentGoneException(objectId));
        return blobs.read(workspaceId, blob, from, length);
    }

    /** Deletes a content; fine when there is none. */
    void delete(long workspaceId, long objectId, long contentId) throws IOException {
        blobs.deleteFile(workspaceId, path(objectId, contentId), Expected.ANYTHING);
    }

    /** By number, not by name: moving an entry moves no content. */
    private static BlobPath path(long objectId, long contentId) {
        return new BlobPath(List.of(Long.toHexString(contentId % FOLDERS), objectId + "-" + contentId));
    }
}
