package io.campanile.notebooks.runs;

import static io.campanile.notebooks.db.Tables.CELL_RUN;
import static io.campanile.notebooks.db.Tables.RUN_BATCH;
import static io.campanile.notebooks.runs.RunRows.ACTIVE;
import static io.campanile.notebooks.runs.RunRows.FIELDS;
import static io.campanile.notebooks.runs.RunRows.at;
import static io.campanile.notebooks.runs.RunRows.of;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** All SQL of asking for runs: a request is recorded once, with its runs, in one transaction. Every statement names the workspace. */
final class BatchStore {
    /** Keeps this lock apart from other uses of a notebook's number as an advisory lock. */
    private static final int QUEUE_LOCK = 0x52_55_4e;

    /** A cell to run, as the document had it. */
    record Wanted(String cellId, long version, String language, String code) {}

    /** Who asks for which notebook, and how often nothing more may wait. */
    record Order(Lanes.Key key, String notebookPath, long revision, String requestId, long userId, String userName) {}

    /** How many runs wait. */
    record Waiting(int ofNotebook, int ofUser) {}

    /** One writer of a notebook's queue at a time, so that run ids are in the order of the commits. */
    void lockQueue(DSLContext tx, Lanes.Key key) {
        int folded = Long.hashCode(key.workspaceId() * 31 + key.notebookId());
        tx.execute("select pg_advisory_xact_lock({0}, {1})", DSL.val(QUEUE_LOCK), DSL.val(folded));
    }

    /** False when this request was recorded before. */
    boolean insertBatch(DSLContext tx, Order order, Instant now) {
        return tx.insertInto(RUN_BATCH)
                        .set(RUN_BATCH.WORKSPACE_ID, order.key().workspaceId())
                        .set(RUN_BATCH.NOTEBOOK_ID, order.key().notebookId())
                        .set(RUN_BATCH.REQUEST_ID, order.requestId())
                        .set(RUN_BATCH.USER_ID, order.userId())
                        .set(RUN_BATCH.CREATED_AT, at(now))
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** The runs of these cells, in their order. */
    List<Run> insertRuns(DSLContext tx, Order order, List<Wanted> cells, Instant now) {
        var insert = tx.insertInto(
                CELL_RUN,
                CELL_RUN.WORKSPACE_ID,
                CELL_RUN.NOTEBOOK_ID,
                CELL_RUN.NOTEBOOK_PATH,
                CELL_RUN.CELL_ID,
                CELL_RUN.BATCH,
                CELL_RUN.REVISION,
                CELL_RUN.CELL_VERSION,
                CELL_RUN.CODE,
                CELL_RUN.LANGUAGE,
                CELL_RUN.STATE,
                CELL_RUN.USER_ID,
                CELL_RUN.USER_NAME,
                CELL_RUN.QUEUED_AT);
        for (Wanted cell : cells) {
            insert = insert.values(
                    order.key().workspaceId(),
                    order.key().notebookId(),
                    order.notebookPath(),
                    cell.cellId(),
                    order.requestId(),
                    order.revision(),
                    cell.version(),
                    cell.code(),
                    cell.language(),
                    RunState.QUEUED.wire(),
                    order.userId(),
                    order.userName(),
                    at(now));
        }
        List<Run> inserted = new ArrayList<>(insert.returningResult(FIELDS).fetch(RunRows::run));
        inserted.sort(Comparator.comparingLong(Run::runId));
        return inserted;
    }

    List<Run> batch(DSLContext tx, Lanes.Key key, String batch) {
        return tx.select(FIELDS)
                .from(CELL_RUN)
                .where(of(key))
                .and(CELL_RUN.BATCH.eq(batch))
                .orderBy(CELL_RUN.RUN_ID)
                .fetch(RunRows::run);
    }

    Waiting waiting(DSLContext tx, Lanes.Key key, long userId) {
        return tx.select(
                        DSL.count().filterWhere(CELL_RUN.NOTEBOOK_ID.eq(key.notebookId())),
                        DSL.count().filterWhere(CELL_RUN.USER_ID.eq(userId)))
                .from(CELL_RUN)
                .where(CELL_RUN.WORKSPACE_ID.eq(key.workspaceId()))
                .and(CELL_RUN.NOTEBOOK_ID.eq(key.notebookId()).or(CELL_RUN.USER_ID.eq(userId)))
                .and(ACTIVE)
                .fetchSingle(row -> new Waiting(row.value1(), row.value2()));
    }
}
