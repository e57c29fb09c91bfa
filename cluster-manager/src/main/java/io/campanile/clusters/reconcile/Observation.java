package io.campanile.clusters.reconcile;

import io.campanile.clusters.node.Node;
import io.campanile.clusters.provider.ProviderNode;
import java.util.List;
import java.util.Map;

/** What one look showed: the rows of all nodes that are not gone and what the provider has of them. */
record Observation(List<Node> nodes, Map<String, ProviderNode> seen, long now) {
    Observation {
        nodes = List.copyOf(nodes);
        seen = Map.copyOf(seen);
    }

    List<Node> of(long workspaceId, String clusterId) {
        return nodes.stream()
                .filter(node -> node.workspaceId() == workspaceId && clusterId.equals(node.clusterId()))
                .toList();
    }

    List<Node> pooled() {
        return nodes.stream().filter(Node::pooled).toList();
    }
}
