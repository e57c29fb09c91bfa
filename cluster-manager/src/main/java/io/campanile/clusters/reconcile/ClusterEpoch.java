package io.campanile.clusters.reconcile;

import io.campanile.clusters.cluster.Cluster;

/** A cluster under one of its epochs: what is remembered of it, the next epoch does not need. */
record ClusterEpoch(String clusterId, long epoch) {
    static ClusterEpoch of(Cluster cluster) {
        return new ClusterEpoch(cluster.clusterId(), cluster.epoch());
    }
}
