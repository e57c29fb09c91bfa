package io.campanile.clusters.cluster;

/** What somebody wants of a cluster. */
public enum Desired {
    RUNNING,
    TERMINATED
}
