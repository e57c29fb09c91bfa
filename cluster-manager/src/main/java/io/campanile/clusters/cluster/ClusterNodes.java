package io.campanile.clusters.cluster;

import java.util.Collection;
import java.util.List;

/** What must be known of nodes to show and change clusters. Nodes are another feature's. */
public interface ClusterNodes {
    /** The node of an executor; {@code startedAt} in milliseconds since the epoch. */
    record Worker(String nodeId, String clusterId, long epoch, long startedAt) {}

    /** The nodes of these clusters of a workspace whose executors serve. */
    List<Worker> workers(long workspaceId, Collection<String> clusterIds);

    /** Whether a command runs or a kernel is busy on the cluster now. */
    boolean busy(Cluster cluster);
}
