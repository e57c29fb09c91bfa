package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.provider.NodeShape;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a few unassigned nodes started, in the shape of default clusters, when there is room and nobody waits. */
final class WarmPool {
    private static final Logger LOG = LoggerFactory.getLogger(WarmPool.class);

    private final NodeKeeper keeper;
    private final MemoryRule memory;
    private final ClusterConfig config;
    private final NodeShape shape;
    private final BooleanSupplier closing;
    private final Restraint restraint = new Restraint();

    WarmPool(NodeKeeper keeper, MemoryRule memory, ClusterConfig config, NodeShape shape, BooleanSupplier closing) {
        this.keeper = requireNonNull(keeper, "keeper");
        this.memory = requireNonNull(memory, "memory");
        this.config = requireNonNull(config, "config");
        this.shape = requireNonNull(shape, "shape");
        this.closing = requireNonNull(closing, "closing");
    }

    /** {@code someoneStarts}: a cluster is on its way up, which comes first. */
    void keep(Observation observation, boolean someoneStarts) {
        List<Node> pooled = observation.pooled();
        int target = closing.getAsBoolean() ? 0 : config.warmPool();
        int kept = 0;
        restraint.look(
                observation.nodes().stream()
                        .filter(node -> node.poolId() == null)
                        .toList(),
                observation.now());
        for (Node node : pooled) {
            Optional<String> useless = useless(node, observation.now());
            if (useless.isPresent()) {
                LOG.atWarn()
                        .addKeyValue("nodeId", node.nodeId())
                        .addKeyValue("reason", useless.get())
                        .log("Node of the warm pool given up");
                keeper.stop(node, useless.get(), true);
                restraint.givenUp(node, observation.now());
            } else if (kept >= target) {
                keeper.stop(node, "The warm pool is large enough");
            } else {
                kept++;
                if (node.driverIs("READY")) {
                    restraint.wentWell();
                }
            }
        }
        boolean mayCreate = kept < target && !someoneStarts && restraint.open(observation.now());
        if (mayCreate && memory.refusal(shape, 0, observation).isEmpty()) {
            if (!keeper.create(NodePlan.pooled(shape))) {
                restraint.pause(observation.now());
            }
        }
    }

    /** Frees the memory of the pool for a start that needs it; false when the pool has none. */
    boolean release(Observation observation) {
        List<Node> pooled = observation.pooled();
        pooled.forEach(node -> keeper.stop(node, "Its memory is needed for a cluster"));
        restraint.stepBack(observation.now());
        return !pooled.isEmpty();
    }

    private Optional<String> useless(Node node, long now) {
        if (!node.shape().equals(shape)) {
            return Optional.of("It has another shape than default clusters");
        }
        if (node.driverIs("FAILED")) {
            return Optional.of("Its driver failed: " + node.report().driverMessage());
        }
        long waited = now - node.life().requestedAt();
        if (!node.driverIs("READY") && waited > config.startTimeout().toMillis()) {
            return Optional.of("Its driver was not ready in time");
        }
        return Optional.empty();
    }
}
