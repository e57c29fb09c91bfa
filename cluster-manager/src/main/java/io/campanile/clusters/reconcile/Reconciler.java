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
import io.campanile.clusters.pool.PoolStore;
import io.campanile.clusters.provider.MachineMemory;
import io.campanile.clusters.provider.NodeProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * One look at everything and one step for each cluster. Level-triggered: it acts on what is, not on what happened, and
 * needs nothing from the look before, so it may be killed at any point and begun anew.
 */
public final class Reconciler {
    private final ClusterStore clusters;
    private final NodeService service;
    private final NodeKeeper keeper;
    private final ClusterKeeper step;
    private final WarmPool pool;
    private final IdleNodes idleNodes;
    private final NodeProcessFile processes;
    private final ReconcileMetrics metrics;
    private final FailingClusters failing;
    private final Listening listening;

    /** What the reconciler works on. */
    public record Parts(
            ClusterStore clusters,
            NodeStore nodes,
            PoolStore pools,
            NodeService service,
            NodeLinks links,
            NodeProvider provider,
            MachineMemory memory,
            NodeProcessFile processes,
            SecretSource secrets,
            ClusterKeys keys) {}

    /** {@code closing} answers whether the platform goes down: then the pools are emptied. */
    public Reconciler(Parts parts, ClusterConfig config, Clock clock, MeterRegistry registry, BooleanSupplier closing) {
        this.clusters = requireNonNull(parts.clusters(), "clusters");
        this.service = requireNonNull(parts.service(), "service");
        this.processes = requireNonNull(parts.processes(), "processes");
        MemoryRule memory = new MemoryRule(parts.memory());
        this.keeper = new NodeKeeper(parts.nodes(), parts.provider(), parts.links(), config, clock);
        this.pool = new WarmPool(keeper, memory, config, DefaultShape.get(), closing);
        InstancePools instancePools = new InstancePools(parts.pools(), parts.nodes(), keeper);
        this.idleNodes = new IdleNodes(parts.pools(), instancePools, keeper, memory, config, closing);
        this.step = new ClusterKeeper(
                clusters,
                new ClusterKeeper.NodeSide(
                        parts.nodes(),
                        parts.service(),
                        parts.links(),
                        keeper,
                        pool,
                        instancePools,
                        new SecretsOfClusters(parts.secrets(), parts.keys())),
                memory,
                config,
                registry);
        this.metrics = new ReconcileMetrics(registry);
        this.failing = new FailingClusters(registry);
        this.listening = new Listening(config.silentAfter());
    }

    /**
     * Looks and acts once. Answers whether it should be called again soon; fails when nothing can be looked at, or
     * nothing done for any cluster.
     */
    public boolean tick() {
        service.settle();
        Observation observation = keeper.observe(listening);
        List<Cluster> active = clusters.active();
        List<RuntimeException> failures = new ArrayList<>();
        for (Cluster cluster : active) {
            Runnable oneStep = () -> step.step(cluster, observation);
            failing.attempt(cluster, () -> clusters.exclusively(cluster.workspaceId(), cluster.clusterId(), oneStep))
                    .ifPresent(failures::add);
        }
        Set<String> activeIds = active.stream().map(Cluster::clusterId).collect(Collectors.toSet());
        endStopped(observation, activeIds);
        failing.keepOnly(activeIds);
        step.keepOnly(active, observation);
        List<Cluster> starting = active.stream().filter(Reconciler::starts).toList();
        pool.keep(observation, !starting.isEmpty());
        idleNodes.keep(observation, starting);
        processes.write(observation.nodes(), observation.seen());
        metrics.observed(active, observation.nodes());
        if (!failures.isEmpty() && failures.size() == active.size()) {
            throw failures.get(failures.size() - 1);
        }
        listening.looked(observation.now());
        return active.stream().anyMatch(cluster -> onItsWay(cluster) && !failing.has(cluster));
    }

    private void endStopped(Observation observation, Set<String> activeIds) {
        for (Node node : observation.nodes()) {
            String clusterId = node.clusterId();
            if (clusterId != null && !activeIds.contains(clusterId)) {
                keeper.stop(node, "Its cluster is stopped");
            }
        }
    }

    private static boolean starts(Cluster cluster) {
        return cluster.state() == ClusterState.PENDING
                || cluster.state() == ClusterState.RESTARTING
                || cluster.status().workers().behind();
    }

    private static boolean onItsWay(Cluster cluster) {
        var workers = cluster.status().workers();
        return cluster.state() != ClusterState.RUNNING || (workers.behind() && !workers.missing());
    }
}
