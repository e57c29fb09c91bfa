package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.TREE_OBJECT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.contents.Content;
import io.campanile.workspace.contents.ContentStore;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** All SQL that gives entries of type FILE their contents. Every statement names the workspace. */
public final class FileStore {
    /** A download that has read the old row may still open the old content. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private final Database database;

    public FileStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** What became of a replacement. */
    enum Replaced {
        DONE,
        CHANGED,
        GONE
    }

    /** Inserts the entry of a content that is in the store. */
    ObjectStore.Placed insert(Caller caller, Located folder, WorkspaceObject file) {
        Content content = requireNonNull(file.content());
        return database.inTransaction(tx -> {
            ObjectStore.Placed placed = ObjectStore.create(tx, caller, folder, file);
            if (placed == ObjectStore.Placed.DONE) {
                settle(tx, caller, content);
                Audit.record(
                        tx,
                        caller,
                        ObjectStore.audited(file),
                        Map.of("path", folder.path().child(file.name()).toString(), "size", content.size()));
            }
            return placed;
        });
    }

    /** Gives a live file another content; with {@code expected} only when that is the one it has. */
    Replaced replace(Caller caller, long objectId, Content content, @Nullable String expected, Instant now) {
        long workspaceId = caller.workspaceId();
        return database.inTransaction(tx -> {
            var there = tx.select(ObjectStore.COLUMNS)
                    .from(TREE_OBJECT)
                    .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                    .and(TREE_OBJECT.OBJECT_ID.eq(objectId))
                    .and(TREE_OBJECT.OBJECT_TYPE.eq(ObjectType.FILE.name()))
                    .and(TREE_OBJECT.TRASHED_AT.isNull())
                    .forUpdate()
                    .fetchOptional(ObjectStore::object);
            if (there.isEmpty()) {
                return Replaced.GONE;
            }
            Content old = requireNonNull(there.get().content());
            if (expected != null && !old.etag().equals(expected)) {
                return Replaced.CHANGED;
            }
            tx.update(TREE_OBJECT)
                    .set(TREE_OBJECT.CONTENT_ID, content.contentId())
                    .set(TREE_OBJECT.SIZE, content.size())
                    .set(TREE_OBJECT.MODIFIED_AT, now.atOffset(ZoneOffset.UTC))
                    .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                    .and(TREE_OBJECT.OBJECT_ID.eq(objectId))
                    .execute();
            ContentStore.order(tx, workspaceId, objectId, old.contentId(), now.plus(GRACE));
            settle(tx, caller, content);
            Audit.record(tx, caller, ObjectStore.audited(there.get()), Map.of("size", content.size()));
            return Replaced.DONE;
        });
    }

    private static void settle(DSLContext tx, Caller caller, Content content) {
        if (!ContentStore.settle(tx, caller.workspaceId(), List.of(content.contentId()))) {
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "Storing the file took too long; try again");
        }
    }
}
