package io.campanile.clusters.node;

/** The life of a node row. */
public enum NodeState {
    /** Intended: the provider may or may not have been asked. */
    REQUESTED,
    /** The provider has it. */
    LAUNCHED,
    /** It must end. */
    STOPPING,
    /** The provider said that nothing of it exists. */
    GONE
}
