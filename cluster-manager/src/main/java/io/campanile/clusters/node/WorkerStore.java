package io.campanile.clusters.node;

import static io.campanile.clusters.db.Tables.NODE;

import io.campanile.common.db.Database;
import io.campanile.node.protocol.ControlMessage.DriverState;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** What is asked of many worker nodes at once. */
public final class WorkerStore {
    private final DSLContext db;

    WorkerStore(Database database) {
        this.db = database.context();
    }

    /**
     * The workers a cluster has and had under one epoch.
     *
     * @param highestExecutorId of all of them; -1 when there was none
     * @param lost how many ran, and ended without being asked
     * @param recent those that are not gone or were told to end not long ago, the newest first
     */
    public record Past(int highestExecutorId, int lost, List<Node> recent) {
        public Past {
            recent = List.copyOf(recent);
        }
    }

    /** {@code endedSince}: those that were told to end before are counted only. */
    public Past past(long workspaceId, String clusterId, long epoch, long endedSince) {
        var mine = NODE.WORKSPACE_ID
                .eq(workspaceId)
                .and(NODE.CLUSTER_ID.eq(clusterId))
                .and(NODE.EPOCH.eq(epoch))
                .and(NODE.ROLE.eq(NodeRole.WORKER.name()));
        var sums = db.select(
                        DSL.coalesce(DSL.max(NODE.EXECUTOR_ID), -1),
                        DSL.count().filterWhere(NODE.LOST.isTrue(), NODE.PID.isNotNull()))
                .from(NODE)
                .where(mine)
                .fetchSingle();
        List<Node> recent = db.selectFrom(NODE)
                .where(mine)
                .and(NODE.STATE.ne(NodeState.GONE.name()).or(NODE.STOP_REQUESTED_AT.ge(endedSince)))
                .orderBy(NODE.REQUESTED_AT.desc(), NODE.NODE_ID)
                .fetch(NodeStore::node);
        return new Past(sums.value1(), sums.value2(), recent);
    }

    /** A worker whose executor serves; {@code startedAt} in milliseconds since the epoch. */
    public record Serving(String nodeId, String clusterId, long epoch, long startedAt) {}

    /** The workers of these clusters whose executors serve, oldest first. */
    public List<Serving> serving(long workspaceId, Collection<String> clusterIds) {
        return db.select(NODE.NODE_ID, NODE.CLUSTER_ID, NODE.EPOCH, NODE.READY_AT, NODE.REQUESTED_AT)
                .from(NODE)
                .where(
                        NODE.WORKSPACE_ID.eq(workspaceId),
                        NODE.CLUSTER_ID.eq(DSL.any(clusterIds.toArray(String[]::new))),
                        NODE.ROLE.eq(NodeRole.WORKER.name()),
                        NODE.STATE.in(NodeState.REQUESTED.name(), NodeState.LAUNCHED.name()),
                        NODE.DRIVER_STATE.eq(DriverState.READY.name()))
                .orderBy(NODE.REQUESTED_AT, NODE.NODE_ID)
                .fetch(row -> new Serving(
                        row.value1(),
                        row.value2(),
                        row.value3(),
                        Objects.requireNonNullElse(row.value4(), row.value5())));
    }
}
