package io.campanile.clusters.provider;

import io.campanile.common.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The folders of local nodes, {@code <data-dir>/nodes/<node id>}, and the {@code node.json} in each. */
public final class NodeFiles {
    private final Path dataDir;
    private final int parkKernels;
    private final long deadManSeconds;

    public NodeFiles(Path dataDir, int parkKernels, long deadManSeconds) {
        this.dataDir = dataDir.toAbsolutePath().normalize();
        this.parkKernels = parkKernels;
        this.deadManSeconds = deadManSeconds;
    }

    public Path dataDir() {
        return dataDir;
    }

    Path folder(String nodeId) {
        return dataDir.resolve("nodes").resolve(nodeId);
    }

    /** Writes what the agent is told, readable by its owner alone from the first byte. */
    Path write(NodeRequest request) throws IOException {
        Path folder = folder(request.nodeId());
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = folder.resolve("node.json");
        NodeShape shape = request.shape();
        Map<String, Object> content = Map.of(
                "node_id",
                request.nodeId(),
                "secret",
                request.secret().value(),
                "data_dir",
                dataDir.toString(),
                "node_dir",
                folder.toString(),
                "endpoints_file",
                dataDir.resolve("run/endpoints.json").toString(),
                "driver",
                Map.of("runtime", shape.runtime(), "heap_mb", shape.heapMb(), "spark_conf", shape.sparkConf()),
                "park_kernels",
                parkKernels,
                "dead_man_seconds",
                deadManSeconds);
        Files.deleteIfExists(file);
        try (var channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(StandardCharsets.UTF_8.encode(Json.write(content)));
        }
        return file;
    }

    /** The nodes that have a folder. */
    List<String> nodeIds() {
        Path nodes = dataDir.resolve("nodes");
        if (!Files.isDirectory(nodes)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(nodes)) {
            return folders.map(folder -> String.valueOf(folder.getFileName())).toList();
        } catch (IOException e) {
            throw new ProviderException("The folders of the nodes cannot be read", e);
        }
    }
}
