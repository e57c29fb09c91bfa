package io.campanile.launcher.matrix;

import io.campanile.clusters.provider.NodeOwner;
import io.campanile.clusters.provider.NodeProvider;
import io.campanile.clusters.provider.NodeRequest;
import io.campanile.clusters.provider.ProviderNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Nodes that exist on paper: what the cluster manager asks for is kept, and nothing runs. */
final class RecordingProvider implements NodeProvider {
    private final Map<String, ProviderNode> nodes = new ConcurrentHashMap<>();

    @Override
    public ProviderNode create(NodeRequest request) {
        // A process id that no system gives: nothing can be meant by it.
        long pid = Integer.MAX_VALUE;
        ProviderNode node = new ProviderNode(
                request.nodeId(), request.deploymentId(), new ProviderNode.AgentProcess(pid, 1), List.of(pid), 10);
        nodes.put(request.nodeId(), node);
        return node;
    }

    @Override
    public void open(String nodeId, NodeOwner owner) {}

    @Override
    public List<ProviderNode> list() {
        return List.copyOf(nodes.values());
    }

    @Override
    public void terminate(ProviderNode node, boolean force) {
        nodes.remove(node.nodeId());
    }

    @Override
    public void forget(String nodeId) {
        nodes.remove(nodeId);
    }
}
