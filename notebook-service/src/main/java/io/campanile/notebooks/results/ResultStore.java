package io.campanile.notebooks.results;

import static io.campanile.notebooks.db.Tables.CELL_RUN;
import static io.campanile.notebooks.db.Tables.STORED_RESULT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** All SQL of stored results. Every statement names the workspace, but for the sweep of what is too old. */
public final class ResultStore {
    private final Database database;

    public ResultStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** False when the result is known already: the first upload stands. */
    boolean insert(StoredResult result) {
        return database.context()
                        .insertInto(STORED_RESULT)
                        .set(STORED_RESULT.WORKSPACE_ID, result.workspaceId())
                        .set(STORED_RESULT.RESULT_ID, result.resultId())
                        .set(STORED_RESULT.NOTEBOOK_ID, result.notebookId())
                        .set(STORED_RESULT.RUN_ID, result.runId())
                        .set(STORED_RESULT.COLUMNS, Json.write(result.columns()))
                        .set(STORED_RESULT.BATCHES, Json.write(result.batches()))
                        .set(STORED_RESULT.ROW_COUNT, result.rows())
                        .set(STORED_RESULT.BYTES, result.bytes())
                        .set(STORED_RESULT.TRUNCATED, result.truncated())
                        .set(STORED_RESULT.CREATED_AT, result.createdAt().atOffset(ZoneOffset.UTC))
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    Optional<StoredResult> find(long workspaceId, String resultId) {
        return database.context()
                .selectFrom(STORED_RESULT)
                .where(STORED_RESULT.WORKSPACE_ID.eq(workspaceId))
                .and(STORED_RESULT.RESULT_ID.eq(resultId))
                .fetchOptional(ResultStore::result);
    }

    /** Some results, of any workspace, whose run is no longer kept. */
    List<StoredResult> withoutRun(int most) {
        return database.acrossWorkspaces("results go everywhere when their runs are gone")
                .selectFrom(STORED_RESULT)
                .whereNotExists(DSL.selectOne()
                        .from(CELL_RUN)
                        .where(CELL_RUN.RUN_ID.eq(STORED_RESULT.RUN_ID))
                        .and(CELL_RUN.WORKSPACE_ID.eq(STORED_RESULT.WORKSPACE_ID)))
                .limit(most)
                .fetch(ResultStore::result);
    }

    void delete(long workspaceId, String resultId) {
        database.context()
                .deleteFrom(STORED_RESULT)
                .where(STORED_RESULT.WORKSPACE_ID.eq(workspaceId))
                .and(STORED_RESULT.RESULT_ID.eq(resultId))
                .execute();
    }

    private static StoredResult result(Record row) {
        return new StoredResult(
                row.get(STORED_RESULT.WORKSPACE_ID),
                row.get(STORED_RESULT.RESULT_ID),
                row.get(STORED_RESULT.NOTEBOOK_ID),
                row.get(STORED_RESULT.RUN_ID),
                List.of(Json.read(row.get(STORED_RESULT.COLUMNS), ResultColumn[].class)),
                List.of(Json.read(row.get(STORED_RESULT.BATCHES), Integer[].class)),
                row.get(STORED_RESULT.ROW_COUNT),
                row.get(STORED_RESULT.BYTES),
                row.get(STORED_RESULT.TRUNCATED),
                row.get(STORED_RESULT.CREATED_AT).toInstant());
    }
}
