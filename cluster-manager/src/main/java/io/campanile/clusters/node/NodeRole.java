package io.campanile.clusters.node;

/** What a node is there for. */
public enum NodeRole {
    DRIVER,
    WORKER
}
