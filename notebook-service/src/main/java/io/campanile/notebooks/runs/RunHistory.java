package io.campanile.notebooks.runs;

import static io.campanile.notebooks.db.Tables.CELL_RUN;
import static io.campanile.notebooks.db.Tables.RUN_BATCH;

import io.campanile.common.db.Database;
import java.time.Instant;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** How long runs are kept: the latest of each cell for ever, earlier ones for a time. Goes over every workspace. */
public final class RunHistory {
    private static final int AT_ONCE = 1_000;

    private final DSLContext everywhere;

    public RunHistory(Database database) {
        this.everywhere = database.acrossWorkspaces("what is kept how long is the same everywhere");
    }

    /** Forgets ended runs queued before then that a later run of their cell replaced; answers how many. */
    public int forget(Instant before) {
        int forgotten = 0;
        int some;
        do {
            some = forgetSome(before);
            forgotten += some;
        } while (some == AT_ONCE);
        everywhere
                .deleteFrom(RUN_BATCH)
                .where(RUN_BATCH.CREATED_AT.lt(RunRows.at(before)))
                .execute();
        return forgotten;
    }

    /** Few at a time: their outputs go with them, and nobody is to wait for that. */
    private int forgetSome(Instant before) {
        var later = CELL_RUN.as("later");
        return everywhere
                .deleteFrom(CELL_RUN)
                .where(CELL_RUN.RUN_ID.in(DSL.select(CELL_RUN.RUN_ID)
                        .from(CELL_RUN)
                        .where(CELL_RUN.QUEUED_AT.lt(RunRows.at(before)))
                        .and(CELL_RUN.STATE.notIn(RunState.ACTIVE))
                        .andExists(DSL.selectOne()
                                .from(later)
                                .where(later.WORKSPACE_ID.eq(CELL_RUN.WORKSPACE_ID))
                                .and(later.NOTEBOOK_ID.eq(CELL_RUN.NOTEBOOK_ID))
                                .and(later.CELL_ID.eq(CELL_RUN.CELL_ID))
                                .and(later.RUN_ID.gt(CELL_RUN.RUN_ID)))
                        .orderBy(CELL_RUN.QUEUED_AT)
                        .limit(AT_ONCE)))
                .execute();
    }
}
