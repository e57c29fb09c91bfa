package io.campanile.notebooks.commands;

import static io.campanile.notebooks.db.Tables.COMMAND_CONTEXT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.impl.DSL;

/** All SQL of contexts. Every statement names the workspace, but for the work lists of the sweep. */
final class ContextStore {
    /** Keeps this lock apart from other advisory locks of the service. */
    private static final int CLUSTER_LOCK = 0x43_4d_44;

    private static final List<String> OPEN = List.of("pending", "running");
    private static final Condition IS_OPEN = COMMAND_CONTEXT.STATE.in(OPEN);
    static final List<SelectField<?>> FIELDS = List.of(
            COMMAND_CONTEXT.WORKSPACE_ID,
            COMMAND_CONTEXT.CONTEXT_NO,
            COMMAND_CONTEXT.CONTEXT_ID,
            COMMAND_CONTEXT.CLUSTER_ID,
            COMMAND_CONTEXT.EPOCH,
            COMMAND_CONTEXT.LANGUAGE,
            COMMAND_CONTEXT.STATE,
            COMMAND_CONTEXT.MESSAGE,
            COMMAND_CONTEXT.USER_ID,
            COMMAND_CONTEXT.HAS_KERNEL);

    private final Database database;

    ContextStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** A context to be made. */
    record Wanted(
            Caller person,
            String contextId,
            String clusterId,
            long epoch,
            CommandLanguage language,
            ContextState state) {}

    /** How many contexts are open: on a cluster, those of them with a kernel, of a person. */
    record Counts(int ofCluster, int kernels, int ofUser) {}

    Database database() {
        return database;
    }

    /** Contexts of a cluster are counted by one at a time. */
    void lockCluster(DSLContext tx, long workspaceId, String clusterId) {
        int folded = (workspaceId + " " + clusterId).hashCode();
        tx.execute("select pg_advisory_xact_lock({0}, {1})", DSL.val(CLUSTER_LOCK), DSL.val(folded));
    }

    Counts counts(DSLContext tx, long workspaceId, String clusterId, long userId) {
        Condition ofCluster = COMMAND_CONTEXT.CLUSTER_ID.eq(clusterId);
        return tx.select(
                        DSL.count().filterWhere(ofCluster),
                        DSL.count().filterWhere(ofCluster.and(COMMAND_CONTEXT.HAS_KERNEL)),
                        DSL.count().filterWhere(COMMAND_CONTEXT.USER_ID.eq(userId)))
                .from(COMMAND_CONTEXT)
                .where(COMMAND_CONTEXT.WORKSPACE_ID.eq(workspaceId))
                .and(IS_OPEN)
                .and(ofCluster.or(COMMAND_CONTEXT.USER_ID.eq(userId)))
                .fetchSingle(row -> new Counts(row.value1(), row.value2(), row.value3()));
    }

    void insert(DSLContext tx, Wanted wanted, Instant now) {
        tx.insertInto(COMMAND_CONTEXT)
                .set(COMMAND_CONTEXT.WORKSPACE_ID, wanted.person().workspaceId())
                .set(COMMAND_CONTEXT.CONTEXT_ID, wanted.contextId())
                .set(COMMAND_CONTEXT.CLUSTER_ID, wanted.clusterId())
                .set(COMMAND_CONTEXT.EPOCH, wanted.epoch())
                .set(COMMAND_CONTEXT.LANGUAGE, wanted.language().wire())
                .set(COMMAND_CONTEXT.STATE, wanted.state().stored())
                .set(COMMAND_CONTEXT.USER_ID, wanted.person().userId())
                .set(COMMAND_CONTEXT.USER_NAME, wanted.person().userName())
                .set(COMMAND_CONTEXT.CREATED_AT, at(now))
                .set(COMMAND_CONTEXT.USED_AT, at(now))
                .execute();
    }

    Optional<CommandContext> find(long workspaceId, String contextId) {
        return database.context()
                .select(FIELDS)
                .from(COMMAND_CONTEXT)
                .where(one(workspaceId, contextId))
                .fetchOptional(ContextStore::context);
    }

    /** As it is now, held until the transaction ends. */
    Optional<CommandContext> lock(DSLContext tx, CommandContext context) {
        return tx.select(FIELDS)
                .from(COMMAND_CONTEXT)
                .where(one(context.workspaceId(), context.contextId()))
                .forUpdate()
                .fetchOptional(ContextStore::context);
    }

    /** Something is run in it. */
    void used(DSLContext tx, CommandContext context, Instant now) {
        tx.update(COMMAND_CONTEXT)
                .set(COMMAND_CONTEXT.USED_AT, at(now))
                .set(COMMAND_CONTEXT.HAS_KERNEL, true)
                .where(one(context.workspaceId(), context.contextId()))
                .execute();
    }

