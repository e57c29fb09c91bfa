package io.campanile.clusters.node;

import io.campanile.node.protocol.ControlMessage;

/** The way to the nodes that are connected now. */
public interface NodeLinks {
    /** Hands a frame to the node's connection; false when it has none (what it missed, it learns at its hello). */
    boolean send(String nodeId, ControlMessage message);

    boolean connected(String nodeId);
}
