package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLOSED_WORKSPACE;
import static io.campanile.clusters.db.Tables.CLUSTER;
import static io.campanile.clusters.db.Tables.DEPLOYMENT;

import io.campanile.clusters.cost.BudgetGateStore;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.permissions.AclStore;
import io.campanile.common.permissions.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of clusters. Every statement names the workspace, but those that look for work in all of them. */
public final class ClusterStore {
    private final Database database;
    private final DSLContext db;
    private final DSLContext everywhere;
    private final AclStore grants;
    private final EventStore events;
    private final ListStore lists;
    private final SingleUserStore singleUser;
    private volatile Runnable changed = () -> {};
    private volatile @Nullable BudgetGateStore budgets;
    private volatile AttachedStore attached = (tx, before, after) -> {};

    public ClusterStore(Database database) {
        this(database, null);
    }

    /** {@code singleUser}: why only the person who had the first cluster may have any; null: everybody may. */
    public ClusterStore(Database database, @Nullable String singleUser) {
        this.database = database;
        this.singleUser = new SingleUserStore(database, singleUser);
        this.db = database.context();
        this.everywhere = database.acrossWorkspaces("the reconciler and its readers work for all workspaces");
        this.grants = new AclStore(database);
        this.events = new EventStore(database);
        this.lists = new ListStore(database);
    }

    public EventStore events() {
        return events;
    }

    ListStore lists() {
        return lists;
    }

    /** {@code listener} is called after each committed change. */
    public void onChange(Runnable listener) {
        this.changed = listener;
    }

    /** From now on nothing starts or grows that the budgets of its workspace refuse. */
    public void governedBy(BudgetGateStore gate) {
        this.budgets = gate;
    }

    /** What hangs on clusters and is stored with them. */
    public void attach(AttachedStore listener) {
        this.attached = listener;
    }

    /** A cluster that was not deleted for good, which nobody changes until the end of the transaction. */
    public static Optional<Cluster> lock(DSLContext tx, long workspaceId, String clusterId) {
        return tx.selectFrom(CLUSTER)
                .where(
                        CLUSTER.WORKSPACE_ID.eq(workspaceId),
                        CLUSTER.CLUSTER_ID.eq(clusterId),
                        CLUSTER.DELETED_AT.isNull())
                .forUpdate()
                .fetchOptional(ClusterRowStore::cluster);
    }

    /** Stores a new cluster; false when its token or its being a default cluster says it exists. */
    boolean insert(Change change, Caller caller) {
        if (active(change.cluster()) && singleUser.refuses(change.cluster())) {
            throw singleUser.refusal();
        }
        boolean stored = database.inTransaction(tx -> {
            Cluster cluster = change.cluster();
            Map<Field<?>, Object> row = new java.util.HashMap<>(ClusterRowStore.mutable(cluster));
            row.put(CLUSTER.CLUSTER_ID, cluster.clusterId());
            row.put(CLUSTER.WORKSPACE_ID, cluster.workspaceId());
            row.put(CLUSTER.IS_DEFAULT, cluster.isDefault());
            row.put(CLUSTER.SOURCE, cluster.source());
            row.put(CLUSTER.CREATED_AT, cluster.createdAt());
            row.put(CLUSTER.CHANGE_SEQ, nextChange(tx));
            boolean inserted =
                    tx.insertInto(CLUSTER).set(row).onConflictDoNothing().execute() == 1;
            if (inserted) {
                PolicyPlaceStore.require(tx, cluster);
                BudgetPlaceStore.require(tx, budgets, null, cluster, true);
                EventStore.append(tx, change);
                attached.stored(tx, null, cluster);
                record(tx, caller, cluster);
            }
            return inserted;
        });
        if (stored) {
            changed.run();
        }
        return stored;
    }

    /**
     * Locks a cluster, lets {@code decide} say what becomes of it, and stores that with its events. Answers the cluster
     * as it is afterwards; empty when there is none. {@code decide} answers empty for "nothing".
     */
    public Optional<Cluster> change(long workspaceId, String clusterId, Function<Cluster, Optional<Change>> decide) {
        return change(workspaceId, clusterId, decide, null);
    }

    /** Like the other, for a caller whose doing goes to the audit log in the same transaction. */
    Optional<Cluster> change(
            long workspaceId, String clusterId, Function<Cluster, Optional<Change>> decide, @Nullable Caller caller) {
        return change(workspaceId, clusterId, decide, caller, tx -> {});
    }

