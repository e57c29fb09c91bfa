package io.campanile.workspace.volumes;

import static java.util.Objects.requireNonNull;

import io.campanile.workspace.blobs.BlobPath;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A managed volume of {@code main.default}.
 *
 * @param movingFrom the name its files still have while it is renamed
 */
public record Volume(
        long workspaceId,
        String volumeId,
        String name,
        @Nullable String comment,
        long ownerId,
        String ownerName,
        String createdBy,
        Instant createdAt,
        String updatedBy,
        Instant updatedAt,
        State state,
        @Nullable String movingFrom) {
    public static final String CATALOG = "main";
    public static final String SCHEMA = "default";

    public Volume {
        requireNonNull(volumeId, "volumeId");
        requireNonNull(name, "name");
    }

    /** What is being done to it. */
    enum State {
        ACTIVE,
        MOVING,
        DELETING
    }

    public String fullName() {
        return CATALOG + "." + SCHEMA + "." + name;
    }

    public BlobPath folder() {
        return folder(name);
    }

    static BlobPath folder(String name) {
        return new BlobPath(List.of(BlobPath.VOLUMES, CATALOG, SCHEMA, name));
    }
}
