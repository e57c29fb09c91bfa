package io.campanile.clusters.cluster;

/** The states of a cluster on the public wire. */
public enum ClusterState {
    PENDING,
    RUNNING,
    RESTARTING,
    RESIZING,
    TERMINATING,
    TERMINATED,
    ERROR;

    /** Its driver takes commands. */
    public boolean running() {
        return this == RUNNING || this == RESIZING;
    }

    /** Nothing of it runs and nothing is on its way. */
    public boolean stopped() {
        return this == TERMINATED || this == ERROR;
    }

    /** As Databricks writes it in messages: {@code Running}. */
    String inWords() {
        return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
    }
}
