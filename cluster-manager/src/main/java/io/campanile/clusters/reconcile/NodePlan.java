package io.campanile.clusters.reconcile;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.provider.NodeShape;
import io.campanile.common.auth.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node that is to be created, and for what.
 *
 * @param clusterId null for an idle node, of workspace 0 in the warm pool
 * @param executorId of a worker; null for a driver
 * @param clusterSecret of a cluster with workers
 * @param ownerUserId null for an idle node
 */
record NodePlan(
        long workspaceId,
        @Nullable String clusterId,
        long epoch,
        @Nullable Integer executorId,
        NodeShape shape,
        @Nullable Secret clusterSecret,
        Map<String, Secret> secrets,
        @Nullable Long ownerUserId) {
    static NodePlan pooled(NodeShape shape) {
        return new NodePlan(0, null, 0, null, shape, null, Map.of(), null);
    }

    /** An idle node of an instance pool: it knows its workspace and nobody of it. */
    static NodePlan parked(long workspaceId, NodeShape shape) {
        return new NodePlan(workspaceId, null, 0, null, shape, null, Map.of(), null);
    }

    static NodePlan driver(Cluster cluster, @Nullable Secret clusterSecret, Map<String, Secret> secrets) {
        return new NodePlan(
                cluster.workspaceId(),
                cluster.clusterId(),
                cluster.epoch(),
                null,
                cluster.spec().shape(),
                clusterSecret,
                secrets,
                cluster.owner().userId());
    }

    static NodePlan worker(Cluster cluster, int executorId, Secret clusterSecret, Map<String, Secret> secrets) {
        return new NodePlan(
                cluster.workspaceId(),
                cluster.clusterId(),
                cluster.epoch(),
                executorId,
                cluster.spec().workerShape(),
                clusterSecret,
                secrets,
                cluster.owner().userId());
    }
}
