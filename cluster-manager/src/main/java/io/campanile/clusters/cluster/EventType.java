package io.campanile.clusters.cluster;

/** The events of a cluster, by their names on the public wire. */
public enum EventType {
    CREATING,
    STARTING,
    RUNNING,
    RESTARTING,
    RESIZING,
    UPSIZE_COMPLETED,
    ADD_NODES_FAILED,
    AUTOSCALING_STATS_REPORT,
    TERMINATING,
    EDITED,
    DRIVER_NOT_RESPONDING,
    DRIVER_HEALTHY,
    DRIVER_UNAVAILABLE,
    NODES_LOST,
    PINNED,
    UNPINNED,
    /** Ours: clients that do not know it pass over it. */
    BUDGET_NOTICE
}
