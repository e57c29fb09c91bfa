package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLOSED_WORKSPACE;
import static io.campanile.clusters.db.Tables.CLUSTER;
import static io.campanile.clusters.db.Tables.CLUSTER_EVENT;
import static io.campanile.clusters.db.Tables.DEPLOYMENT;

import io.campanile.clusters.db.tables.records.ClusterRecord;
import io.campanile.clusters.policy.PolicyStore;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.common.permissions.AclStore;
import io.campanile.common.permissions.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of clusters. Every statement names the workspace, but those that look for work in all of them. */
public final class ClusterStore {
    private final Database database;
    private final DSLContext db;
    private final DSLContext everywhere;
    private final AclStore grants;
    private volatile Runnable changed = () -> {};

    public ClusterStore(Database database) {
        this.database = database;
        this.db = database.context();
        this.everywhere = database.acrossWorkspaces("the reconciler and its readers work for all workspaces");
        this.grants = new AclStore(database);
    }

    /** {@code listener} is called after each committed change. */
    public void onChange(Runnable listener) {
        this.changed = listener;
    }

    /** Stores a new cluster; false when its token or its being a default cluster says it exists. */
    boolean insert(Change change, Caller caller) {
        boolean stored = database.inTransaction(tx -> {
            Cluster cluster = change.cluster();
            Map<Field<?>, Object> row = new java.util.HashMap<>(mutable(cluster));
            row.put(CLUSTER.CLUSTER_ID, cluster.clusterId());
            row.put(CLUSTER.WORKSPACE_ID, cluster.workspaceId());
            row.put(CLUSTER.OWNER_USER_ID, cluster.owner().userId());
            row.put(CLUSTER.OWNER_USER_NAME, cluster.owner().userName());
            row.put(CLUSTER.IS_DEFAULT, cluster.isDefault());
            row.put(CLUSTER.SOURCE, cluster.source());
            row.put(CLUSTER.CREATED_AT, cluster.createdAt());
            row.put(CLUSTER.CHANGE_SEQ, nextChange(tx));
            boolean inserted =
                    tx.insertInto(CLUSTER).set(row).onConflictDoNothing().execute() == 1;
            if (inserted) {
                requirePlace(tx, cluster);
                append(tx, change);
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
        boolean[] stored = new boolean[1];
        Optional<Cluster> after = database.inTransaction(tx -> {
            Optional<Cluster> before = tx.selectFrom(CLUSTER)
                    .where(CLUSTER.WORKSPACE_ID.eq(workspaceId), CLUSTER.CLUSTER_ID.eq(clusterId))
                    .forUpdate()
                    .fetchOptional(ClusterStore::cluster);
            Optional<Change> change = before.flatMap(decide);
            if (change.isEmpty()) {
                return before;
            }
            Map<Field<?>, Object> row =
                    new java.util.HashMap<>(mutable(change.get().cluster()));
            row.put(CLUSTER.CHANGE_SEQ, nextChange(tx));
            tx.update(CLUSTER)
                    .set(row)
                    .where(CLUSTER.WORKSPACE_ID.eq(workspaceId), CLUSTER.CLUSTER_ID.eq(clusterId))
                    .execute();
            append(tx, change.get());
            Cluster changed = change.get().cluster();
            if (active(changed) && !(active(before.get()) && byTheSamePolicy(before.get(), changed))) {
                requirePlace(tx, changed);
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
                .fetchOptional(ClusterStore::cluster);
    }

    /** It runs, or is to run: it takes one of the places that its policy gives its owner. */
    private static boolean active(Cluster cluster) {
        return cluster.desired() == Desired.RUNNING && cluster.deletedAt() == null;
    }

    private static boolean byTheSamePolicy(Cluster before, Cluster after) {
        return Objects.equals(before.spec().policyId(), after.spec().policyId());
    }

    /** Counts under the lock of the policy, so that the last place is given once. A policy that is gone has no limit. */
    private static void requirePlace(DSLContext tx, Cluster cluster) {
        String policyId = cluster.spec().policyId();
        if (policyId == null || !active(cluster)) {
            return;
        }
        PolicyStore.Limit limit =
                PolicyStore.lock(tx, cluster.workspaceId(), policyId).orElse(null);
        if (limit == null || limit.clusters() == null) {
            return;
        }
        int taken = tx.fetchCount(
                CLUSTER,
                CLUSTER.WORKSPACE_ID.eq(cluster.workspaceId()),
                CLUSTER.POLICY_ID.eq(policyId),
                CLUSTER.OWNER_USER_ID.eq(cluster.owner().userId()),
                CLUSTER.DESIRED.eq(Desired.RUNNING.name()),
                CLUSTER.DELETED_AT.isNull(),
                CLUSTER.CLUSTER_ID.ne(cluster.clusterId()));
        if (taken >= limit.clusters()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                    cluster.owner().userName() + " has " + taken + " active clusters by policy " + limit.name() + " ("
                            + policyId + "), whose max_clusters_per_user is " + limit.clusters()
                            + ": terminate one of them first");
        }
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
                .fetchOptional(ClusterStore::cluster);
    }

    Optional<Cluster> findByToken(long workspaceId, String token) {
        return db.selectFrom(CLUSTER)
                .where(CLUSTER.WORKSPACE_ID.eq(workspaceId), CLUSTER.IDEMPOTENCY_TOKEN.eq(token))
                .fetchOptional(ClusterStore::cluster);
    }

    /** A page of a workspace's clusters, the newest first. */
    List<Cluster> list(ClusterQuery query) {
        Condition wanted = CLUSTER.WORKSPACE_ID.eq(query.workspaceId()).and(CLUSTER.DELETED_AT.isNull());
        ClusterQuery.Viewer viewer = query.viewer();
        if (viewer != null) {
            wanted = wanted.and(CLUSTER.OWNER_USER_ID
                    .eq(viewer.userId())
                    .or(AclStore.reaches(
                            query.workspaceId(), ClusterTargets.COLLECTION, CLUSTER.CLUSTER_ID, viewer.principals())));
        }
        if (!query.states().isEmpty()) {
            wanted = wanted.and(CLUSTER.STATE.in(query.states()));
        }
        if (!query.sources().isEmpty()) {
            wanted = wanted.and(CLUSTER.SOURCE.in(query.sources()));
        }
        if (query.policyId() != null) {
            wanted = wanted.and(CLUSTER.POLICY_ID.eq(query.policyId()));
        }
        ClusterQuery.Position after = query.after();
        if (after != null) {
            wanted = wanted.and(DSL.row(CLUSTER.CREATED_AT, CLUSTER.CLUSTER_ID)
                    .lt(DSL.row(DSL.val(after.createdAt()), DSL.val(after.clusterId()))));
        }
        return db.selectFrom(CLUSTER)
                .where(wanted)
                .orderBy(CLUSTER.CREATED_AT.desc(), CLUSTER.CLUSTER_ID.desc())
                .limit(query.limit())
                .fetch(ClusterStore::cluster);
    }

    /** Every cluster of every workspace that is not at rest: the reconciler's work. */
    public List<Cluster> active() {
        return everywhere
                .selectFrom(CLUSTER)
                .where(CLUSTER.STATE
                        .notIn(ClusterState.TERMINATED.name(), ClusterState.ERROR.name())
                        .or(CLUSTER.DESIRED.eq(Desired.RUNNING.name())))
                .orderBy(CLUSTER.STATE_SINCE)
                .fetch(ClusterStore::cluster);
    }

    /** The clusters of one workspace that are not at rest, those deleted for good too. */
    List<Cluster> active(long workspaceId) {
        return db.selectFrom(CLUSTER)
                .where(CLUSTER.WORKSPACE_ID.eq(workspaceId))
                .and(CLUSTER.STATE
                        .notIn(ClusterState.TERMINATED.name(), ClusterState.ERROR.name())
                        .or(CLUSTER.DESIRED.eq(Desired.RUNNING.name())))
                .fetch(ClusterStore::cluster);
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
                .fetch(ClusterStore::cluster);
    }

    /** How often an event was written since {@code from}. */
    public int countEvents(long workspaceId, String clusterId, EventType type, long from) {
        return db.fetchCount(
                CLUSTER_EVENT,
                CLUSTER_EVENT.WORKSPACE_ID.eq(workspaceId),
                CLUSTER_EVENT.CLUSTER_ID.eq(clusterId),
                CLUSTER_EVENT.EVENT_TYPE.eq(type.name()),
                CLUSTER_EVENT.AT.ge(from));
    }

    /** A page of a cluster's events and how many there are in all. */
    EventPage events(long workspaceId, String clusterId, EventQuery query) {
        Condition wanted = CLUSTER_EVENT.WORKSPACE_ID.eq(workspaceId).and(CLUSTER_EVENT.CLUSTER_ID.eq(clusterId));
        if (query.startTime() != null) {
            wanted = wanted.and(CLUSTER_EVENT.AT.ge(query.startTime()));
        }
        if (query.endTime() != null) {
            wanted = wanted.and(CLUSTER_EVENT.AT.le(query.endTime()));
        }
        if (!query.types().isEmpty()) {
            wanted = wanted.and(CLUSTER_EVENT.EVENT_TYPE.in(query.types()));
        }
        List<ClusterEvent> events = db.select(CLUSTER_EVENT.EVENT_TYPE, CLUSTER_EVENT.AT, CLUSTER_EVENT.DETAILS)
                .from(CLUSTER_EVENT)
                .where(wanted)
                .orderBy(
                        query.ascending() ? CLUSTER_EVENT.AT.asc() : CLUSTER_EVENT.AT.desc(),
                        query.ascending() ? CLUSTER_EVENT.EVENT_ID.asc() : CLUSTER_EVENT.EVENT_ID.desc())
                .limit(query.limit())
                .offset(query.offset())
                .fetch(ClusterStore::event);
        return new EventPage(events, db.fetchCount(CLUSTER_EVENT, wanted));
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

    /** Events of one page and the number of all that match. */
    record EventPage(List<ClusterEvent> events, int total) {}

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

    private static void append(DSLContext tx, Change change) {
        for (ClusterEvent event : change.events()) {
            tx.insertInto(CLUSTER_EVENT)
                    .set(CLUSTER_EVENT.WORKSPACE_ID, change.cluster().workspaceId())
                    .set(CLUSTER_EVENT.CLUSTER_ID, change.cluster().clusterId())
                    .set(CLUSTER_EVENT.EVENT_TYPE, event.type().name())
                    .set(CLUSTER_EVENT.AT, event.timestamp())
                    .set(CLUSTER_EVENT.DETAILS, Json.write(event.details()))
                    .execute();
        }
    }

    private static Map<Field<?>, Object> mutable(Cluster cluster) {
        ClusterStatus status = cluster.status();
        @Nullable
        Object[] pairs = {
            CLUSTER.IDEMPOTENCY_TOKEN, cluster.idempotencyToken(),
            CLUSTER.SPEC, Json.write(cluster.spec()),
            CLUSTER.POLICY_ID, cluster.spec().policyId(),
            CLUSTER.DESIRED, cluster.desired().name(),
            CLUSTER.GENERATION, cluster.generation(),
            CLUSTER.OBSERVED_GENERATION, cluster.observedGeneration(),
            CLUSTER.STATE, status.state().name(),
            CLUSTER.STATE_MESSAGE, shortened(status.message()),
            CLUSTER.STATE_SINCE, status.since(),
            CLUSTER.EPOCH, status.epoch(),
            CLUSTER.START_ATTEMPTS, status.startAttempts(),
            CLUSTER.START_FAILED, status.startFailed(),
            CLUSTER.DRIVER_SILENT, status.driverSilent(),
            CLUSTER.DRIVER_NODE_ID, status.driverNodeId(),
            CLUSTER.RUNNING_SINCE, status.runningSince(),
            CLUSTER.RESTARTED_AT, status.restartedAt(),
            CLUSTER.TERMINATED_AT, status.terminatedAt(),
            CLUSTER.TERMINATION, status.termination() == null ? null : Json.write(status.termination()),
            CLUSTER.DELETED_AT, cluster.deletedAt()
        };
        Map<Field<?>, Object> row = new java.util.HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put((Field<?>) pairs[i], pairs[i + 1]);
        }
        return row;
    }

    private static String shortened(String message) {
        return message.length() <= 4000 ? message : message.substring(0, 4000);
    }

    private static ClusterEvent event(Record row) {
        @SuppressWarnings("unchecked")
        Map<String, Object> details = Json.read(row.get(CLUSTER_EVENT.DETAILS), Map.class);
        return new ClusterEvent(
                EventType.valueOf(row.get(CLUSTER_EVENT.EVENT_TYPE)), row.get(CLUSTER_EVENT.AT), details);
    }

    private static Cluster cluster(ClusterRecord row) {
        return new Cluster(
                row.getClusterId(),
                row.getWorkspaceId(),
                new Cluster.Owner(row.getOwnerUserId(), row.getOwnerUserName()),
                row.getIsDefault(),
                row.getSource(),
                row.getIdempotencyToken(),
                Json.read(row.getSpec(), ClusterSpec.class),
                Desired.valueOf(row.getDesired()),
                row.getGeneration(),
                row.getObservedGeneration(),
                new ClusterStatus(
                        ClusterState.valueOf(row.getState()),
                        row.getStateMessage(),
                        row.getStateSince(),
                        row.getEpoch(),
                        row.getStartAttempts(),
                        row.getStartFailed(),
                        row.getDriverSilent(),
                        row.getDriverNodeId(),
                        row.getRunningSince(),
                        row.getRestartedAt(),
                        row.getTerminatedAt(),
                        row.getTermination() == null ? null : Json.read(row.getTermination(), Termination.class)),
                row.getCreatedAt(),
                row.getDeletedAt());
    }
}
