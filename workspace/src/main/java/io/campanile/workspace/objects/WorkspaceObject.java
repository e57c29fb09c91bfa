package io.campanile.workspace.objects;

import io.campanile.workspace.formats.Language;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the tree.
 *
 * @param parentId null for the root of the workspace
 * @param language null for directories
 * @param ownerUserId whose home folder it is, else null
 * @param trashRootId the entry that was thrown away with this one under it, or null while it is live
 */
record WorkspaceObject(
        long workspaceId,
        long objectId,
        @Nullable Long parentId,
        String name,
        ObjectType type,
        @Nullable Language language,
        @Nullable Long ownerUserId,
        Instant createdAt,
        Instant modifiedAt,
        @Nullable Instant trashedAt,
        @Nullable Long trashRootId) {
    boolean isDirectory() {
        return type == ObjectType.DIRECTORY;
    }

    boolean isLive() {
        return trashedAt == null;
    }

    static WorkspaceObject directory(long workspaceId, long objectId, long parentId, String name, Instant now) {
        return new WorkspaceObject(
                workspaceId, objectId, parentId, name, ObjectType.DIRECTORY, null, null, now, now, null, null);
    }

    static WorkspaceObject notebook(
            long workspaceId, long objectId, long parentId, String name, Language language, Instant now) {
        return new WorkspaceObject(
                workspaceId, objectId, parentId, name, ObjectType.NOTEBOOK, language, null, now, now, null, null);
    }
}