    /** {@code beside}: what else is stored in the same transaction, if there is a change. */
    Optional<Cluster> change(
            long workspaceId,
            String clusterId,
            Function<Cluster, Optional<Change>> decide,
            @Nullable Caller caller,
            Consumer<DSLContext> beside) {
        boolean[] stored = new boolean[1];
        boolean refused = singleUser.limits()
                && find(workspaceId, clusterId).filter(singleUser::refuses).isPresent();
        Optional<Cluster> after = database.inTransaction(tx -> {
            Optional<Cluster> before = tx.selectFrom(CLUSTER)
                    .where(CLUSTER.WORKSPACE_ID.eq(workspaceId), CLUSTER.CLUSTER_ID.eq(clusterId))
                    .forUpdate()
                    .fetchOptional(ClusterRowStore::cluster);
            Optional<Change> change = before.flatMap(decide);
            if (change.isEmpty()) {
                return before;
            }
            Map<Field<?>, Object> row =
                    new java.util.HashMap<>(ClusterRowStore.mutable(change.get().cluster()));
            row.put(CLUSTER.CHANGE_SEQ, nextChange(tx));
            BudgetPlaceStore.settle(tx, budgets, before.get(), change.get().cluster());
            tx.update(CLUSTER)
                    .set(row)
                    .where(CLUSTER.WORKSPACE_ID.eq(workspaceId), CLUSTER.CLUSTER_ID.eq(clusterId))
                    .execute();
            EventStore.append(tx, change.get());
            beside.accept(tx);
            Cluster changed = change.get().cluster();
            if (refused && active(changed) && !active(before.get())) {
                throw singleUser.refusal();
            }
            BudgetPlaceStore.require(tx, budgets, before.get(), changed, caller != null);
            if (active(changed) && !(active(before.get()) && byTheSamePolicy(before.get(), changed))) {
                PolicyPlaceStore.require(tx, changed);
            }
            attached.stored(tx, before.get(), changed);
            if (changed.pin() != null && before.get().pin() == null) {
                PinStore.requirePlace(tx, changed);
            }
            if (caller != null) {
                record(tx, caller, changed);
            }
            if (changed.deletedAt() != null) {
                AclStore.forget(tx, workspaceId, ref(clusterId));
            }
            stored[0] = true;
            return Optional.of(change.get().cluster());
        });
        if (stored[0]) {
            changed.run();
        }
        return after;
    }

    /** A cluster that was not deleted for good. */
    public Optional<Cluster> find(long workspaceId, String clusterId) {
        return db.selectFrom(CLUSTER)
                .where(
                        CLUSTER.WORKSPACE_ID.eq(workspaceId),
                        CLUSTER.CLUSTER_ID.eq(clusterId),
                        CLUSTER.DELETED_AT.isNull())
                .fetchOptional(ClusterRowStore::cluster);
    }

    /** It runs, or is to run: it takes one of the places that its policy gives its owner. */
    static boolean active(Cluster cluster) {
        return cluster.desired() == Desired.RUNNING && cluster.deletedAt() == null;
    }

    private static boolean byTheSamePolicy(Cluster before, Cluster after) {
        return Objects.equals(before.spec().policyId(), after.spec().policyId());
    }

    /** The highest level the caller was given on a cluster. */
    ClusterPermission given(Caller caller, String clusterId) {
        return grants.of(caller.workspaceId(), List.of(ref(clusterId))).stream()
                .filter(grant -> grant.reaches(caller))
                .map(grant -> ClusterPermission.valueOf(grant.level()))
                .reduce(ClusterPermission.NONE, (one, other) -> one.includes(other) ? one : other);
    }

    private static void record(DSLContext tx, Caller caller, Cluster cluster) {
        Map<String, Object> facts = new java.util.HashMap<>();
        facts.put("cluster_name", cluster.spec().clusterName());
        facts.put("state", cluster.state().name());
        facts.put("owner_user_id", cluster.owner().userId());
        String policyId = cluster.spec().policyId();
        if (policyId != null) {
            facts.put("policy_id", policyId);
        }
        Audit.record(tx, caller, "cluster/" + cluster.clusterId(), facts);
    }

