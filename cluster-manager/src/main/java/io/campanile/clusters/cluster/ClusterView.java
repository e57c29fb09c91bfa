package io.campanile.clusters.cluster;

import org.jspecify.annotations.Nullable;

/** A cluster as other services and the page see it; times are milliseconds since the epoch. */
record ClusterView(
        String clusterId,
        long workspaceId,
        String clusterName,
        ClusterState state,
        String stateMessage,
        long ownerUserId,
        String ownerUserName,
        long epoch,
        String nodeTypeId,
        String sparkVersion,
        int numWorkers,
        long startTime,
        long stateSince,
        int autoterminationMinutes,
        boolean isDefault,
        @Nullable Termination terminationReason) {

    static ClusterView of(Cluster cluster) {
        ClusterStatus status = cluster.status();
        return new ClusterView(
                cluster.clusterId(),
                cluster.workspaceId(),
                cluster.spec().clusterName(),
                status.state(),
                status.message(),
                cluster.owner().userId(),
                cluster.owner().userName(),
                status.epoch(),
                cluster.spec().nodeTypeId(),
                cluster.spec().sparkVersion(),
                0,
                cluster.createdAt(),
                status.since(),
                cluster.spec().autoterminationMinutes(),
                cluster.isDefault(),
                status.termination());
    }
}
