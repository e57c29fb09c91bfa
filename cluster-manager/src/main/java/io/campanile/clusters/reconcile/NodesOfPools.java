package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.node.PooledStore;
import io.campanile.clusters.pool.PoolNodes;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** What pools ask of their nodes, from the nodes' table. */
public final class NodesOfPools implements PoolNodes {
    private final NodeStore nodes;

    public NodesOfPools(NodeStore nodes) {
        this.nodes = requireNonNull(nodes, "nodes");
    }

    @Override
    public Map<String, Counts> counts(long workspaceId, Collection<String> poolIds) {
        return nodes.pooled().counts(workspaceId, poolIds).stream()
                .collect(Collectors.toMap(
                        PooledStore.Count::poolId,
                        count -> new Counts(count.idle(), count.used(), count.pendingIdle(), count.pendingUsed())));
    }

    @Override
    public int parked(long workspaceId) {
        return nodes.pooled().parked(workspaceId);
    }
}
