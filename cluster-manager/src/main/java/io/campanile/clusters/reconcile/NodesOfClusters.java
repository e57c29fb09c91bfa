package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterNodes;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeStore;
import io.campanile.node.protocol.ControlMessage.DriverState;
import java.util.List;
import java.util.Objects;

/** What clusters ask of their nodes, from the nodes' table. */
public final class NodesOfClusters implements ClusterNodes {
    private final NodeStore nodes;

    public NodesOfClusters(NodeStore nodes) {
        this.nodes = requireNonNull(nodes, "nodes");
    }

    @Override
    public List<Worker> workers(long workspaceId) {
        return nodes.usable(workspaceId).stream()
                .filter(node -> node.worker() && node.driverIs(DriverState.READY.name()))
                .map(NodesOfClusters::worker)
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

    private static Worker worker(Node node) {
        Long ready = node.report().readyAt();
        return new Worker(
                node.nodeId(),
                Objects.requireNonNull(node.clusterId(), "clusterId"),
                node.epoch(),
                ready == null ? node.life().requestedAt() : ready);
    }
}