    private static ObjectRef ref(String clusterId) {
        return new ObjectRef(ClusterTargets.COLLECTION, clusterId);
    }

    Optional<Cluster> findDefault(long workspaceId, long userId) {
        return db.selectFrom(CLUSTER)
                .where(
                        CLUSTER.WORKSPACE_ID.eq(workspaceId),
                        CLUSTER.OWNER_USER_ID.eq(userId),
                        CLUSTER.IS_DEFAULT.isTrue(),
                        CLUSTER.DELETED_AT.isNull())
                .fetchOptional(ClusterRowStore::cluster);
    }

    Optional<Cluster> findByToken(long workspaceId, String token) {
        return db.selectFrom(CLUSTER)
                .where(CLUSTER.WORKSPACE_ID.eq(workspaceId), CLUSTER.IDEMPOTENCY_TOKEN.eq(token))
                .fetchOptional(ClusterRowStore::cluster);
    }

    /** Every cluster of every workspace that is not at rest: the reconciler's work. */
    public List<Cluster> active() {
        return everywhere
                .selectFrom(CLUSTER)
                .where(CLUSTER.STATE
                        .notIn(ClusterState.TERMINATED.name(), ClusterState.ERROR.name())
                        .or(CLUSTER.DESIRED.eq(Desired.RUNNING.name())))
                .orderBy(CLUSTER.STATE_SINCE)
                .fetch(ClusterRowStore::cluster);
    }

    /** The clusters of one workspace that are not at rest, those deleted for good too. */
    List<Cluster> active(long workspaceId) {
        return db.selectFrom(CLUSTER)
                .where(CLUSTER.WORKSPACE_ID.eq(workspaceId))
                .and(CLUSTER.STATE
                        .notIn(ClusterState.TERMINATED.name(), ClusterState.ERROR.name())
                        .or(CLUSTER.DESIRED.eq(Desired.RUNNING.name())))
                .fetch(ClusterRowStore::cluster);
    }

    void closeWorkspace(long workspaceId, long now) {
        db.insertInto(CLOSED_WORKSPACE)
                .set(CLOSED_WORKSPACE.WORKSPACE_ID, workspaceId)
                .set(CLOSED_WORKSPACE.CLOSED_AT, now)
                .onConflictDoNothing()
                .execute();
    }

    boolean closed(long workspaceId) {
        return db.fetchExists(CLOSED_WORKSPACE, CLOSED_WORKSPACE.WORKSPACE_ID.eq(workspaceId));
    }

    /** How many changes there were so far; read before {@link #changedSince}. */
    long changes() {
        return db.select(DEPLOYMENT.CHANGE_SEQ)
                .from(DEPLOYMENT)
                .fetchOptional(DEPLOYMENT.CHANGE_SEQ)
                .orElse(0L);
    }

    /** The clusters of all workspaces changed after {@code since}; 0: every one that is not terminated. */
    List<Cluster> changedSince(long since) {
        Condition wanted = since == 0
                ? CLUSTER.STATE.ne(ClusterState.TERMINATED.name()).and(CLUSTER.DELETED_AT.isNull())
                : CLUSTER.CHANGE_SEQ.gt(since);
        return everywhere
                .selectFrom(CLUSTER)
                .where(wanted)
                .orderBy(CLUSTER.CHANGE_SEQ)
                .fetch(ClusterRowStore::cluster);
    }

    /** Runs {@code work} while no other reconciler works on the cluster; skips it when one does. */
    public void exclusively(long workspaceId, String clusterId, Runnable work) {
        database.lock(tx -> {
            boolean locked = Boolean.TRUE.equals(tx.select(DSL.field(
                            "pg_try_advisory_xact_lock({0}, {1})",
                            Boolean.class, DSL.val(Long.hashCode(workspaceId)), DSL.val(clusterId.hashCode())))
                    .fetchSingle()
                    .value1());
            if (locked) {
                work.run();
            }
        });
    }

    /**
     * One counter row, so that numbers are committed in their order: a reader who has seen n has seen everything
     * before n.
     */
    private static long nextChange(DSLContext tx) {
        return tx.update(DEPLOYMENT)
                .set(DEPLOYMENT.CHANGE_SEQ, DEPLOYMENT.CHANGE_SEQ.plus(1))
                .returning(DEPLOYMENT.CHANGE_SEQ)
                .fetchSingle()
                .getChangeSeq();
    }
}
