package io.campanile.clusters.reconcile;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeState;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many clusters and nodes there are in each state, as gauges. */
final class ReconcileMetrics {
    private final Map<ClusterState, AtomicInteger> clusters = new EnumMap<>(ClusterState.class);
    private final Map<NodeState, AtomicInteger> nodes = new EnumMap<>(NodeState.class);
    private final AtomicInteger starting;
    private final AtomicInteger parked;

    ReconcileMetrics(MeterRegistry registry) {
        for (ClusterState state : ClusterState.values()) {
            if (!state.stopped()) {
                clusters.put(state, gauge(registry, "campanile.clusters.active", state.name()));
            }
        }
        for (NodeState state : NodeState.values()) {
            if (state != NodeState.GONE) {
                nodes.put(state, gauge(registry, "campanile.clusters.nodes", state.name()));
            }
        }
        this.starting = gauge(registry, "campanile.clusters.pool", "STARTING");
        this.parked = gauge(registry, "campanile.clusters.pool", "PARKED");
    }

    void observed(List<Cluster> activeClusters, List<Node> liveNodes) {
        clusters.forEach((state, value) -> value.set((int) activeClusters.stream()
                .filter(cluster -> cluster.state() == state)
                .count()));
        nodes.forEach((state, value) -> value.set(
                (int) liveNodes.stream().filter(node -> node.state() == state).count()));
        parked.set((int) liveNodes.stream().filter(Node::parked).count());
        starting.set((int) liveNodes.stream().filter(Node::pooled).count() - parked.get());
    }

    private static AtomicInteger gauge(MeterRegistry registry, String name, String state) {
        AtomicInteger value = new AtomicInteger();
        registry.gauge(name, java.util.List.of(io.micrometer.core.instrument.Tag.of("state", state)), value);
        return value;
    }
}
