package io.campanile.clusters.node;

import io.campanile.clusters.provider.ProviderNode;
import io.campanile.common.json.Json;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.ControlMessage.ProcessInfo;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code run/nodes.json}: the processes of the nodes, for whoever shows all processes of the installation. */
public final class NodeProcessFile {
    private final Path file;
    private String written = "";
    /** What nodes last said, read: most go on saying the same. */
    private Map<String, Said> said = Map.of();

    private record Said(String status, List<ProcessInfo> processes) {}

    public NodeProcessFile(Path dataDir) {
        this.file = dataDir.resolve("run/nodes.json");
    }

    /** One process; {@code clusterId} absent for a node of the warm pool. */
    record Row(
            String role,
            long pid,
            @Nullable Integer port,
            long started,
            @Nullable String clusterId) {}

    /** Replaces the file when something changed. Processes the provider does not see are left out. */
    public void write(List<Node> nodes, Map<String, ProviderNode> seen) {
        List<Row> rows = new ArrayList<>();
        Map<String, Said> now = new HashMap<>();
        for (Node node : nodes) {
            ProviderNode real = seen.get(node.nodeId());
            if (real != null) {
                rows.addAll(rows(node, real, now));
            }
        }
        said = now;
        String content = Json.write(Map.of("processes", rows));
        if (content.equals(written)) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling("nodes.json.next");
            Files.writeString(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            written = content;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Row> rows(Node node, ProviderNode real, Map<String, Said> now) {
        List<Row> rows = new ArrayList<>();
        ProviderNode.AgentProcess agent = real.agent();
        if (agent != null) {
            rows.add(new Row("agent", agent.pid(), null, agent.started(), node.clusterId()));
        }
        String status = node.report().status();
        if (status != null) {
            Said read = said.get(node.nodeId());
            if (read == null || !read.status().equals(status)) {
                read = new Said(status, NodeJson.read(status, NodeStatus.class).processes());
            }
            now.put(node.nodeId(), read);
            for (ProcessInfo process : read.processes()) {
                real.pidHere(process.pid())
                        .filter(pid -> agent == null || pid != agent.pid())
                        .filter(pid -> lives(pid, process.started()))
                        .ifPresent(pid -> rows.add(
                                new Row(process.role(), pid, process.port(), process.started(), node.clusterId())));
            }
        }
        return rows;
    }

    /** A process may have left its agent's session; that it still is the one reported is told by its start. */
    private static boolean lives(long pid, long started) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(found -> found.info().startInstant())
                .filter(start -> Math.abs(start.toEpochMilli() - started) < 2_000)
                .isPresent();
    }
}
