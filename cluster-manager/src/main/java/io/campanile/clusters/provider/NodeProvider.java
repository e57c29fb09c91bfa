package io.campanile.clusters.provider;

import java.util.List;

/** Creates, finds and ends nodes. It keeps nothing in memory: what it knows, it reads from the world each time. */
public interface NodeProvider {
    /**
     * Starts a node, or finds it started; returns its agent as soon as it exists. {@link ProviderException} when it does
     * not.
     */
    ProviderNode create(NodeRequest request);

    /**
     * Gives a node that was created for nobody its owner: it sees the owner's files from now on, and no way to others'.
     * Nothing happens where that is done. {@link ProviderException} when it cannot be: the node is of no use then.
     */
    void open(String nodeId, NodeOwner owner);

    /** Everything that exists now. {@link ProviderException} when that cannot be told: an empty list means none. */
    List<ProviderNode> list();

    /** Asks what is left of a node to end ({@code force}: makes it end). Whether it did, {@link #list} tells. */
    void terminate(ProviderNode node, boolean force);

    /** The node is gone for good: drops what would only serve to find or admit it. */
    void forget(String nodeId);
}
