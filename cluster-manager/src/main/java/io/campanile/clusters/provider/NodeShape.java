package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a node must be to serve a cluster; a node of the warm pool fits when the shapes are equal.
 *
 * @param cores of a worker: how many tasks its executor runs at a time; null for a driver
 */
public record NodeShape(
        String nodeTypeId,
        int heapMb,
        String runtime,
        Map<String, String> sparkConf,
        @Nullable Map<String, String> environment,
        @Nullable Integer cores) {
    /** Beside the driver's heap: its other memory, the agent and one kernel. */
    private static final int DRIVER_OVERHEAD_MB = 768;

    /** Beside the executor's heap: its other memory and the agent. */
    private static final int WORKER_OVERHEAD_MB = 448;

    /** Eight kernels with work in them. */
    private static final int MORE_KERNELS_MB = 4096;

    /** Of a driver. */
    public NodeShape(
            String nodeTypeId,
            int heapMb,
            String runtime,
            Map<String, String> sparkConf,
            Map<String, String> environment) {
        this(nodeTypeId, heapMb, runtime, sparkConf, environment, null);
    }

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

    /**
     * The memory such a node may take at most, where it can be kept to it: beside what it needs, the kernels of more
     * notebooks, and files that its system reads ahead.
     */
    public int mostMb() {
        return needMb() + (cores == null ? MORE_KERNELS_MB : WORKER_OVERHEAD_MB);
    }

    /** The memory such a node takes once it works. */
    public int needMb() {
        return heapMb + (cores == null ? DRIVER_OVERHEAD_MB : WORKER_OVERHEAD_MB);
    }
}
