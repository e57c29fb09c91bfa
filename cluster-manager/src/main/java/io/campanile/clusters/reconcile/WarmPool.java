package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.provider.NodeShape;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a few unassigned nodes started, in the shape of default clusters, when there is room and nobody waits. */
final class WarmPool {
    private static final Logger LOG = LoggerFactory.getLogger(WarmPool.class);
    private static final long FIRST_PAUSE_MILLIS = 5_000;
    private static final long LONGEST_PAUSE_MILLIS = 300_000;
    /** Whoever just got a node is not to share the processors of its first cells with the start of the next one. */
    private static final long REFILL_DELAY_MILLIS = 15_000;

    private final NodeKeeper keeper;
    private final MemoryRule memory;
    private final ClusterConfig config;
    private final NodeShape shape;
    private final BooleanSupplier closing;
    /** Nodes of the pool at the last look. */
    private Set<String> before = Set.of();

    /** Nodes whose end was counted, while their rows are seen. */
    private final Set<String> mourned = new HashSet<>();

    private long pauseMillis;
    private long notBefore;

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
        mourn(observation);
        noteTaken(observation);
        for (Node node : pooled) {
            Optional<String> useless = useless(node, observation.now());
            if (useless.isPresent()) {
                LOG.atWarn()
                        .addKeyValue("nodeId", node.nodeId())
                        .addKeyValue("reason", useless.get())
                        .log("Node of the warm pool given up");
                keeper.stop(node, useless.get(), true);
                mourned.add(node.nodeId());
                pause(observation.now());
            } else if (kept >= target) {
                keeper.stop(node, "The warm pool is large enough");
            } else {
                kept++;
                if (node.driverIs("READY")) {
                    pauseMillis = 0;
                }
            }
        }
        boolean mayCreate = kept < target && !someoneStarts && observation.now() >= notBefore;
        if (mayCreate && memory.refusal(shape, 0, observation).isEmpty()) {
            if (!keeper.create(NodePlan.pooled(shape))) {
                pause(observation.now());
            }
        }
    }

    /** A node of the pool that now belongs to a cluster was taken. */
    private void noteTaken(Observation observation) {
        boolean taken = observation.nodes().stream()
                .anyMatch(node -> node.clusterId() != null && before.contains(node.nodeId()));
        if (taken) {
            notBefore = Math.max(notBefore, observation.now() + REFILL_DELAY_MILLIS);
        }
        before = observation.pooled().stream().map(Node::nodeId).collect(Collectors.toUnmodifiableSet());
    }

    /** Nodes of the pool that ended by themselves: their agent did not start, or did not live. */
    private void mourn(Observation observation) {
        Set<String> lost = observation.nodes().stream()
                .filter(node -> node.clusterId() == null && node.life().lost())
                .map(Node::nodeId)
                .collect(Collectors.toSet());
        mourned.retainAll(lost);
        for (String nodeId : lost) {
            if (mourned.add(nodeId)) {
                pause(observation.now());
            }
        }
    }

    /** Frees the memory of the pool for a start that needs it; false when the pool has none. */
    boolean release(Observation observation) {
        List<Node> pooled = observation.pooled();
        pooled.forEach(node -> keeper.stop(node, "Its memory is needed for a cluster"));
        notBefore = Math.max(notBefore, observation.now() + FIRST_PAUSE_MILLIS);
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

    /** What cannot start would otherwise be started for ever. */
    private void pause(long now) {
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis == 0 ? FIRST_PAUSE_MILLIS : 2 * pauseMillis);
        notBefore = now + pauseMillis;
    }
}
