package io.campanile.notebooks.runs;

import static io.campanile.notebooks.db.Tables.CELL_RUN;
import static io.campanile.notebooks.db.Tables.RUN_BATCH;
import static io.campanile.notebooks.runs.RunRows.ACTIVE;
import static io.campanile.notebooks.runs.RunRows.FIELDS;
import static io.campanile.notebooks.runs.RunRows.at;
import static io.campanile.notebooks.runs.RunRows.of;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of the queue of runs. Every statement names the workspace. */
final class RunStore {
    private final Database database;

    RunStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** What a node is told of a run: where and what. */
    record Work(String notebookPath, String code) {}

    /** A run that was given to a node, and what the node is told. */
    record Given(Run run, Work work) {}

    /** Outputs that came with an import. */
    record Imported(
            long revision,
            long version,
            boolean failed,
            @Nullable Long count,
            long outputs,
            long bytes) {}

    Database database() {
        return database;
    }

    /** Notebooks with something to do, of every workspace: the work list of the loop. */
    List<Lanes.Key> busyNotebooks() {
        return database.acrossWorkspaces("the work list of all workspaces' runs")
                .selectDistinct(CELL_RUN.WORKSPACE_ID, CELL_RUN.NOTEBOOK_ID)
                .from(CELL_RUN)
                .where(ACTIVE)
                .fetch(row -> new Lanes.Key(row.value1(), row.value2()));
    }

    /** The first run of the queue that has not ended. */
    Optional<Run> head(Lanes.Key key) {
        return database.context()
                .select(FIELDS)
                .from(CELL_RUN)
                .where(of(key))
                .and(ACTIVE)
                .orderBy(CELL_RUN.RUN_ID)
                .limit(1)
                .fetchOptional(RunRows::run);
    }

    Optional<Run> find(long workspaceId, long runId) {
        return database.context()
                .select(FIELDS)
                .from(CELL_RUN)
                .where(CELL_RUN.WORKSPACE_ID.eq(workspaceId))
                .and(CELL_RUN.RUN_ID.eq(runId))
                .fetchOptional(RunRows::run);
    }

    List<Run> findAll(long workspaceId, Collection<Long> runIds) {
        return database.context()
                .select(FIELDS)
                .from(CELL_RUN)
                .where(CELL_RUN.WORKSPACE_ID.eq(workspaceId))
                .and(CELL_RUN.RUN_ID.in(runIds))
                .fetch(RunRows::run);
    }

    /** The latest run of each cell and every run not ended, oldest first. */
    List<Run> shown(Lanes.Key key) {
        var latest = database.context()
                .select(DSL.max(CELL_RUN.RUN_ID))
                .from(CELL_RUN)
                .where(of(key))
                .groupBy(CELL_RUN.CELL_ID);
        return database.context()
                .select(FIELDS)
                .from(CELL_RUN)
                .where(of(key))
                .and(ACTIVE.or(CELL_RUN.RUN_ID.in(latest)))
                .orderBy(CELL_RUN.RUN_ID)
                .fetch(RunRows::run);
    }

    /** A run before {@code run} of the same batch, handed to a node, that did not end well. */
    Optional<Run> spoiler(Run run) {
        return database.context()
                .select(FIELDS)
                .from(CELL_RUN)
                .where(of(run.key()))
                .and(CELL_RUN.BATCH.eq(run.batch()))
                .and(CELL_RUN.RUN_ID.lt(run.runId()))
                .and(CELL_RUN.STATE
                        .in("error", "lost")
                        .or(CELL_RUN.STATE.eq("canceled").and(CELL_RUN.EPOCH.isNotNull()))
                        .or(CELL_RUN.EXIT_VALUE.isNotNull()))
                .orderBy(CELL_RUN.RUN_ID.desc())
                .limit(1)
                .fetchOptional(RunRows::run);
    }

    /** Ends what no node has seen: one run, the rest of a batch, or all of the notebook. */
    List<Run> cancelWaiting(Lanes.Key key, @Nullable Long runId, @Nullable String batch, String message, Instant now) {
        return cancelWaiting(database.context(), key, runId, batch, message, now);
    }

