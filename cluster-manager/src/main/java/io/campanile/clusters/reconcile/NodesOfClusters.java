package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterNodes;
import io.campanile.clusters.node.NodeStore;
import java.util.Collection;
import java.util.List;

/** What clusters ask of their nodes, from the nodes' table. */
public final class NodesOfClusters implements ClusterNodes {
    private final NodeStore nodes;

    public NodesOfClusters(NodeStore nodes) {
        this.nodes = requireNonNull(nodes, "nodes");
    }

    @Override
    public List<Worker> workers(long workspaceId, Collection<String> clusterIds) {
        return nodes.workers().serving(workspaceId, clusterIds).stream()
                .map(node -> new Worker(node.nodeId(), node.clusterId(), node.epoch(), node.startedAt()))
                .toList();
    }

    @Override
    public boolean busy(Cluster cluster) {
        String driver = cluster.status().driverNodeId();
        return driver != null
                && nodes.find(driver)
                        .filter(node -> node.report().lastSeen() != null
                                && node.report().idleSince() == null)
                        .isPresent();
    }
}
