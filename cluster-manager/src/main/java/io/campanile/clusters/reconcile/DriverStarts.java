package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterLife;
import io.campanile.clusters.cluster.Termination;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeLinks;
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.provider.NodeShape;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the node for a cluster's driver. */
final class DriverStarts {
    private static final Logger LOG = LoggerFactory.getLogger(DriverStarts.class);
    private static final int START_ATTEMPTS = 2;

    private final NodeStore nodes;
    private final NodeService service;
    private final NodeLinks links;
    private final NodeKeeper keeper;
    private final WarmPool pool;
    private final InstancePools instancePools;
    private final SecretsOfClusters secrets;
    private final MemoryRule memory;
    private final Decisions decisions;
    private final ClusterConfig config;

    DriverStarts(ClusterKeeper.NodeSide side, MemoryRule memory, Decisions decisions, ClusterConfig config) {
        this.nodes = side.nodes();
        this.service = side.service();
        this.links = side.links();
        this.keeper = side.keeper();
        this.pool = side.pool();
        this.instancePools = side.instancePools();
        this.secrets = side.secrets();
        this.memory = requireNonNull(memory, "memory");
        this.decisions = requireNonNull(decisions, "decisions");
        this.config = requireNonNull(config, "config");
    }

    /** Gives it an idle node of its pool, or asks for one as soon as there is a place and memory. */
    void place(Cluster cluster, Observation observation) {
        var shape = cluster.spec().shape();
        // A driver with workers has the secret of its cluster, and of no other, from its start.
        Optional<Node> warm =
                cluster.spec().workers().single() ? take(cluster, shape, observation.now()) : Optional.empty();
        if (warm.isPresent()) {
            service.assign(warm.get(), links);
            return;
        }
        if (waitsForPlace(cluster, observation.now())) {
            return;
        }
        Optional<String> refusal = memory.refusal(shape, cluster.workspaceId(), observation);
        if (refusal.isEmpty()) {
            create(cluster, observation);
            return;
        }
        if (!pool.release(observation)) {
            instancePools.release(cluster, observation);
        }
        if (observation.now() - cluster.status().since() > config.memoryWait().toMillis()) {
            decisions.apply(
                    cluster,
                    known -> ClusterLife.failStart(
                            known, Termination.stockout(refusal.get()), refusal.get(), observation.now()));
        } else if (!cluster.status().message().equals(refusal.get())) {
            decisions.apply(cluster, known -> ClusterLife.says(known, refusal.get()));
        }
    }

    private Optional<Node> take(Cluster cluster, NodeShape shape, long now) {
        String poolId = cluster.spec().driverPool();
        return poolId == null
                ? nodes.takeFromPool(cluster.workspaceId(), cluster.clusterId(), cluster.epoch(), shape, now)
                : instancePools.take(cluster, poolId, shape, now);
    }

    /** Whether its instance pool has no place for a node more: it waits for one, as others wait for memory. */
    private boolean waitsForPlace(Cluster cluster, long now) {
        String poolId = cluster.spec().driverPool();
        InstancePools.Refusal refusal =
                poolId == null ? null : instancePools.refusal(cluster, poolId).orElse(null);
        if (refusal == null) {
            return false;
        }
        boolean waited = now - cluster.status().since() > config.memoryWait().toMillis();
        if (refusal.kind() == InstancePools.Wait.IN_VAIN || waited) {
            decisions.apply(cluster, known -> ClusterLife.failStart(known, refusal.why(), refusal.message(), now));
        } else if (!cluster.status().message().equals(refusal.message())) {
            decisions.apply(cluster, known -> ClusterLife.says(known, refusal.message()));
        }
        return true;
    }

    private void create(Cluster cluster, Observation observation) {
        long now = observation.now();
        SecretsOfClusters.Lookup lookup = secrets.ofDriver(cluster);
        if (lookup instanceof SecretsOfClusters.Found found) {
            keeper.create(
                    NodePlan.driver(cluster, found.ofCluster(), found.secrets()),
                    cluster.spec().driverPool());
            observation.promise(cluster.spec().shape());
        } else if (lookup instanceof SecretsOfClusters.Refused refused) {
            decisions.apply(cluster, known -> ClusterLife.failStart(known, refused.why(), refused.message(), now));
        } else if (lookup instanceof SecretsOfClusters.Away away) {
            if (now - cluster.status().since() > config.startTimeout().toMillis()) {
                failed(cluster, "SECRET_RESOLUTION_ERROR", away.message(), false, now);
            } else if (!cluster.status().message().equals(away.message())) {
                decisions.apply(cluster, known -> ClusterLife.says(known, away.message()));
            }
        }
    }

    /** Tries another node, or lets it end in ERROR with the reason. */
    void failed(Cluster cluster, String code, String reason, boolean tryAgain, long now) {
        LOG.atWarn()
                .addKeyValue("clusterId", cluster.clusterId())
                .addKeyValue("reason", reason)
                .log("Start of a cluster failed");
        String message = "The driver could not be started: " + reason;
        decisions.apply(
                cluster,
                known -> tryAgain && known.status().startAttempts() < START_ATTEMPTS
                        ? ClusterLife.tryAgain(known, "Trying another node: " + reason, now)
                        : ClusterLife.failStart(known, Termination.fault(code, message), message, now));
    }
}
