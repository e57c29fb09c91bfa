package io.campanile.clusters.node;

import io.campanile.node.protocol.ControlMessage.Usage;

/** Hears what nodes measure of themselves, each measurement perhaps several times. Must not block. */
@FunctionalInterface
public interface UsageListener {
    void measured(String nodeId, Usage usage);
}
