package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.Termination;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeState;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.node.PooledStore;
import io.campanile.clusters.pool.Pool;
import io.campanile.clusters.pool.PoolStore;
import io.campanile.clusters.provider.NodeShape;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Instance pools as the starts of clusters meet them: nodes that are there, and places for new ones. */
final class InstancePools {
    private final PoolStore pools;
    private final NodeStore nodes;
    private final NodeKeeper keeper;
    /** Clusters that wait for places, and the pools they wait for, since the last {@link #forgetWaits}. */
    private final Set<String> waitingClusters = new HashSet<>();

    private final Set<Key> wantedPools = new HashSet<>();

    InstancePools(PoolStore pools, NodeStore nodes, NodeKeeper keeper) {
        this.pools = requireNonNull(pools, "pools");
        this.nodes = requireNonNull(nodes, "nodes");
        this.keeper = requireNonNull(keeper, "keeper");
    }

    /** A pool of a workspace. */
    record Key(long workspaceId, String poolId) {
        static Key of(Pool pool) {
            return new Key(pool.workspaceId(), pool.poolId());
        }
    }

    /** Why there is no place in a pool. */
    record Refusal(Wait kind, Termination why, String message) {}

    /** How a place may come. */
    enum Wait {
        /** By itself, soon. */
        A_MOMENT,
        /** When somebody gives one back. */
        FOR_OTHERS,
        /** Never. */
        IN_VAIN
    }

    /** A node of the pool whose driver is up, or about to be; empty when none has this shape. */
    Optional<Node> take(Cluster cluster, String poolId, NodeShape shape, long now) {
        var taker = new PooledStore.Taker(cluster.workspaceId(), cluster.clusterId(), cluster.epoch());
        return nodes.pooled().take(taker, poolId, shape, now);
    }

    /**
     * Empty when the pool has a place for one node more. A full one has an idle node ended, one at a time, for nodes of
     * another shape: its place is free once nothing of it is left.
     */
    Optional<Refusal> refusal(Cluster cluster, String poolId) {
        Pool pool = pools.find(cluster.workspaceId(), poolId).orElse(null);
        if (pool == null) {
            String message = "Instance pool " + poolId + " was deleted: give the cluster another pool, or a node type";
            return Optional.of(refusal(Wait.IN_VAIN, "INSTANCE_POOL_NOT_FOUND", message));
        }
        List<Node> there = nodes.pooled().of(pool.workspaceId(), poolId);
        Integer most = pool.settings().maxCapacity();
        if (most == null || there.size() < most) {
            return Optional.empty();
        }
        waitingClusters.add(cluster.clusterId());
        wantedPools.add(Key.of(pool));
        boolean soon = makesRoom(there);
        String message = soon
                ? "A node of " + pool.inWords() + " ends to make room for this cluster's"
                : "All " + most + " nodes of " + pool.inWords() + " are in use: terminate a cluster that has one, raise"
                        + " max_capacity of the pool, or use another pool";
        return Optional.of(
                refusal(soon ? Wait.A_MOMENT : Wait.FOR_OTHERS, "INSTANCE_POOL_MAX_CAPACITY_REACHED", message));
    }

    private static Refusal refusal(Wait wait, String code, String message) {
        return new Refusal(wait, Termination.byClient(code, message), message);
    }

    /** Whether a place becomes free by itself. */
    private boolean makesRoom(List<Node> there) {
        if (there.stream().anyMatch(node -> node.state() == NodeState.STOPPING)) {
            return true;
        }
        return there.stream()
                .filter(Node::pooled)
                .anyMatch(node -> keeper.endIdle(node, "Its place in the pool is needed for a cluster", false));
    }

    /**
     * Ends one idle node of a workspace whose memory a cluster of it needs, of the cluster's own pool first. Those of
     * other workspaces are theirs.
     */
    void release(Cluster cluster, Observation observation) {
        boolean underWay = observation.nodes().stream()
                .anyMatch(node -> node.clusterId() == null && node.state() == NodeState.STOPPING);
        if (underWay) {
            return;
        }
        String own = String.valueOf(cluster.spec().driverPool());
        observation.nodes().stream()
                .filter(node -> node.pooled() && node.poolId() != null)
                .filter(node -> node.workspaceId() == cluster.workspaceId())
                .min((one, other) -> Boolean.compare(!own.equals(one.poolId()), !own.equals(other.poolId())))
                .ifPresent(node -> {
                    wantedPools.add(new Key(node.workspaceId(), String.valueOf(node.poolId())));
                    keeper.endIdle(node, "Its memory is needed for a cluster", false);
                });
    }

    /** Whether a cluster waits for a place rather than for its node. */
    boolean waits(Cluster cluster) {
        return waitingClusters.contains(cluster.clusterId());
    }

    /** Whether clusters come before idle nodes in a pool now. */
    boolean wanted(Pool pool) {
        return wantedPools.contains(Key.of(pool));
    }

    /** The look is over. */
    void forgetWaits() {
        waitingClusters.clear();
        wantedPools.clear();
    }
}
