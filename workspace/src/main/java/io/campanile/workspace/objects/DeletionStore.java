package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.DOCUMENT_DELETION;
import static io.campanile.workspace.db.Tables.NOTEBOOK_TRIMMING;
import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** All SQL of the documents that are to be deleted. */
public final class DeletionStore {
    private final Database database;

    public DeletionStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** A document to be deleted, and who wanted it. */
    record Deletion(long workspaceId, long objectId, long userId, String userName, int attempts) {}

    /** Notes a document that is about to be made: unless {@link #settle} comes first, it is deleted at {@code due}. */
    void intend(Caller caller, long objectId, Instant due) {
        database.context()
                .insertInto(DOCUMENT_DELETION)
                .set(DOCUMENT_DELETION.WORKSPACE_ID, caller.workspaceId())
                .set(DOCUMENT_DELETION.OBJECT_ID, objectId)
                .set(DOCUMENT_DELETION.USER_ID, caller.userId())
                .set(DOCUMENT_DELETION.USER_NAME, caller.userName())
                .set(DOCUMENT_DELETION.ATTEMPTS, 0)
                .set(DOCUMENT_DELETION.DUE_AT, due.atOffset(ZoneOffset.UTC))
                .execute();
    }

    /** Takes the note away with the entry's insertion; false when the deletion has begun. */
    static boolean settle(DSLContext tx, long workspaceId, long objectId) {
        return tx.deleteFrom(DOCUMENT_DELETION)
                        .where(DOCUMENT_DELETION.WORKSPACE_ID.eq(workspaceId))
                        .and(DOCUMENT_DELETION.OBJECT_ID.eq(objectId))
                        .and(DOCUMENT_DELETION.ATTEMPTS.eq(0))
                        .execute()
                == 1;
    }

    /** Makes a noted deletion due at once. */
    void hasten(long workspaceId, long objectId, Instant now) {
        database.context()
                .update(DOCUMENT_DELETION)
                .set(DOCUMENT_DELETION.DUE_AT, now.atOffset(ZoneOffset.UTC))
                .where(DOCUMENT_DELETION.WORKSPACE_ID.eq(workspaceId))
                .and(DOCUMENT_DELETION.OBJECT_ID.eq(objectId))
                .execute();
    }

    /** Takes due deletions on for {@code lease}; if this process dies they are due again after it. */
    List<Deletion> claim(Instant now, Duration lease, int limit) {
        var due = DSL.select(DOCUMENT_DELETION.WORKSPACE_ID, DOCUMENT_DELETION.OBJECT_ID)
                .from(DOCUMENT_DELETION)
                .where(DOCUMENT_DELETION.DUE_AT.le(now.atOffset(ZoneOffset.UTC)))
                .orderBy(DOCUMENT_DELETION.DUE_AT)
                .limit(limit)
                .forUpdate()
                .skipLocked();
        return database.acrossWorkspaces("the work list of all workspaces' deletions")
                .update(DOCUMENT_DELETION)
                .set(DOCUMENT_DELETION.ATTEMPTS, DOCUMENT_DELETION.ATTEMPTS.plus(1))
                .set(DOCUMENT_DELETION.DUE_AT, now.plus(lease).atOffset(ZoneOffset.UTC))
                .where(DSL.row(DOCUMENT_DELETION.WORKSPACE_ID, DOCUMENT_DELETION.OBJECT_ID)
                        .in(due))
                .returningResult(
                        DOCUMENT_DELETION.WORKSPACE_ID,
                        DOCUMENT_DELETION.OBJECT_ID,
                        DOCUMENT_DELETION.USER_ID,
                        DOCUMENT_DELETION.USER_NAME,
                        DOCUMENT_DELETION.ATTEMPTS)
                .fetch(org.jooq.Records.mapping(Deletion::new));
    }

    /** The document is gone, and with it what was kept beside it. */
    void done(long workspaceId, long objectId) {
        database.context()
                .deleteFrom(NOTEBOOK_TRIMMING)
                .where(NOTEBOOK_TRIMMING.WORKSPACE_ID.eq(workspaceId))
                .and(NOTEBOOK_TRIMMING.OBJECT_ID.eq(objectId))
                .execute();
        database.context()
                .deleteFrom(DOCUMENT_DELETION)
                .where(DOCUMENT_DELETION.WORKSPACE_ID.eq(workspaceId))
                .and(DOCUMENT_DELETION.OBJECT_ID.eq(objectId))
                .execute();
    }

    /** When a failed deletion is tried again. */
    void postpone(long workspaceId, long objectId, Instant due) {
        hasten(workspaceId, objectId, due);
    }
}
