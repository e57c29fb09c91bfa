package io.campanile.notebooks.documents;

import static io.campanile.notebooks.db.Tables.NOTEBOOK_HISTORY;
import static io.campanile.notebooks.db.Tables.NOTEBOOK_RESTORE;

import io.campanile.notebooks.documents.HistoryEntry.Counts;
import io.campanile.notebooks.documents.HistoryEntry.Past;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Record4;
import org.jooq.Records;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Closed entries of the history, and the restores that were done. Every statement names the workspace. */
final class HistoryStore {
    /** The last revision that a closed entry speaks of. */
    long gathered(DSLContext tx, NotebookKey key) {
        return Optional.ofNullable(tx.select(DSL.max(NOTEBOOK_HISTORY.REVISION))
                        .from(NOTEBOOK_HISTORY)
                        .where(NOTEBOOK_HISTORY.WORKSPACE_ID.eq(key.workspaceId()))
                        .and(NOTEBOOK_HISTORY.NOTEBOOK_ID.eq(key.notebookId()))
                        .fetchSingle()
                        .value1())
                .orElse(0L);
    }

    /** Another that gathers at the same time writes the same rows. */
    void close(DSLContext tx, NotebookKey key, List<HistoryEntry> entries) {
        List<Query> queries = new ArrayList<>(entries.size());
        for (HistoryEntry entry : entries) {
            Counts counts = entry.counts();
            Past restored = entry.restored();
            queries.add(tx.insertInto(NOTEBOOK_HISTORY)
                    .set(NOTEBOOK_HISTORY.WORKSPACE_ID, key.workspaceId())
                    .set(NOTEBOOK_HISTORY.NOTEBOOK_ID, key.notebookId())
                    .set(NOTEBOOK_HISTORY.REVISION, entry.revision())
                    .set(NOTEBOOK_HISTORY.FIRST_REVISION, entry.firstRevision())
                    .set(NOTEBOOK_HISTORY.ACTOR, entry.actor())
                    .set(NOTEBOOK_HISTORY.SINCE, stored(entry.since()))
                    .set(NOTEBOOK_HISTORY.AT, stored(entry.at()))
                    .set(NOTEBOOK_HISTORY.ADDED, counts.added())
                    .set(NOTEBOOK_HISTORY.REMOVED, counts.removed())
                    .set(NOTEBOOK_HISTORY.EDITED, counts.edited())
                    .set(NOTEBOOK_HISTORY.MOVED, counts.moved())
                    .set(NOTEBOOK_HISTORY.SETTINGS, counts.settings())
                    .set(NOTEBOOK_HISTORY.REPLACED, counts.replaced())
                    .set(NOTEBOOK_HISTORY.LANGUAGE, counts.language())
                    .set(NOTEBOOK_HISTORY.RESTORED, restored == null ? null : Long.valueOf(restored.revision()))
                    .set(NOTEBOOK_HISTORY.RESTORED_AT, restored == null ? null : stored(restored.at()))
                    .onConflictDoNothing());
        }
        if (!queries.isEmpty()) {
            tx.batch(queries).execute();
        }
    }

    /** Closed entries before a revision, newest first. */
    List<HistoryEntry> before(DSLContext tx, NotebookKey key, long revision, int limit) {
        return tx.select(
                        NOTEBOOK_HISTORY.REVISION,
                        NOTEBOOK_HISTORY.FIRST_REVISION,
                        NOTEBOOK_HISTORY.ACTOR,
                        NOTEBOOK_HISTORY.SINCE,
                        NOTEBOOK_HISTORY.AT,
                        NOTEBOOK_HISTORY.ADDED,
                        NOTEBOOK_HISTORY.REMOVED,
                        NOTEBOOK_HISTORY.EDITED,
                        NOTEBOOK_HISTORY.MOVED,
                        NOTEBOOK_HISTORY.SETTINGS,
                        NOTEBOOK_HISTORY.REPLACED,
                        NOTEBOOK_HISTORY.LANGUAGE,
                        NOTEBOOK_HISTORY.RESTORED,
                        NOTEBOOK_HISTORY.RESTORED_AT)
                .from(NOTEBOOK_HISTORY)
                .where(NOTEBOOK_HISTORY.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK_HISTORY.NOTEBOOK_ID.eq(key.notebookId()))
                .and(NOTEBOOK_HISTORY.REVISION.lt(revision))
                .orderBy(NOTEBOOK_HISTORY.REVISION.desc())
                .limit(limit)
                .fetch(HistoryStore::entry);
    }