    List<Run> cancelWaiting(
            DSLContext tx, Lanes.Key key, @Nullable Long runId, @Nullable String batch, String message, Instant now) {
        return tx.update(CELL_RUN)
                .set(CELL_RUN.STATE, RunState.CANCELED.wire())
                .set(CELL_RUN.MESSAGE, message)
                .set(CELL_RUN.FINISHED_AT, at(now))
                .where(of(key))
                .and(ACTIVE)
                .and(CELL_RUN.EPOCH.isNull())
                .and(runId == null ? DSL.noCondition() : CELL_RUN.RUN_ID.eq(runId))
                .and(batch == null ? DSL.noCondition() : CELL_RUN.BATCH.eq(batch))
                .returningResult(FIELDS)
                .fetch(RunRows::run);
    }

    /** Records the wish to end what a node has; it is recorded before the node hears of it. */
    List<Run> askCancel(DSLContext tx, Lanes.Key key, @Nullable Long runId) {
        return tx.update(CELL_RUN)
                .set(CELL_RUN.CANCEL_ASKED, true)
                .where(of(key))
                .and(ACTIVE)
                .and(CELL_RUN.EPOCH.isNotNull())
                .and(runId == null ? DSL.noCondition() : CELL_RUN.RUN_ID.eq(runId))
                .returningResult(FIELDS)
                .fetch(RunRows::run);
    }

    /** Shows that a run waits for this cluster; empty when that is known or it no longer waits. */
    Optional<Run> starting(Run run, @Nullable String clusterId, boolean computeAsked) {
        return database.context()
                .update(CELL_RUN)
                .set(CELL_RUN.STATE, RunState.STARTING.wire())
                .set(CELL_RUN.CLUSTER_ID, clusterId)
                .set(CELL_RUN.COMPUTE_ASKED, computeAsked)
                .where(one(run))
                .and(CELL_RUN.STATE.in("queued", "starting"))
                .and(CELL_RUN.EPOCH.isNull())
                .and(CELL_RUN.STATE
                        .eq("queued")
                        .or(CELL_RUN.CLUSTER_ID.isDistinctFrom(clusterId))
                        .or(CELL_RUN.COMPUTE_ASKED.ne(computeAsked)))
                .returningResult(FIELDS)
                .fetchOptional(RunRows::run);
    }

    /** Gives a run to a node, once in its life. */
    Optional<Given> dispatch(DSLContext tx, Run run, String clusterId, String kernelId, long epoch) {
        List<SelectField<?>> fields = new ArrayList<>(FIELDS);
        fields.add(CELL_RUN.NOTEBOOK_PATH);
        fields.add(CELL_RUN.CODE);
        return tx.update(CELL_RUN)
                .set(CELL_RUN.STATE, RunState.STARTING.wire())
                .set(CELL_RUN.CLUSTER_ID, clusterId)
                .set(CELL_RUN.KERNEL_ID, kernelId)
                .set(CELL_RUN.EPOCH, epoch)
                .where(one(run))
                .and(CELL_RUN.STATE.in("queued", "starting"))
                .and(CELL_RUN.EPOCH.isNull())
                .returningResult(fields)
                .fetchOptional(row ->
                        new Given(RunRows.run(row), new Work(row.get(CELL_RUN.NOTEBOOK_PATH), row.get(CELL_RUN.CODE))));
    }

    /** Takes back a run that its node never began; empty when there is a record of it. */
    Optional<Run> withdraw(long workspaceId, long runId, String clusterId, long epoch) {
        return database.context()
                .update(CELL_RUN)
                .set(CELL_RUN.STATE, RunState.QUEUED.wire())
                .setNull(CELL_RUN.KERNEL_ID)
                .setNull(CELL_RUN.EPOCH)
                .where(CELL_RUN.WORKSPACE_ID.eq(workspaceId))
                .and(CELL_RUN.RUN_ID.eq(runId))
                .and(CELL_RUN.STATE.eq(RunState.STARTING.wire()))
                .and(CELL_RUN.LAST_SEQ.eq(0L))
                .and(CELL_RUN.CLUSTER_ID.eq(clusterId))
                .and(CELL_RUN.EPOCH.eq(epoch))
                .returningResult(FIELDS)
                .fetchOptional(RunRows::run);
    }

