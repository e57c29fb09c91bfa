package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import io.campanile.common.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes as processes of this machine. An agent leads a session of its own, so it outlives this process; its node id is
 * in its environment, its folder in its arguments, so it is found again by whoever looks.
 */
public final class LocalNodeProvider implements NodeProvider {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNodeProvider.class);
    private static final String NODE = "CAMPANILE_NODE_ID=";
    private static final String DEPLOYMENT = "CAMPANILE_DEPLOYMENT_ID=";
    private static final Duration KEEP_LOGS = Duration.ofDays(7);
    private static final String DATA_DIR = "CAMPANILE_NODE_DATA_DIR=";
    private static final String AGENT_FILE = "agent.json";

    private final NodeFiles files;
    private final AgentCommand command;

    /** How an agent is started: all of its command line but the last argument, its {@code node.json}. */
    public interface AgentCommand {
        List<String> line(Path dataDir);
    }

    public LocalNodeProvider(NodeFiles files, AgentCommand command) {
        this.files = requireNonNull(files, "files");
        this.command = requireNonNull(command, "command");
    }

    /** The command of the distribution at {@code home}. */
    public static AgentCommand agentOf(Path home) {
        return dataDir -> List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-Dcampanile.data-dir=" + dataDir,
                "-Dcampanile.home=" + home,
                "-cp",
                home.resolve("node-agent") + "/*",
                "io.campanile.node.agent.AgentMain");
    }

    @Override
    public ProviderNode create(NodeRequest request) {
        Path folder = files.folder(request.nodeId());
        try {
            Path nodeJson = files.write(request);
            List<String> line = new ArrayList<>();
            line.add("setsid");
            line.addAll(command.line(files.dataDir()));
            line.add(nodeJson.toString());
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("agent.log").toFile()));
            tag(builder.environment(), request);
            // setsid replaces itself by the agent, so this is the agent's id and the id of its session.
            Process agent = builder.start();
            long started = agent.info()
                    .startInstant()
                    .orElseThrow(() -> new ProviderException("The agent of a node ended at once"))
                    .toEpochMilli();
            var process = new ProviderNode.AgentProcess(agent.pid(), started);
            Files.writeString(folder.resolve(AGENT_FILE), Json.write(process));
            return new ProviderNode(request.nodeId(), request.deploymentId(), process, List.of(agent.pid()), 0);
        } catch (IOException e) {
            throw new ProviderException("The agent of a node could not be started: " + e.getMessage(), e);
        }
    }

    @Override
    public List<ProviderNode> list() {
        Map<String, Found> found = new HashMap<>();
        Map<Long, String> nodeOfSession = new HashMap<>();
        List<ProcessTable.Entry> processes = ProcessTable.read();
        for (ProcessTable.Entry process : processes) {
            tagsOf(process).ifPresent(tags -> {
                process.started().ifPresent(started -> {
                    Found node = found.computeIfAbsent(tags.nodeId(), id -> new Found());
                    node.deploymentId = tags.deploymentId();
                    if (process.session() == process.pid()) {
                        node.agent = new ProviderNode.AgentProcess(process.pid(), started);
                        nodeOfSession.put(process.pid(), tags.nodeId());
                    }
                    node.add(process);
                });
            });
        }
        leftBehind(processes).forEach(nodeOfSession::putIfAbsent);
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

    @Override
    public void terminate(ProviderNode node, boolean force) {
        for (ProviderNode now : list()) {
            if (now.nodeId().equals(node.nodeId())) {
                for (long pid : now.pids()) {
                    boolean sent = ProcessHandle.of(pid)
                            .map(handle -> force ? handle.destroyForcibly() : handle.destroy())
                            .orElse(false);
                    LOG.atInfo()
                            .addKeyValue("nodeId", node.nodeId())
                            .addKeyValue("pid", pid)
                            .addKeyValue("force", force)
                            .addKeyValue("sent", sent)
                            .log("Process of a node asked to end");
                }
            }
        }
    }

    /** Its logs stay for a while; its credentials, its scratch files and what it had spooled do not. */
    @Override
    public void forget(String nodeId) {
        try {
            files.clear(nodeId);
            files.dropLogs(Instant.now().minus(KEEP_LOGS));
        } catch (IOException e) {
            throw new ProviderException("The files of a node that is gone could not be deleted", e);
        }
    }

    /** Sessions whose agent has ended: known from what was noted at the start, never when the id is in use again. */
    private Map<Long, String> leftBehind(List<ProcessTable.Entry> processes) {
        Map<Long, String> sessions = new HashMap<>();
        for (String nodeId : files.nodeIds()) {
            noted(nodeId).ifPresent(agent -> {
                boolean leaderLives = processes.stream().anyMatch(entry -> entry.pid() == agent.pid());
                if (!leaderLives) {
                    sessions.put(agent.pid(), nodeId);
                }
            });
        }
        return sessions;
    }

    private Optional<ProviderNode.AgentProcess> noted(String nodeId) {
        Path file = files.folder(nodeId).resolve(AGENT_FILE);
        try {
            return Files.exists(file)
                    ? Optional.of(Json.MAPPER.readValue(file.toFile(), ProviderNode.AgentProcess.class))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("nodeId", nodeId).setCause(e).log("The note of a node's agent cannot be read");
            return Optional.empty();
        }
    }

    private void tag(Map<String, String> environment, NodeRequest request) {
        putTag(environment, NODE, request.nodeId());
        putTag(environment, DEPLOYMENT, request.deploymentId());
        putTag(environment, DATA_DIR, files.dataDir().toString());
    }

    private static void putTag(Map<String, String> environment, String nameAndEquals, String value) {
        environment.put(nameAndEquals.substring(0, nameAndEquals.length() - 1), value);
    }

    private Optional<Tags> tagsOf(ProcessTable.Entry process) {
        List<String> environment = process.environment();
        return environment.contains(DATA_DIR + files.dataDir())
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
        private final List<Long> pids = new ArrayList<>();
        private long residentMb;

        void add(ProcessTable.Entry process) {
            if (!pids.contains(process.pid())) {
                pids.add(process.pid());
                residentMb += process.residentMb();
            }
        }

        ProviderNode node(String nodeId) {
            return new ProviderNode(nodeId, deploymentId, agent, pids, residentMb);
        }
    }
}