    /** Restores that made revisions after this one. */
    List<Restored> restoresAfter(DSLContext tx, NotebookKey key, long revision) {
        return restores(tx, key)
                .and(NOTEBOOK_RESTORE.AFTER_REV.gt(revision))
                .and(NOTEBOOK_RESTORE.AFTER_REV.gt(NOTEBOOK_RESTORE.BEFORE_REV))
                .fetch(Records.mapping(HistoryStore::restored));
    }

    /** What came of an earlier request of this number. */
    Optional<Restored> restore(DSLContext tx, NotebookKey key, String requestId) {
        return restores(tx, key)
                .and(NOTEBOOK_RESTORE.REQUEST_ID.eq(requestId))
                .fetchOptional(Records.mapping(HistoryStore::restored));
    }

    private static SelectConditionStep<Record4<Long, OffsetDateTime, Long, Long>> restores(
            DSLContext tx, NotebookKey key) {
        return tx.select(
                        NOTEBOOK_RESTORE.REVISION,
                        NOTEBOOK_RESTORE.REVISION_AT,
                        NOTEBOOK_RESTORE.BEFORE_REV,
                        NOTEBOOK_RESTORE.AFTER_REV)
                .from(NOTEBOOK_RESTORE)
                .where(NOTEBOOK_RESTORE.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK_RESTORE.NOTEBOOK_ID.eq(key.notebookId()));
    }

    void insert(DSLContext tx, NotebookKey key, String requestId, Restored restored) {
        tx.insertInto(NOTEBOOK_RESTORE)
                .set(NOTEBOOK_RESTORE.WORKSPACE_ID, key.workspaceId())
                .set(NOTEBOOK_RESTORE.NOTEBOOK_ID, key.notebookId())
                .set(NOTEBOOK_RESTORE.REQUEST_ID, requestId)
                .set(NOTEBOOK_RESTORE.REVISION, restored.revision())
                .set(NOTEBOOK_RESTORE.REVISION_AT, stored(restored.revisionAt()))
                .set(NOTEBOOK_RESTORE.BEFORE_REV, restored.before())
                .set(NOTEBOOK_RESTORE.AFTER_REV, restored.after())
                .execute();
    }

    private static Restored restored(long revision, OffsetDateTime at, long before, long after) {
        return new Restored(revision, at.toInstant(), before, after);
    }

    private static HistoryEntry entry(Record row) {
        @Nullable Long restored = row.get(NOTEBOOK_HISTORY.RESTORED);
        @Nullable OffsetDateTime restoredAt = row.get(NOTEBOOK_HISTORY.RESTORED_AT);
        return new HistoryEntry(
                row.get(NOTEBOOK_HISTORY.FIRST_REVISION),
                row.get(NOTEBOOK_HISTORY.REVISION),
                row.get(NOTEBOOK_HISTORY.ACTOR),
                row.get(NOTEBOOK_HISTORY.SINCE).toInstant(),
                row.get(NOTEBOOK_HISTORY.AT).toInstant(),
                new Counts(
                        row.get(NOTEBOOK_HISTORY.ADDED),
                        row.get(NOTEBOOK_HISTORY.REMOVED),
                        row.get(NOTEBOOK_HISTORY.EDITED),
                        row.get(NOTEBOOK_HISTORY.MOVED),
                        row.get(NOTEBOOK_HISTORY.SETTINGS),
                        row.get(NOTEBOOK_HISTORY.REPLACED),
                        row.get(NOTEBOOK_HISTORY.LANGUAGE)),
                restored == null || restoredAt == null ? null : new Past(restored, restoredAt.toInstant()));
    }

    private static OffsetDateTime stored(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
