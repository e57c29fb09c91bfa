package io.campanile.clusters.node;

import static io.campanile.clusters.db.Tables.INSTANCE_POOL;
import static io.campanile.clusters.db.Tables.NODE;
import static java.util.Objects.requireNonNull;

import io.campanile.clusters.provider.NodeShape;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** All SQL of the nodes of instance pools. A pool and its nodes belong to one workspace, which every statement names. */
public final class PooledStore {
    private static final String READY = "READY";

    private final Database database;
    private final DSLContext db;

    PooledStore(Database database) {
        this.database = requireNonNull(database, "database");
        this.db = database.context();
    }

    /**
     * Writes the intent to have a node of a pool, counting under the pool's lock what it has: no two managers give the
     * last place. Empty when the pool is full, or gone.
     */
    public Optional<Node> request(NodeStore.Intent intent, String poolId, long now) {
        return database.inTransaction(tx -> {
            var pool = tx.select(INSTANCE_POOL.MAX_CAPACITY)
                    .from(INSTANCE_POOL)
                    .where(INSTANCE_POOL.WORKSPACE_ID.eq(intent.workspaceId()), INSTANCE_POOL.POOL_ID.eq(poolId))
                    .forUpdate()
                    .fetchOne();
            if (pool == null) {
                return Optional.empty();
            }
            Integer most = pool.value1();
            if (most != null && tx.fetchCount(NODE, there(intent.workspaceId(), poolId)) >= most) {
                return Optional.empty();
            }
            return Optional.of(NodeStore.insert(tx, intent, poolId, now));
        });
    }

    /** The nodes of a pool that are not gone, oldest first. */
    public List<Node> of(long workspaceId, String poolId) {
        return db.selectFrom(NODE)
                .where(there(workspaceId, poolId))
                .orderBy(NODE.REQUESTED_AT, NODE.NODE_ID)
                .fetch(NodeStore::node);
    }

    /** Who gets a node. */
    public record Taker(long workspaceId, String clusterId, long epoch) {}

    /**
     * Gives an idle node of a pool to a cluster of its workspace, a ready one first; empty when none has this shape. A node
     * is given once: it never comes back to the pool.
     */
    public Optional<Node> take(Taker taker, String poolId, NodeShape shape, long now) {
        var known = DSL.exists(DSL.selectOne()
                .from(INSTANCE_POOL)
                .where(INSTANCE_POOL.WORKSPACE_ID.eq(taker.workspaceId()), INSTANCE_POOL.POOL_ID.eq(poolId)));
        var free = DSL.select(NODE.NODE_ID)
                .from(NODE)
                .where(idle(taker.workspaceId(), poolId))
                .and(NODE.STATE.eq(NodeState.LAUNCHED.name()))
                .and(NODE.SHAPE.eq(Json.write(shape)))
                .and(NODE.MISSING_LOOKS.eq(0))
                .and(NODE.DRIVER_STATE.isNull().or(NODE.DRIVER_STATE.ne("FAILED")))
                .and(known)
                .orderBy(DSL.when(NODE.DRIVER_STATE.eq(READY), 0).otherwise(1), NODE.REQUESTED_AT, NODE.NODE_ID)
                .limit(1)
                .forUpdate()
                .skipLocked();
        return db.update(NODE)
                .set(NODE.CLUSTER_ID, taker.clusterId())
                .set(NODE.EPOCH, taker.epoch())
                .set(NODE.ASSIGNED_AT, now)
                .where(idle(taker.workspaceId(), poolId))
                .and(NODE.NODE_ID.eq(free))
                .returning()
                .fetchOptional(NodeStore::node);
    }

    /** Marks an idle node to be ended; false when a cluster has it by now, or it ends already. */
    public boolean end(Node node, String reason, boolean lost, long now) {
        return db.update(NODE)
                        .set(NODE.STATE, NodeState.STOPPING.name())
                        .set(NODE.STOP_REQUESTED_AT, now)
                        .set(NODE.STOP_REASON, NodeStore.head(reason))
                        .set(NODE.LOST, lost)
                        .where(NODE.WORKSPACE_ID.eq(node.workspaceId()), NODE.NODE_ID.eq(node.nodeId()))
                        .and(NODE.CLUSTER_ID.isNull())
                        .and(NODE.STATE.in(NodeState.REQUESTED.name(), NodeState.LAUNCHED.name()))
                        .execute()
                == 1;
    }

    /** How many nodes a pool has: of clusters and of none, ready and not. */
    public record Count(String poolId, int idle, int used, int pendingIdle, int pendingUsed) {}

    /** The nodes that these pools have. One that ends counts as what it was until it is gone. */
    public List<Count> counts(long workspaceId, Collection<String> poolIds) {
        Condition used = NODE.CLUSTER_ID.isNotNull();
        Condition ready = DSL.coalesce(NODE.DRIVER_STATE, "").eq(READY).or(NODE.STATE.eq(NodeState.STOPPING.name()));
        return db.select(
                        NODE.POOL_ID,
                        DSL.count().filterWhere(DSL.not(used), ready),
                        DSL.count().filterWhere(used, ready),
                        DSL.count().filterWhere(DSL.not(used), DSL.not(ready)),
                        DSL.count().filterWhere(used, DSL.not(ready)))
                .from(NODE)
                .where(NODE.WORKSPACE_ID.eq(workspaceId))
                .and(NODE.POOL_ID.eq(DSL.any(poolIds.toArray(String[]::new))))
                .and(NODE.STATE.ne(NodeState.GONE.name()))
                .groupBy(NODE.POOL_ID)
                .fetch(row -> new Count(row.value1(), row.value2(), row.value3(), row.value4(), row.value5()));
    }

    /** How many nodes of a workspace idle in pools. */
    public int parked(long workspaceId) {
        return db.fetchCount(
                NODE,
                NODE.WORKSPACE_ID.eq(workspaceId),
                NODE.POOL_ID.isNotNull(),
                NODE.CLUSTER_ID.isNull(),
                NODE.STATE.ne(NodeState.GONE.name()));
    }

    private static Condition there(long workspaceId, String poolId) {
        return NODE.WORKSPACE_ID.eq(workspaceId).and(NODE.POOL_ID.eq(poolId)).and(NODE.STATE.ne(NodeState.GONE.name()));
    }

    private static Condition idle(long workspaceId, String poolId) {
        return NODE.WORKSPACE_ID.eq(workspaceId).and(NODE.POOL_ID.eq(poolId)).and(NODE.CLUSTER_ID.isNull());
    }
}
