package io.campanile.notebooks.runs;

import static io.campanile.notebooks.db.Tables.CELL_RUN;
import static io.campanile.notebooks.db.Tables.RUN_BATCH;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of the queue of runs. Every statement names the workspace. */
final class RunStore {
    /** Keeps this lock apart from other uses of a notebook's number as an advisory lock. */
    private static final int QUEUE_LOCK = 0x52_55_4e;

    private static final Condition ACTIVE = CELL_RUN.STATE.in(RunState.ACTIVE);
    private static final List<SelectField<?>> FIELDS = List.of(
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
            CELL_RUN.COMPUTE_ASKED,
            CELL_RUN.CANCEL_ASKED,
            CELL_RUN.EXECUTION_COUNT,
            CELL_RUN.MESSAGE,
            CELL_RUN.LAST_SEQ,
            CELL_RUN.OUTPUT_BYTES);

    private final Database database;

    RunStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** What a node is told of a run: where and what. */
    record Work(String notebookPath, String code) {}

    /** A cell to run, as the document had it. */
    record Wanted(String cellId, long version, String language, String code) {}

    /** Who asks for which notebook, and how often nothing more may wait. */
    record Order(Lanes.Key key, String notebookPath, long revision, String requestId, long userId, String userName) {}

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

    void insertRuns(DSLContext tx, Order order, List<Wanted> cells, Instant now) {
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
        insert.execute();
    }

    List<Run> batch(DSLContext tx, Lanes.Key key, String batch) {
        return tx.select(FIELDS)
                .from(CELL_RUN)
                .where(of(key))
                .and(CELL_RUN.BATCH.eq(batch))
                .orderBy(CELL_RUN.RUN_ID)
                .fetch(RunStore::run);
    }

    int waitingOfNotebook(DSLContext tx, Lanes.Key key) {
        return tx.fetchCount(CELL_RUN, of(key).and(ACTIVE));
    }

    int waitingOfUser(DSLContext tx, long workspaceId, long userId) {
        return tx.fetchCount(
                CELL_RUN,
                CELL_RUN.WORKSPACE_ID
                        .eq(workspaceId)
                        .and(CELL_RUN.USER_ID.eq(userId))
                        .and(ACTIVE));
    }

    /** Notebooks with something to do, of every workspace: the work list of the loop. */
    List<Lanes.Key> busyNotebooks() {
        return database.context()
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
                .fetchOptional(RunStore::run);
    }

    Optional<Run> find(long workspaceId, long runId) {
        return database.context()
                .select(FIELDS)
                .from(CELL_RUN)
                .where(CELL_RUN.WORKSPACE_ID.eq(workspaceId))
                .and(CELL_RUN.RUN_ID.eq(runId))
                .fetchOptional(RunStore::run);
    }

    List<Run> findAll(long workspaceId, Collection<Long> runIds) {
        return database.context()
                .select(FIELDS)
                .from(CELL_RUN)
                .where(CELL_RUN.WORKSPACE_ID.eq(workspaceId))
                .and(CELL_RUN.RUN_ID.in(runIds))
                .fetch(RunStore::run);
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
                .fetch(RunStore::run);
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
                .fetchOptional(RunStore::run);
    }

    /** Ends what no node has seen: one run, the rest of a batch, or all of the notebook. */
    List<Run> cancelWaiting(Lanes.Key key, @Nullable Long runId, @Nullable String batch, String message, Instant now) {
        return database.context()
                .update(CELL_RUN)
                .set(CELL_RUN.STATE, RunState.CANCELED.wire())
                .set(CELL_RUN.MESSAGE, message)
                .set(CELL_RUN.FINISHED_AT, at(now))
                .where(of(key))
                .and(ACTIVE)
                .and(CELL_RUN.EPOCH.isNull())
                .and(runId == null ? DSL.noCondition() : CELL_RUN.RUN_ID.eq(runId))
                .and(batch == null ? DSL.noCondition() : CELL_RUN.BATCH.eq(batch))
                .returningResult(FIELDS)
                .fetch(RunStore::run);
    }

    /** Records the wish to end what a node has; it is recorded before the node hears of it. */
    List<Run> askCancel(Lanes.Key key, @Nullable Long runId) {
        return database.context()
                .update(CELL_RUN)
                .set(CELL_RUN.CANCEL_ASKED, true)
                .where(of(key))
                .and(ACTIVE)
                .and(CELL_RUN.EPOCH.isNotNull())
                .and(runId == null ? DSL.noCondition() : CELL_RUN.RUN_ID.eq(runId))
                .returningResult(FIELDS)
                .fetch(RunStore::run);
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
                .fetchOptional(RunStore::run);
    }

    /** Gives a run to a node, once in its life. */
    Optional<Run> dispatch(DSLContext tx, Run run, String clusterId, String kernelId, long epoch) {
        return tx.update(CELL_RUN)
                .set(CELL_RUN.STATE, RunState.STARTING.wire())
                .set(CELL_RUN.CLUSTER_ID, clusterId)
                .set(CELL_RUN.KERNEL_ID, kernelId)
                .set(CELL_RUN.EPOCH, epoch)
                .where(one(run))
                .and(CELL_RUN.STATE.in("queued", "starting"))
                .and(CELL_RUN.EPOCH.isNull())
                .returningResult(FIELDS)
                .fetchOptional(RunStore::run);
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
                .fetchOptional(RunStore::run);
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
                .fetchSingle(RunStore::run);
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

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Condition of(Lanes.Key key) {
        return CELL_RUN.WORKSPACE_ID.eq(key.workspaceId()).and(CELL_RUN.NOTEBOOK_ID.eq(key.notebookId()));
    }

    private static Condition one(Run run) {
        return CELL_RUN.WORKSPACE_ID.eq(run.workspaceId()).and(CELL_RUN.RUN_ID.eq(run.runId()));
    }

    /** The columns of {@link #run}. */
    static List<SelectField<?>> fields() {
        return new ArrayList<>(FIELDS);
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
