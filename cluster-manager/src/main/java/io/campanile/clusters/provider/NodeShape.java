package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.TreeMap;

/** What a node must be to serve a cluster; a node of the warm pool fits when the shapes are equal. */
public record NodeShape(String nodeTypeId, int heapMb, String runtime, Map<String, String> sparkConf) {
    /** Beside the driver's heap: its other memory, the agent and one kernel. */
    private static final int OVERHEAD_MB = 768;

    public NodeShape {
        requireNonNull(nodeTypeId, "nodeTypeId");
        requireNonNull(runtime, "runtime");
        // Sorted, so that equal shapes have equal JSON.
        sparkConf = java.util.Collections.unmodifiableMap(new TreeMap<>(sparkConf));
    }

    /** The memory such a node takes once it works. */
    public int needMb() {
        return heapMb + OVERHEAD_MB;
    }
}
