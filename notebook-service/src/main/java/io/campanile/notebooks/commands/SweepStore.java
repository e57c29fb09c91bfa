package io.campanile.notebooks.commands;

import static io.campanile.notebooks.commands.ContextStore.at;
import static io.campanile.notebooks.db.Tables.CELL_RUN;
import static io.campanile.notebooks.db.Tables.COMMAND_CONTEXT;

import io.campanile.common.db.Database;
import java.time.Instant;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** The work lists of the sweep of contexts, of every workspace. */
final class SweepStore {
    private static final List<String> UNFINISHED = List.of("queued", "starting", "running");

    private final DSLContext everywhere;

    SweepStore(Database database) {
        this.everywhere = database.acrossWorkspaces("contexts end and go by age alike everywhere");
    }

    /** Open contexts that nobody asked anything of since then, and in which nothing runs or has run since. */
    List<CommandContext> idle(Instant before, int most) {
        Condition busy = CELL_RUN.STATE.in(UNFINISHED).or(CELL_RUN.FINISHED_AT.ge(at(before)));
        return everywhere
                .select(ContextStore.FIELDS)
                .from(COMMAND_CONTEXT)
                .where(COMMAND_CONTEXT.USED_AT.lt(at(before)))
                .and(COMMAND_CONTEXT.ENDED_AT.isNull())
                .andNotExists(DSL.selectOne()
                        .from(CELL_RUN)
                        .where(CELL_RUN.WORKSPACE_ID.eq(COMMAND_CONTEXT.WORKSPACE_ID))
                        .and(CELL_RUN.NOTEBOOK_ID.eq(COMMAND_CONTEXT.CONTEXT_NO.neg()))
                        .and(busy))
                .orderBy(COMMAND_CONTEXT.USED_AT)
                .limit(most)
                .fetch(ContextStore::context);
    }

    /** Contexts that ended before then are for nobody there any more. */
    void retire(Instant before) {
        everywhere
                .update(COMMAND_CONTEXT)
                .set(COMMAND_CONTEXT.STATE, ContextState.DESTROYED.stored())
                .where(COMMAND_CONTEXT.ENDED_AT.lt(at(before)))
                .and(COMMAND_CONTEXT.STATE.eq(ContextState.ERROR.stored()))
                .execute();
    }

    /** Contexts to be forgotten. */
    List<CommandContext> destroyed(int most) {
        return everywhere
                .select(ContextStore.FIELDS)
                .from(COMMAND_CONTEXT)
                .where(COMMAND_CONTEXT.ENDED_AT.isNotNull())
                .and(COMMAND_CONTEXT.STATE.eq(ContextState.DESTROYED.stored()))
                .orderBy(COMMAND_CONTEXT.ENDED_AT)
                .limit(most)
                .fetch(ContextStore::context);
    }

    /** Forgets commands of whichever context that ended before then; their results go with them. */
    int forgetCommands(Instant before, int most) {
        return everywhere
                .deleteFrom(CELL_RUN)
                .where(CELL_RUN.RUN_ID.in(DSL.select(CELL_RUN.RUN_ID)
                        .from(CELL_RUN)
                        .where(CELL_RUN.QUEUED_AT.lt(at(before)))
                        .and(CELL_RUN.PINNED_EPOCH.isNotNull())
                        .and(CELL_RUN.STATE.notIn(UNFINISHED))
                        .and(CELL_RUN.FINISHED_AT.lt(at(before)))
                        .orderBy(CELL_RUN.QUEUED_AT)
                        .limit(most)))
                .execute();
    }
}
