package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeState;
import io.campanile.clusters.provider.MachineMemory;
import io.campanile.clusters.provider.NodeShape;
import io.campanile.clusters.provider.ProviderNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** No start may leave the machine less than 1 GiB, counting what running nodes were promised and have not taken yet. */
final class MemoryRule {
    private static final long KEPT_FREE_MB = 1024;

    private final MachineMemory memory;

    MemoryRule(MachineMemory memory) {
        this.memory = requireNonNull(memory, "memory");
    }

    /** Empty when a node of this shape fits; else why not and who holds the memory. */
    Optional<String> refusal(NodeShape shape, long workspaceId, Observation observation) {
        long free = memory.availableMb() - observation.promisedMb().get();
        for (Node node : observation.nodes()) {
            ProviderNode real = observation.seen().get(node.nodeId());
            long held = real == null ? 0 : real.residentMb();
            if (node.state() != NodeState.STOPPING) {
                free -= Math.max(0, node.shape().needMb() - held);
            }
        }
        return free - shape.needMb() >= KEPT_FREE_MB
                ? Optional.empty()
                : Optional.of("Not enough memory: " + shape.nodeTypeId() + " needs " + shape.needMb() + " MiB, "
                        + Math.max(0, free - KEPT_FREE_MB) + " MiB can be given away. "
                        + holders(workspaceId, observation));
    }

    /** Names the clusters of the same workspace only. */
    private static String holders(long workspaceId, Observation observation) {
        List<String> named = new ArrayList<>();
        int others = 0;
        for (Node node : observation.nodes()) {
            String clusterId = node.clusterId();
            if (clusterId != null && node.workspaceId() == workspaceId) {
                named.add("cluster " + clusterId + " (" + node.shape().nodeTypeId() + ")");
            } else {
                others++;
            }
        }
        if (others > 0) {
            named.add(others + (others == 1 ? " node" : " nodes") + " of others");
        }
        return named.isEmpty()
                ? "No cluster holds any: other programs of this machine do."
                : "It is held by " + String.join(", ", named) + ".";
    }
}
