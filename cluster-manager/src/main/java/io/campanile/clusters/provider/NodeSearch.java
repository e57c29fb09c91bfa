package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which processes of this machine belong to which node. Nothing is remembered: an agent, or the wrapper of its sandbox,
 * carries its node's id in its environment. What a process inside a sandbox says of itself is not believed, since code
 * of a person runs there: it belongs to the node whose wrapper it descends from.
 */
final class NodeSearch {
    static final String NODE = "CAMPANILE_NODE_ID=";
    static final String DEPLOYMENT = "CAMPANILE_DEPLOYMENT_ID=";
    static final String DATA_DIR = "CAMPANILE_NODE_DATA_DIR=";
    /** Of the agent, the first process in its sandbox, whose own first process is the sandbox itself. */
    private static final long AGENT_INSIDE = 2;

    private final String dataDirTag;
    private final List<ProcessTable.Entry> processes = ProcessTable.read();
    private final Map<Long, List<ProcessTable.Entry>> children = new HashMap<>();
    private final Map<String, Found> found = new HashMap<>();
    private final Map<Long, String> nodeOfSession = new HashMap<>();
    private final int depth;

    /** {@code dataDir}: of the installation whose nodes are looked for. */
    NodeSearch(String dataDir) {
        this.dataDirTag = DATA_DIR + requireNonNull(dataDir, "dataDir");
        long self = ProcessHandle.current().pid();
        int ours = 1;
        for (ProcessTable.Entry process : processes) {
            children.computeIfAbsent(process.parent(), parent -> new ArrayList<>())
                    .add(process);
            if (process.pid() == self) {
                ours = process.ids().size();
            }
        }
        this.depth = ours;
    }

    /**
     * What was noted of a node when it was started.
     *
     * @param pid of its agent, which leads its session, or of the first process of its sandbox
     */
    record Note(
            long pid,
            long started,
            boolean sandbox,
            @Nullable String deploymentId) {}

    /** {@code noted}: what an agent or a wrapper that has ended left behind is known by that alone. */
    List<ProviderNode> nodes(Map<String, Note> noted) {
        for (ProcessTable.Entry process : processes) {
            tagsOf(process).ifPresent(tags -> tagged(process, tags));
        }
        noted.forEach(this::leftBehind);
        for (ProcessTable.Entry process : processes) {
            String nodeId = nodeOfSession.get(process.session());
            if (nodeId != null) {
                found.computeIfAbsent(nodeId, id -> new Found()).add(process);
            }
        }
        return found.entrySet().stream()
                .map(entry -> entry.getValue().node(entry.getKey()))
                .toList();
    }

    private void tagged(ProcessTable.Entry process, Tags tags) {
        if (process.ids().size() != depth) {
            return;
        }
        process.started().ifPresent(started -> {
            Found node = node(tags);
            if (isWrapper(process)) {
                node.wrapped = true;
                node.add(process);
                of(process).forEach(init -> addSandbox(node, init));
                return;
            }
            if (process.session() == process.pid()) {
                node.agent = new ProviderNode.AgentProcess(process.pid(), started);
                nodeOfSession.put(process.pid(), tags.nodeId());
            }
            node.add(process);
        });
    }

    private static boolean isWrapper(ProcessTable.Entry process) {
        return process.arguments().stream().limit(2).anyMatch(Sandbox.PROGRAM::equals);
    }

    private Found node(Tags tags) {
        Found node = found.computeIfAbsent(tags.nodeId(), id -> new Found());
        node.deploymentId = tags.deploymentId();
        return node;
    }

    /** Everything in a sandbox descends from its first process: whoever loses its parent there becomes that one's child. */
    private void addSandbox(Found node, ProcessTable.Entry process) {
        node.wrapped = true;
        List<Long> ids = process.ids();
        if (ids.size() <= depth) {
            return;
        }
        node.add(process);
        long inside = ids.get(depth);
        node.inside.put(inside, process.pid());
        if (inside == AGENT_INSIDE) {
            process.started().ifPresent(started -> node.agent = new ProviderNode.AgentProcess(process.pid(), started));
        }
        of(process).forEach(child -> addSandbox(node, child));
    }

    private List<ProcessTable.Entry> of(ProcessTable.Entry parent) {
        return children.getOrDefault(parent.pid(), List.of());
    }

    /** A sandbox outlives its wrapper and a session its leader; an id that is in use again is not meant. */
    private void leftBehind(String nodeId, Note noted) {
        Optional<ProcessTable.Entry> lives = processes.stream()
                .filter(process -> process.pid() == noted.pid())
                .findFirst();
        if (!noted.sandbox()) {
            if (lives.isEmpty()) {
                nodeOfSession.putIfAbsent(noted.pid(), nodeId);
            } else {
                lives.filter(agent -> isSame(agent, noted)).ifPresent(agent -> begins(nodeId, noted, agent));
            }
            return;
        }
        lives.filter(init -> isSame(init, noted))
                .ifPresent(init -> addSandbox(node(new Tags(nodeId, noted.deploymentId())), init));
    }

    private static boolean isSame(ProcessTable.Entry process, Note noted) {
        return process.started().filter(start -> start == noted.started()).isPresent();
    }

    /** In its first moments an agent leads no session yet, and its environment cannot be read while it is replaced. */
    private void begins(String nodeId, Note noted, ProcessTable.Entry agent) {
        Found node = node(new Tags(nodeId, noted.deploymentId()));
        node.agent = new ProviderNode.AgentProcess(noted.pid(), noted.started());
        node.add(agent);
        nodeOfSession.put(noted.pid(), nodeId);
    }

    private Optional<Tags> tagsOf(ProcessTable.Entry process) {
        List<String> environment = process.environment();
        return environment.contains(dataDirTag)
                ? value(environment, NODE)
                        .map(id -> new Tags(id, value(environment, DEPLOYMENT).orElse(null)))
                : Optional.empty();
    }

    private static Optional<String> value(List<String> environment, String nameAndEquals) {
        return environment.stream()
                .filter(entry -> entry.startsWith(nameAndEquals))
                .findFirst()
                .map(entry -> entry.substring(nameAndEquals.length()));
    }

    private record Tags(String nodeId, @Nullable String deploymentId) {}

    private static final class Found {
        private @Nullable String deploymentId;
        private ProviderNode.@Nullable AgentProcess agent;
        private boolean wrapped;
        private final List<Long> pids = new ArrayList<>();
        private final Map<Long, Long> inside = new HashMap<>();
        private long residentMb;

        void add(ProcessTable.Entry process) {
            if (!pids.contains(process.pid())) {
                pids.add(process.pid());
                residentMb += process.residentMb();
            }
        }

        ProviderNode node(String nodeId) {
            if (wrapped && inside.isEmpty()) {
                // Between its wrapper's start and the sandbox's: it knows none of our ids.
                inside.put(0L, 0L);
            }
            return new ProviderNode(nodeId, deploymentId, agent, pids, residentMb, inside);
        }
    }
}
