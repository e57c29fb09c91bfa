package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a node must be to serve a cluster; a node of the warm pool fits when the shapes are equal. */
public record NodeShape(
        String nodeTypeId,
        int heapMb,
        String runtime,
        Map<String, String> sparkConf,
        @Nullable Map<String, String> environment) {
    /** Beside the driver's heap: its other memory, the agent and one kernel. */
    private static final int OVERHEAD_MB = 768;

    public NodeShape {
        requireNonNull(nodeTypeId, "nodeTypeId");
        requireNonNull(runtime, "runtime");
        // Sorted, so that equal shapes have equal JSON.
        sparkConf = Collections.unmodifiableMap(new TreeMap<>(sparkConf));
        // Shapes that were stored before there was any have none.
        environment = Collections.unmodifiableMap(environment == null ? new TreeMap<>() : new TreeMap<>(environment));
    }

    /** What its driver and kernels find in their environment, where references stand for secrets. */
    Map<String, String> variables() {
        return environment == null ? Map.of() : environment;
    }

    /** The memory such a node takes once it works. */
    public int needMb() {
        return heapMb + OVERHEAD_MB;
    }
}
