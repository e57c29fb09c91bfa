package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.ClusterStore;
import io.campanile.clusters.cluster.DefaultShape;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeLinks;
import io.campanile.clusters.node.NodeProcessFile;
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.provider.MachineMemory;
import io.campanile.clusters.provider.NodeProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One look at everything and one step for each cluster. Level-triggered: it acts on what is, not on what happened, and
 * needs nothing from the look before, so it may be killed at any point and begun anew.
 */
public final class Reconciler {
    private final ClusterStore clusters;
    private final NodeKeeper keeper;
    private final ClusterKeeper step;
    private final WarmPool pool;
    private final NodeProcessFile processes;
    private final ReconcileMetrics metrics;

    /** What the reconciler works on. */
    public record Parts(
            ClusterStore clusters,
            NodeStore nodes,
            NodeService service,
            NodeLinks links,
            NodeProvider provider,
            MachineMemory memory,
            NodeProcessFile processes,
            SecretSource secrets,
            ClusterKeys keys) {}

    /** {@code closing} answers whether the platform goes down: then the pool is emptied. */
    public Reconciler(Parts parts, ClusterConfig config, Clock clock, MeterRegistry registry, BooleanSupplier closing) {
        this.clusters = requireNonNull(parts.clusters(), "clusters");
        this.processes = requireNonNull(parts.processes(), "processes");
        MemoryRule memory = new MemoryRule(parts.memory());
        this.keeper = new NodeKeeper(parts.nodes(), parts.provider(), parts.links(), config, clock);
        this.pool = new WarmPool(keeper, memory, config, DefaultShape.get(), closing);
        this.step = new ClusterKeeper(
                clusters,
                new ClusterKeeper.NodeSide(
                        parts.nodes(),
                        parts.service(),
                        parts.links(),
                        keeper,
                        pool,
                        new SecretsOfClusters(parts.secrets()),
                        parts.keys()),
                memory,
                config,
                registry,
                clock.millis());
        this.metrics = new ReconcileMetrics(registry);
    }

    /** Looks and acts once. Answers whether it should be called again soon. */
    public boolean tick() {
        Observation observation = keeper.observe();
        List<Cluster> active = clusters.active();
        boolean someoneStarts = false;
        Set<String> activeIds = new HashSet<>();
        for (Cluster cluster : active) {
            activeIds.add(cluster.clusterId());
            someoneStarts |= cluster.state() == ClusterState.PENDING
                    || cluster.state() == ClusterState.RESTARTING
                    || cluster.status().workers().behind();
            clusters.exclusively(cluster.workspaceId(), cluster.clusterId(), () -> step.step(cluster, observation));
        }
        for (Node node : observation.nodes()) {
            String clusterId = node.clusterId();
            if (clusterId != null && !activeIds.contains(clusterId)) {
                keeper.stop(node, "Its cluster is stopped");
            }
        }
        pool.keep(observation, someoneStarts);
        processes.write(observation.nodes(), observation.seen());
        metrics.observed(active, observation.nodes());
        return active.stream().anyMatch(Reconciler::onItsWay);
    }

    private static boolean onItsWay(Cluster cluster) {
        var workers = cluster.status().workers();
        return cluster.state() != ClusterState.RUNNING || (workers.behind() && !workers.missing());
    }
}
