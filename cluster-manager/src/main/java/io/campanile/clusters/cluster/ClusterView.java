package io.campanile.clusters.cluster;

import org.jspecify.annotations.Nullable;

/**
 * A cluster as other services and the page see it; times are milliseconds since the epoch.
 *
 * @param numWorkers it is to have now; {@code currentWorkers} serve
 */
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
        int currentWorkers,
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
                status.workers().target(),
                status.workers().current(),
                cluster.createdAt(),
                status.since(),
                cluster.spec().autoterminationMinutes(),
                cluster.isDefault(),
                status.termination());
    }
}