    /** Its node is there. */
    void running(CommandContext context) {
        database.context()
                .update(COMMAND_CONTEXT)
                .set(COMMAND_CONTEXT.STATE, ContextState.RUNNING.stored())
                .where(one(context.workspaceId(), context.contextId()))
                .and(COMMAND_CONTEXT.STATE.eq(ContextState.PENDING.stored()))
                .execute();
    }

    /** The open contexts of lives of a cluster before {@code epoch}, and with {@code down} of that one too, are over. */
    void lose(long workspaceId, String clusterId, long epoch, boolean down, String message, Instant now) {
        Condition over = down ? COMMAND_CONTEXT.EPOCH.le(epoch) : COMMAND_CONTEXT.EPOCH.lt(epoch);
        database.context()
                .update(COMMAND_CONTEXT)
                .set(COMMAND_CONTEXT.STATE, ContextState.ERROR.stored())
                .set(COMMAND_CONTEXT.MESSAGE, message)
                .set(COMMAND_CONTEXT.ENDED_AT, at(now))
                .where(COMMAND_CONTEXT.WORKSPACE_ID.eq(workspaceId))
                .and(COMMAND_CONTEXT.CLUSTER_ID.eq(clusterId))
                .and(IS_OPEN)
                .and(over)
                .execute();
    }

    /** False when it was destroyed before. */
    boolean destroy(DSLContext tx, CommandContext context, Instant now) {
        return tx.update(COMMAND_CONTEXT)
                        .set(COMMAND_CONTEXT.STATE, ContextState.DESTROYED.stored())
                        .set(COMMAND_CONTEXT.ENDED_AT, DSL.coalesce(COMMAND_CONTEXT.ENDED_AT, DSL.val(at(now))))
                        .where(one(context.workspaceId(), context.contextId()))
                        .and(COMMAND_CONTEXT.STATE.ne(ContextState.DESTROYED.stored()))
                        .execute()
                == 1;
    }

    /** Ends an open context in which nothing was asked for since {@code before}; false when something was. */
    boolean expire(CommandContext context, Instant before, String message, Instant now) {
        return expire(
                database.context(),
                one(context.workspaceId(), context.contextId()).and(COMMAND_CONTEXT.USED_AT.lt(at(before))),
                message,
                now);
    }

    /** Makes room on a cluster: the oldest context that never ran anything and was not made just now goes. */
    boolean evict(DSLContext tx, long workspaceId, String clusterId, Instant before, String message, Instant now) {
        Optional<Long> oldest = tx.select(COMMAND_CONTEXT.CONTEXT_NO)
                .from(COMMAND_CONTEXT)
                .where(COMMAND_CONTEXT.WORKSPACE_ID.eq(workspaceId))
                .and(COMMAND_CONTEXT.CLUSTER_ID.eq(clusterId))
                .and(IS_OPEN)
                .and(DSL.not(COMMAND_CONTEXT.HAS_KERNEL))
                .and(COMMAND_CONTEXT.USED_AT.lt(at(before)))
                .orderBy(COMMAND_CONTEXT.USED_AT)
                .limit(1)
                .forUpdate()
                .skipLocked()
                .fetchOptional(COMMAND_CONTEXT.CONTEXT_NO);
        return oldest.isPresent()
                && expire(
                        tx,
                        COMMAND_CONTEXT.WORKSPACE_ID.eq(workspaceId).and(COMMAND_CONTEXT.CONTEXT_NO.eq(oldest.get())),
                        message,
                        now);
    }

    private static boolean expire(DSLContext tx, Condition which, String message, Instant now) {
        return tx.update(COMMAND_CONTEXT)
                        .set(COMMAND_CONTEXT.STATE, ContextState.ERROR.stored())
                        .set(COMMAND_CONTEXT.MESSAGE, message)
                        .set(COMMAND_CONTEXT.ENDED_AT, at(now))
                        .where(which)
                        .and(IS_OPEN)
                        .execute()
                == 1;
    }

    void delete(CommandContext context) {
        database.context()
                .deleteFrom(COMMAND_CONTEXT)
                .where(one(context.workspaceId(), context.contextId()))
                .execute();
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Condition one(long workspaceId, String contextId) {
        return COMMAND_CONTEXT.WORKSPACE_ID.eq(workspaceId).and(COMMAND_CONTEXT.CONTEXT_ID.eq(contextId));
    }

    static CommandContext context(Record row) {
        return new CommandContext(
                row.get(COMMAND_CONTEXT.WORKSPACE_ID),
                row.get(COMMAND_CONTEXT.CONTEXT_NO),
                row.get(COMMAND_CONTEXT.CONTEXT_ID),
                row.get(COMMAND_CONTEXT.CLUSTER_ID),
                row.get(COMMAND_CONTEXT.EPOCH),
                CommandLanguage.of(row.get(COMMAND_CONTEXT.LANGUAGE)),
                ContextState.of(row.get(COMMAND_CONTEXT.STATE)),
                row.get(COMMAND_CONTEXT.MESSAGE),
                row.get(COMMAND_CONTEXT.USER_ID),
                row.get(COMMAND_CONTEXT.HAS_KERNEL));
    }
}
