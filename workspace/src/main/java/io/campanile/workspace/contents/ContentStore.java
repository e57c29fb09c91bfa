package io.campanile.workspace.contents;

import static io.campanile.workspace.db.Tables.CONTENT_DELETION;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.workspace.db.Sequences;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;

/** All SQL of the contents that are to be deleted. */
public final class ContentStore {
    private final Database database;

    public ContentStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** A content to be deleted. */
    record Deletion(long workspaceId, long objectId, long contentId, int attempts) {}

    long nextId() {
        return requireNonNull(database.context().nextval(Sequences.FILE_CONTENT_ID_SEQ))
                .longValue();
    }

    /** Notes a content that is about to be written: unless {@link #settle} comes first, it is deleted at {@code due}. */
    void intend(long workspaceId, long objectId, long contentId, Instant due) {
        order(database.context(), workspaceId, objectId, contentId, due);
    }

    /** Orders the deletion of a content, with the change that no longer refers to it. */
    public static void order(DSLContext tx, long workspaceId, long objectId, long contentId, Instant due) {
        tx.insertInto(CONTENT_DELETION)
                .set(CONTENT_DELETION.WORKSPACE_ID, workspaceId)
                .set(CONTENT_DELETION.OBJECT_ID, objectId)
                .set(CONTENT_DELETION.CONTENT_ID, contentId)
                .set(CONTENT_DELETION.ATTEMPTS, 0)
                .set(CONTENT_DELETION.DUE_AT, due.atOffset(ZoneOffset.UTC))
                .onConflictDoNothing()
                .execute();
    }

    /** Takes the notes away with the rows that refer to the contents; false when a deletion has begun. */
    public static boolean settle(DSLContext tx, long workspaceId, Collection<Long> contentIds) {
        return tx.deleteFrom(CONTENT_DELETION)
                        .where(CONTENT_DELETION.WORKSPACE_ID.eq(workspaceId))
                        .and(CONTENT_DELETION.CONTENT_ID.eq(DSL.any(contentIds.toArray(Long[]::new))))
                        .and(CONTENT_DELETION.ATTEMPTS.eq(0))
                        .execute()
                == contentIds.size();
    }

    /** When a noted deletion is due. */
    void due(long workspaceId, long contentId, Instant due) {
        database.context()
                .update(CONTENT_DELETION)
                .set(CONTENT_DELETION.DUE_AT, due.atOffset(ZoneOffset.UTC))
                .where(CONTENT_DELETION.WORKSPACE_ID.eq(workspaceId))
                .and(CONTENT_DELETION.CONTENT_ID.eq(contentId))
                .execute();
    }

    /** Takes due deletions of all workspaces on for {@code lease}; if this process dies they are due again after it. */
    List<Deletion> claim(Instant now, Duration lease, int limit) {
        var due = DSL.select(CONTENT_DELETION.WORKSPACE_ID, CONTENT_DELETION.CONTENT_ID)
                .from(CONTENT_DELETION)
                .where(CONTENT_DELETION.DUE_AT.le(now.atOffset(ZoneOffset.UTC)))
                .orderBy(CONTENT_DELETION.DUE_AT)
                .limit(limit)
                .forUpdate()
                .skipLocked();
        return database.acrossWorkspaces("the work list of all workspaces' deletions")
                .update(CONTENT_DELETION)
                .set(CONTENT_DELETION.ATTEMPTS, CONTENT_DELETION.ATTEMPTS.plus(1))
                .set(CONTENT_DELETION.DUE_AT, now.plus(lease).atOffset(ZoneOffset.UTC))
                .where(DSL.row(CONTENT_DELETION.WORKSPACE_ID, CONTENT_DELETION.CONTENT_ID)
                        .in(due))
                .returningResult(
                        CONTENT_DELETION.WORKSPACE_ID,
                        CONTENT_DELETION.OBJECT_ID,
                        CONTENT_DELETION.CONTENT_ID,
                        CONTENT_DELETION.ATTEMPTS)
                .fetch(Records.mapping(Deletion::new));
    }

    /** The content is gone. */
    void done(long workspaceId, long contentId) {
        database.context()
                .deleteFrom(CONTENT_DELETION)
                .where(CONTENT_DELETION.WORKSPACE_ID.eq(workspaceId))
                .and(CONTENT_DELETION.CONTENT_ID.eq(contentId))
                .execute();
    }
}
