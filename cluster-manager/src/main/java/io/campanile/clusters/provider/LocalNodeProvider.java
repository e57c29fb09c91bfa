package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import io.campanile.common.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes as processes of this machine, each in a sandbox where there is one. An agent leads a session of its own, so it
 * outlives this process; its node id is in its environment, or in that of its sandbox's wrapper, so it is found again by
 * whoever looks.
 */
public final class LocalNodeProvider implements NodeProvider {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNodeProvider.class);
    private static final Duration KEEP_LOGS = Duration.ofDays(7);
    /** What a node has of our environment: in the rest of it may be settings that are secrets. */
    private static final Set<String> INHERITED =
            Set.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "JAVA_HOME", "LD_LIBRARY_PATH");

    private final NodeFiles files;
    private final AgentCommand command;
    private final Isolation isolation;

    /** How an agent is started: all of its command line but the last argument, its {@code node.json}. */
    public interface AgentCommand {
        List<String> line(Path dataDir);
    }

    public LocalNodeProvider(NodeFiles files, AgentCommand command, Isolation isolation) {
        this.files = requireNonNull(files, "files");
        this.command = requireNonNull(command, "command");
        this.isolation = requireNonNull(isolation, "isolation");
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
        Optional<ProviderNode> there = find(request.nodeId());
        if (there.isPresent() && there.get().agent() != null) {
            return there.get();
        }
        Path folder = files.folder(request.nodeId());
        Path log = folder.resolve("agent.log");
        try {
            Path nodeJson = files.write(request);
            ProcessBuilder builder = new ProcessBuilder(line(request, folder, nodeJson))
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().keySet().retainAll(INHERITED);
            tag(builder.environment(), request);
            // setsid replaces itself by the agent or its sandbox's wrapper: this is its id, and the id of its session.
            Process started = builder.start();
            return isolation.isSandbox() ? inSandbox(request, started, log) : asProcess(request, started, log);
        } catch (IOException e) {
            throw new ProviderException("The agent of a node could not be started: " + e.getMessage(), e);
        }
    }

    private List<String> line(NodeRequest request, Path folder, Path nodeJson) throws IOException {
        List<String> agent = new ArrayList<>(command.line(files.dataDir()));
        agent.add(nodeJson.toString());
        Sandbox sandbox = isolation.sandbox();
        List<String> line = new ArrayList<>(List.of("setsid"));
        line.addAll(sandbox == null ? agent : sandbox.wrap(folder, request.owner(), agent));
        return line;
    }

    private ProviderNode asProcess(NodeRequest request, Process agent, Path log) throws IOException {
        var process = new ProviderNode.AgentProcess(agent.pid(), started(agent.toHandle(), log));
        note(request, process.pid(), process.started(), false);
        return new ProviderNode(request.nodeId(), request.deploymentId(), process, List.of(agent.pid()), 0);
    }

    private ProviderNode inSandbox(NodeRequest request, Process wrapper, Path log) throws IOException {
        long agent = Isolation.agentOf(wrapper, log);
        List<Long> pids = new ArrayList<>(List.of(wrapper.pid()));
        for (ProcessHandle init : wrapper.children().toList()) {
            note(request, init.pid(), started(init, log), true);
            pids.add(init.pid());
        }
        pids.add(agent);
        MemoryGroups limits = isolation.limits();
        if (limits != null) {
            // The agent has only just begun: what it starts is in its group.
            limits.limit(request.nodeId(), request.shape().mostMb(), pids);
        }
        ProcessHandle handle = ProcessHandle.of(agent).orElseThrow(() -> endedAtOnce(log));
        return new ProviderNode(
                request.nodeId(),
                request.deploymentId(),
                new ProviderNode.AgentProcess(agent, started(handle, log)),
                pids,
                0);
    }

    /** Where no code of a node's owner can write. */
    private void note(NodeRequest request, long pid, long started, boolean sandbox) throws IOException {
        var note = new NodeSearch.Note(pid, started, sandbox, request.deploymentId());
        files.note(request.nodeId(), Json.write(note));
    }

    private static long started(ProcessHandle process, Path log) {
        return process.info().startInstant().orElseThrow(() -> endedAtOnce(log)).toEpochMilli();
    }

    private static ProviderException endedAtOnce(Path log) {
        try {
            return new ProviderException("The agent of a node ended at once: " + Isolation.lastLine(log));
        } catch (IOException e) {
            return new ProviderException("The agent of a node ended at once", e);
        }
    }

    @Override
    public void open(String nodeId, NodeOwner owner) {
        Sandbox sandbox = isolation.sandbox();
        if (sandbox == null) {
            return;
        }
        ProviderNode.AgentProcess agent = find(nodeId)
                .map(ProviderNode::agent)
                .orElseThrow(() -> new ProviderException("The agent of a node that was to be given away is gone"));
        try {
            new SandboxOpening(sandbox).open(agent.pid(), owner);
        } catch (IOException e) {
            throw new ProviderException("A node could not be given to its owner: " + e.getMessage(), e);
        }
    }

    private Optional<ProviderNode> find(String nodeId) {
        return list().stream().filter(node -> node.nodeId().equals(nodeId)).findFirst();
    }

    @Override
    public List<ProviderNode> list() {
        Sandbox sandbox = isolation.sandbox();
        if (sandbox != null) {
            sandbox.view().refresh();
        }
        return new NodeSearch(files.dataDir().toString()).nodes(noted());
    }

    /** {@code force}: its processes cannot refuse. Else only those that know what to do with it are asked. */
    @Override
    public void terminate(ProviderNode node, boolean force) {
        for (ProviderNode now : list()) {
            if (now.nodeId().equals(node.nodeId())) {
                // A sandbox ends with its agent; without its wrapper nobody would see it end.
                boolean all = force || now.inside().isEmpty();
                for (long pid : all ? now.pids() : now.inside().values()) {
                    end(now.nodeId(), pid, force);
                }
            }
        }
    }

    private static void end(String nodeId, long pid, boolean force) {
        boolean sent = ProcessHandle.of(pid)
                .map(handle -> force ? handle.destroyForcibly() : handle.destroy())
                .orElse(false);
        LOG.atInfo()
                .addKeyValue("nodeId", nodeId)
                .addKeyValue("pid", pid)
                .addKeyValue("force", force)
                .addKeyValue("sent", sent)
                .log("Process of a node asked to end");
    }

    @Override
    public boolean opens() {
        return isolation.opens();
    }

    /** Its logs stay for a while; its credentials, its scratch files and what it had spooled do not. */
    @Override
    public void forget(String nodeId) {
        try {
            files.clear(nodeId);
            files.dropLogs(Instant.now().minus(KEEP_LOGS));
            MemoryGroups limits = isolation.limits();
            if (limits != null) {
                limits.drop(nodeId);
            }
        } catch (IOException e) {
            throw new ProviderException("The files of a node that is gone could not be deleted", e);
        }
    }

    private Map<String, NodeSearch.Note> noted() {
        Map<String, NodeSearch.Note> noted = new HashMap<>();
        files.notes().forEach((nodeId, file) -> {
            try {
                noted.put(nodeId, Json.MAPPER.readValue(file.toFile(), NodeSearch.Note.class));
            } catch (IOException e) {
                LOG.atWarn().addKeyValue("nodeId", nodeId).setCause(e).log("The note of a node's agent cannot be read");
            }
        });
        return noted;
    }

    private void tag(Map<String, String> environment, NodeRequest request) {
        putTag(environment, NodeSearch.NODE, request.nodeId());
        putTag(environment, NodeSearch.DEPLOYMENT, request.deploymentId());
        putTag(environment, NodeSearch.DATA_DIR, files.dataDir().toString());
    }

    private static void putTag(Map<String, String> environment, String nameAndEquals, String value) {
        environment.put(nameAndEquals.substring(0, nameAndEquals.length() - 1), value);
    }
}
