package io.campanile.clusters.cluster;

/** The events of a cluster, by their names on the public wire. */
public enum EventType {
    CREATING,
    STARTING,
    RUNNING,
    RESTARTING,
    TERMINATING,
    EDITED,
    DRIVER_NOT_RESPONDING,
    DRIVER_HEALTHY,
    DRIVER_UNAVAILABLE,
    NODES_LOST,
    PINNED,
    UNPINNED
}
