package io.campanile.clusters.testing;

import io.campanile.clusters.provider.NodeOwner;
import io.campanile.clusters.provider.NodeProvider;
import io.campanile.clusters.provider.NodeRequest;
import io.campanile.clusters.provider.ProviderException;
import io.campanile.clusters.provider.ProviderNode;
import io.campanile.common.auth.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A provider that records its calls and fails, or lets its caller crash, where it is told to. */
public final class FakeProvider implements NodeProvider {
    private final Map<String, ProviderNode> nodes = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<NodeRequest> requests = new CopyOnWriteArrayList<>();
    private final Map<String, List<FakeAgent>> crews = new ConcurrentHashMap<>();
    private final Map<String, NodeOwner> opened = new ConcurrentHashMap<>();
    private final AtomicLong pids = new AtomicLong(1000);
    private volatile Consumer<NodeRequest> onCreate = request -> {};
    private volatile String crashAt = "";
    private volatile boolean listFails;
    private volatile boolean createFails;
    private volatile boolean forgetFails;
    private volatile boolean openFails;
    private volatile boolean ignoresTermination;

    /** The process of the manager ends here: nothing after this point of the call happens. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public ProviderNode create(NodeRequest request) {
        calls.add("create " + request.nodeId());
        crash("before create");
        if (createFails) {
            throw new ProviderException("No room");
        }
        adopt(request.nodeId(), request.deploymentId());
        ProviderNode node = nodes.get(request.nodeId());
        requests.add(request);
        crash("after create");
        onCreate.accept(request);
        return node;
    }

    @Override
    public void open(String nodeId, NodeOwner owner) {
        opened.put(nodeId, owner);
        if (openFails) {
            throw new ProviderException("It cannot be given away");
        }
    }

    @Override
    public List<ProviderNode> list() {
        crash("list");
        if (listFails) {
            throw new ProviderException("The list cannot be read");
        }
        return new ArrayList<>(nodes.values());
    }

    @Override
    public void terminate(ProviderNode node, boolean force) {
        calls.add((force ? "kill " : "terminate ") + node.nodeId());
        crash("before terminate");
        if (force || !ignoresTermination) {
            nodes.remove(node.nodeId());
        }
        crash("after terminate");
    }

    @Override
    public void forget(String nodeId) {
        crash("forget");
        if (forgetFails) {
            throw new ProviderException("Its files cannot be deleted");
        }
        calls.add("forget " + nodeId);
    }

    /** The agents that have connected and are of one cluster with this node: they know each other by its secret. */
    List<FakeAgent> crew(NodeRequest request) {
        Secret secret = request.clusterSecret();
        String cluster = secret == null ? request.nodeId() : secret.value();
        return crews.computeIfAbsent(cluster, first -> new CopyOnWriteArrayList<>());
    }

    /** All agents that have connected. */
    public List<FakeAgent> agents() {
        return crews.values().stream().flatMap(List::stream).toList();
    }

    /** The whole node is away at once. */
    public void lose(String nodeId) {
        nodes.remove(nodeId);
    }

    /** Only the agent is away; something of the node is left. */
    public void loseAgent(String nodeId) {
        nodes.computeIfPresent(
                nodeId,
                (id, node) -> new ProviderNode(
                        id, node.deploymentId(), null, node.pids().subList(1, 2), node.residentMb()));
    }

    /** A node that an earlier process of the manager made. */
    public void adopt(String nodeId, String deploymentId) {
        long pid = pids.incrementAndGet();
        nodes.put(
                nodeId,
                new ProviderNode(
                        nodeId, deploymentId, new ProviderNode.AgentProcess(pid, 5), List.of(pid, pid + 100_000), 10));
    }

    /** A node that nobody asked for. */
    public void plant(String nodeId, String deploymentId) {
        nodes.put(
                nodeId, new ProviderNode(nodeId, deploymentId, new ProviderNode.AgentProcess(77, 5), List.of(77L), 10));
    }

    public List<String> nodeIds() {
        return nodes.keySet().stream().sorted().toList();
    }

    public List<String> calls() {
        return calls;
    }

    public List<NodeRequest> requests() {
        return requests;
    }

    public void crashAt(String point) {
        this.crashAt = point;
    }

    /** Whether the point asked for was reached. */
    public boolean crashed() {
        return crashAt.isEmpty();
    }

    public void onCreate(Consumer<NodeRequest> handler) {
        this.onCreate = handler;
    }

    public void listFails(boolean fails) {
        this.listFails = fails;
    }

    public void createFails(boolean fails) {
        this.createFails = fails;
    }

    /** To whom nodes were given. */
    public Map<String, NodeOwner> opened() {
        return opened;
    }

    public void openFails(boolean fails) {
        this.openFails = fails;
    }

    public void forgetFails(boolean fails) {
        this.forgetFails = fails;
    }

    public void ignoresTermination(boolean ignores) {
        this.ignoresTermination = ignores;
    }

    private void crash(String point) {
        if (point.equals(crashAt)) {
            crashAt = "";
            throw new Crash();
        }
    }
}
