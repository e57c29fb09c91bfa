package io.campanile.notebooks.runs;

import static io.campanile.notebooks.db.Tables.CELL_RUN;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jspecify.annotations.Nullable;

/** Rows of runs as every store of this feature reads them. */
final class RunRows {
    static final Condition ACTIVE = CELL_RUN.STATE.in(RunState.ACTIVE);
    /** The columns of {@link #run}. */
    static final List<SelectField<?>> FIELDS = List.of(
            CELL_RUN.WORKSPACE_ID,
            CELL_RUN.RUN_ID,
            CELL_RUN.NOTEBOOK_ID,
            CELL_RUN.CELL_ID,
            CELL_RUN.BATCH,
            CELL_RUN.REVISION,
            CELL_RUN.CELL_VERSION,
            CELL_RUN.LANGUAGE,
            CELL_RUN.STATE,
            CELL_RUN.USER_ID,
            CELL_RUN.USER_NAME,
            CELL_RUN.QUEUED_AT,
            CELL_RUN.STARTED_AT,
            CELL_RUN.FINISHED_AT,
            CELL_RUN.CLUSTER_ID,
            CELL_RUN.KERNEL_ID,
            CELL_RUN.EPOCH,
            CELL_RUN.PINNED_EPOCH,
            CELL_RUN.COMPUTE_ASKED,
            CELL_RUN.CANCEL_ASKED,
            CELL_RUN.EXECUTION_COUNT,
            CELL_RUN.MESSAGE,
            CELL_RUN.LAST_SEQ,
            CELL_RUN.OUTPUT_BYTES);

    private RunRows() {}

    static Condition of(Lanes.Key key) {
        return CELL_RUN.WORKSPACE_ID.eq(key.workspaceId()).and(CELL_RUN.NOTEBOOK_ID.eq(key.notebookId()));
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Run run(Record row) {
        return new Run(
                row.get(CELL_RUN.WORKSPACE_ID),
                row.get(CELL_RUN.RUN_ID),
                row.get(CELL_RUN.NOTEBOOK_ID),
                row.get(CELL_RUN.CELL_ID),
                row.get(CELL_RUN.BATCH),
                row.get(CELL_RUN.REVISION),
                row.get(CELL_RUN.CELL_VERSION),
                row.get(CELL_RUN.LANGUAGE),
                RunState.of(row.get(CELL_RUN.STATE)),
                row.get(CELL_RUN.USER_ID),
                row.get(CELL_RUN.USER_NAME),
                new Run.Times(
                        row.get(CELL_RUN.QUEUED_AT).toInstant(),
                        instant(row.get(CELL_RUN.STARTED_AT)),
                        instant(row.get(CELL_RUN.FINISHED_AT))),
                row.get(CELL_RUN.CLUSTER_ID),
                row.get(CELL_RUN.KERNEL_ID),
                row.get(CELL_RUN.EPOCH),
                row.get(CELL_RUN.PINNED_EPOCH),
                row.get(CELL_RUN.COMPUTE_ASKED),
                row.get(CELL_RUN.CANCEL_ASKED),
                row.get(CELL_RUN.EXECUTION_COUNT),
                row.get(CELL_RUN.MESSAGE),
                row.get(CELL_RUN.LAST_SEQ),
                row.get(CELL_RUN.OUTPUT_BYTES));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
