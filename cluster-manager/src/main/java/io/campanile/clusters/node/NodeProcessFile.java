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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code run/nodes.json}: the processes of the nodes, for whoever shows all processes of the installation. */
public final class NodeProcessFile {
    private final Path file;
    private String written = "";

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
        for (Node node : nodes) {
            ProviderNode real = seen.get(node.nodeId());
            if (real != null) {
                rows.addAll(rows(node, real));
            }
        }
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

    private static List<Row> rows(Node node, ProviderNode real) {
        List<Row> rows = new ArrayList<>();
        ProviderNode.AgentProcess agent = real.agent();
        if (agent != null) {
            rows.add(new Row("agent", agent.pid(), null, agent.started(), node.clusterId()));
        }
        String status = node.report().status();
        if (status != null) {
            for (ProcessInfo process : NodeJson.read(status, NodeStatus.class).processes()) {
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
