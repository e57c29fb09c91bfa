package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.node.PooledStore;
import io.campanile.clusters.pool.PoolNodes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What pools ask of their nodes, from the nodes' table. */
public final class NodesOfPools implements PoolNodes {
    private final NodeStore nodes;

    public NodesOfPools(NodeStore nodes) {
        this.nodes = requireNonNull(nodes, "nodes");
    }

    @Override
    public Map<String, Counts> counts(long workspaceId, Collection<String> poolIds) {
        Map<String, Counts> counts = new HashMap<>();
        for (PooledStore.Count count : nodes.pooled().counts(workspaceId, poolIds)) {
            counts.merge(count.poolId(), of(count), NodesOfPools::sum);
        }
        return counts;
    }

    private static Counts of(PooledStore.Count count) {
        int some = count.nodes();
        if (count.used()) {
            return count.ready() ? new Counts(0, some, 0, 0) : new Counts(0, 0, 0, some);
        }
        return count.ready() ? new Counts(some, 0, 0, 0) : new Counts(0, 0, some, 0);
    }

    private static Counts sum(Counts one, Counts other) {
        return new Counts(
                one.idle() + other.idle(),
                one.used() + other.used(),
                one.pendingIdle() + other.pendingIdle(),
                one.pendingUsed() + other.pendingUsed());
    }

    @Override
    public int parked(long workspaceId) {
        return nodes.pooled().parked(workspaceId);
    }
}
