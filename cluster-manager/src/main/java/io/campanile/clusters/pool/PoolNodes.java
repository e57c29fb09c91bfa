package io.campanile.clusters.pool;

import java.util.Collection;
import java.util.Map;

/** What must be known of nodes to show pools. Nodes are another feature's. */
public interface PoolNodes {
    /**
     * The nodes of a pool that are not gone.
     *
     * @param idle they belong to no cluster
     * @param used they serve a cluster
     * @param pendingIdle for no cluster, and not ready yet
     * @param pendingUsed for a cluster, and not ready yet
     */
    record Counts(int idle, int used, int pendingIdle, int pendingUsed) {
        static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    /** Of those of these pools of a workspace that have any node. */
    Map<String, Counts> counts(long workspaceId, Collection<String> poolIds);

    /** How many nodes of a workspace belong to a pool and to no cluster. */
    int parked(long workspaceId);
}
