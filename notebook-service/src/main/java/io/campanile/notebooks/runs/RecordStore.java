package io.campanile.notebooks.runs;

import static io.campanile.notebooks.db.Tables.CELL_OUTPUT;
import static io.campanile.notebooks.db.Tables.CELL_RUN;
import static io.campanile.notebooks.runs.RunRows.at;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The SQL that takes records in. Every statement names the workspace. */
final class RecordStore {
    private static final int ROWS_A_STATEMENT = 500;
    /** A statement is in memory several times: as rows, as text and as bytes on the wire. */
    private static final long BYTES_A_STATEMENT = 4L * 1024 * 1024;

    private final Database database;

    RecordStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** What a batch of records makes of a run. */
    record Advance(
            Run run,
            RunState state,
            long lastSeq,
            long bytes,
            @Nullable Instant started,
            @Nullable Instant finished,
            @Nullable String message,
            @Nullable Long count,
            @Nullable String exitValue) {}

    <T> T inTransaction(Function<DSLContext, T> work) {
        return database.inTransaction(work);
    }

    /** The runs as they are now, held until the transaction ends: their state changes in one place at a time. */
    Map<Long, Run> lock(DSLContext tx, long workspaceId, Collection<Long> runIds) {
        return tx.select(RunRows.FIELDS)
                .from(CELL_RUN)
                .where(CELL_RUN.WORKSPACE_ID.eq(workspaceId))
                .and(CELL_RUN.RUN_ID.in(runIds))
                .orderBy(CELL_RUN.RUN_ID)
                .forUpdate()
                .fetchMap(CELL_RUN.RUN_ID, RunRows::run);
    }

    void insert(DSLContext tx, Run run, List<Output> outputs) {
        int from = 0;
        while (from < outputs.size()) {
            int to = from;
            long bytes = 0;
            while (to < outputs.size() && to - from < ROWS_A_STATEMENT && (to == from || bytes < BYTES_A_STATEMENT)) {
                bytes += outputs.get(to++).bytes();
            }
            insertSome(tx, run, outputs.subList(from, to));
            from = to;
        }
    }

    private static void insertSome(DSLContext tx, Run run, List<Output> outputs) {
        var insert = tx.insertInto(
                CELL_OUTPUT,
                CELL_OUTPUT.WORKSPACE_ID,
                CELL_OUTPUT.RUN_ID,
                CELL_OUTPUT.SEQ,
                CELL_OUTPUT.KIND,
                CELL_OUTPUT.AT,
                CELL_OUTPUT.DATA,
                CELL_OUTPUT.BYTES,
                CELL_OUTPUT.LINES);
        for (Output output : outputs) {
            insert = insert.values(
                    run.workspaceId(),
                    run.runId(),
                    output.seq(),
                    output.kind(),
                    at(Instant.ofEpochMilli(output.at())),
                    Json.write(output.data()),
                    output.bytes(),
                    output.lines());
        }
        insert.onConflictDoNothing().execute();
    }

    Run advance(DSLContext tx, Advance advance) {
        Run run = advance.run();
        return tx.update(CELL_RUN)
                .set(CELL_RUN.STATE, advance.state().wire())
                .set(CELL_RUN.LAST_SEQ, advance.lastSeq())
                .set(CELL_RUN.OUTPUT_BYTES, run.outputBytes() + advance.bytes())
                .set(CELL_RUN.STARTED_AT, advance.started() == null ? null : at(advance.started()))
                .set(CELL_RUN.FINISHED_AT, advance.finished() == null ? null : at(advance.finished()))
                .set(CELL_RUN.MESSAGE, advance.message())
                .set(CELL_RUN.EXECUTION_COUNT, advance.count())
                .set(CELL_RUN.EXIT_VALUE, advance.exitValue())
                .where(CELL_RUN.WORKSPACE_ID.eq(run.workspaceId()))
                .and(CELL_RUN.RUN_ID.eq(run.runId()))
                .returningResult(RunRows.FIELDS)
                .fetchSingle(RunRows::run);
    }
}