    /** Ends a run that has not ended; empty when somebody else was first. */
    Optional<Run> end(Run run, RunState state, String message, Instant now) {
        return database.context()
                .update(CELL_RUN)
                .set(CELL_RUN.STATE, state.wire())
                .set(CELL_RUN.MESSAGE, message)
                .set(CELL_RUN.FINISHED_AT, at(now))
                .where(one(run))
                .and(ACTIVE)
                .returningResult(FIELDS)
                .fetchOptional(RunRows::run);
    }

    /** A run that never happened here: it carries outputs that came with an import. */
    Run insertImported(DSLContext tx, Lanes.Key key, String cellId, Imported imported, Instant now) {
        return tx.insertInto(CELL_RUN)
                .set(CELL_RUN.WORKSPACE_ID, key.workspaceId())
                .set(CELL_RUN.NOTEBOOK_ID, key.notebookId())
                .set(CELL_RUN.NOTEBOOK_PATH, "")
                .set(CELL_RUN.CELL_ID, cellId)
                .set(CELL_RUN.BATCH, "import")
                .set(CELL_RUN.REVISION, imported.revision())
                .set(CELL_RUN.CELL_VERSION, imported.version())
                .set(CELL_RUN.CODE, "")
                .set(CELL_RUN.LANGUAGE, "")
                .set(CELL_RUN.STATE, (imported.failed() ? RunState.ERROR : RunState.OK).wire())
                .set(CELL_RUN.USER_ID, 0L)
                .set(CELL_RUN.USER_NAME, "")
                .set(CELL_RUN.QUEUED_AT, at(now))
                .set(CELL_RUN.EXECUTION_COUNT, imported.count())
                .set(CELL_RUN.LAST_SEQ, imported.outputs())
                .set(CELL_RUN.OUTPUT_BYTES, imported.bytes())
                .returningResult(FIELDS)
                .fetchSingle(RunRows::run);
    }

    /** A run of a session: pinned to one life of its cluster, after which it does not wait for another. */
    Run insertPinned(DSLContext tx, SessionRuns.Order order, Instant now) {
        return tx.insertInto(CELL_RUN)
                .set(CELL_RUN.WORKSPACE_ID, order.session().workspaceId())
                .set(CELL_RUN.NOTEBOOK_ID, order.session().key().notebookId())
                .set(CELL_RUN.NOTEBOOK_PATH, "")
                .set(CELL_RUN.CELL_ID, order.runKey())
                .set(CELL_RUN.BATCH, order.runKey())
                .set(CELL_RUN.REVISION, 0L)
                .set(CELL_RUN.CELL_VERSION, 0L)
                .set(CELL_RUN.CODE, order.code())
                .set(CELL_RUN.LANGUAGE, order.language())
                .set(CELL_RUN.STATE, RunState.QUEUED.wire())
                .set(CELL_RUN.USER_ID, order.person().userId())
                .set(CELL_RUN.USER_NAME, order.person().userName())
                .set(CELL_RUN.QUEUED_AT, at(now))
                .set(CELL_RUN.CLUSTER_ID, order.clusterId())
                .set(CELL_RUN.PINNED_EPOCH, order.epoch())
                .returningResult(FIELDS)
                .fetchSingle(RunRows::run);
    }

    /** The run of a session by the key it was asked for with. */
    Optional<Run> findByKey(Lanes.Key key, String runKey) {
        return database.context()
                .select(FIELDS)
                .from(CELL_RUN)
                .where(of(key))
                .and(CELL_RUN.CELL_ID.eq(runKey))
                .fetchOptional(RunRows::run);
    }

    Work work(Run run) {
        return database.context()
                .select(CELL_RUN.NOTEBOOK_PATH, CELL_RUN.CODE)
                .from(CELL_RUN)
                .where(one(run))
                .fetchSingle(row -> new Work(row.value1(), row.value2()));
    }

    /** Every trace of a notebook's runs goes; outputs go with their runs. */
    void deleteAll(Lanes.Key key) {
        database.transact(tx -> {
            tx.deleteFrom(CELL_RUN).where(of(key)).execute();
            tx.deleteFrom(RUN_BATCH)
                    .where(RUN_BATCH.WORKSPACE_ID.eq(key.workspaceId()))
                    .and(RUN_BATCH.NOTEBOOK_ID.eq(key.notebookId()))
                    .execute();
        });
    }

    private static Condition one(Run run) {
        return CELL_RUN.WORKSPACE_ID.eq(run.workspaceId()).and(CELL_RUN.RUN_ID.eq(run.runId()));
    }
}
