package io.campanile.workspace.objects;

import io.campanile.workspace.contents.Content;
import io.campanile.workspace.formats.Language;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the tree.
 *
 * @param parentId null for the root of the workspace
 * @param language of notebooks, else null
 * @param ownerUserId whose home folder it is, else null
 * @param trashedAt when it was thrown away itself; what is below it goes with it without a mark of its own
 * @param trashRootId the entry that was thrown away with this one under it, or null while it is live
 * @param content of files, else null
 * @param removing whether it is being removed for good, piece by piece
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
        @Nullable Long trashRootId,
        @Nullable Content content,
        boolean removing) {
    /** An entry without content of its own in the store of files. */
    WorkspaceObject(
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
        this(
                workspaceId,
                objectId,
                parentId,
                name,
                type,
                language,
                ownerUserId,
                createdAt,
                modifiedAt,
                trashedAt,
                trashRootId,
                null,
                false);
    }

    boolean isDirectory() {
        return type == ObjectType.DIRECTORY || isRepo();
    }

    boolean isRepo() {
        return type == ObjectType.REPO;
    }

    boolean isNotebook() {
        return type == ObjectType.NOTEBOOK;
    }

    boolean isAt(long folder, String itsName) {
        return parentId != null && parentId == folder && name.equals(itsName);
    }

    /** Whether it was not thrown away itself; {@link Located#isLive} looks above it too. */
    boolean isMarkedLive() {
        return trashedAt == null;
    }

    static WorkspaceObject root(long workspaceId, long objectId, Instant now) {
        return new WorkspaceObject(
                workspaceId, objectId, null, "", ObjectType.DIRECTORY, null, null, now, now, null, null);
    }

    static WorkspaceObject directory(long workspaceId, long objectId, long parentId, String name, Instant now) {
        return new WorkspaceObject(
                workspaceId, objectId, parentId, name, ObjectType.DIRECTORY, null, null, now, now, null, null);
    }

    static WorkspaceObject repo(long workspaceId, long objectId, long parentId, String name, Instant now) {
        return new WorkspaceObject(
                workspaceId, objectId, parentId, name, ObjectType.REPO, null, null, now, now, null, null);
    }

    static WorkspaceObject notebook(
            long workspaceId, long objectId, long parentId, String name, Language language, Instant now) {
        return new WorkspaceObject(
                workspaceId, objectId, parentId, name, ObjectType.NOTEBOOK, language, null, now, now, null, null);
    }

    static WorkspaceObject file(
            long workspaceId, long objectId, long parentId, String name, Content content, Instant now) {
        return new WorkspaceObject(
                workspaceId,
                objectId,
                parentId,
                name,
                ObjectType.FILE,
                null,
                null,
                now,
                now,
                null,
                null,
                content,
                false);
    }
}
