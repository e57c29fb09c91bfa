package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Secret;
import io.campanile.common.json.Json;
import io.campanile.common.service.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The folders of local nodes, {@code <data-dir>/nodes/<node id>}, and the {@code node.json} in each. */
public final class NodeFiles {
    private static final String LOGS = "logs";
    private static final String JSON = ".json";

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
                request.executorId() == null ? "driver" : "worker",
                process(request),
                "park_kernels",
                request.executorId() == null ? parkKernels : 0,
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

    /** Notes which process the agent of a node is, where no code of a node's owner can write. */
    void note(String nodeId, String content) throws IOException {
        Files.createDirectories(notesFolder());
        Files.writeString(notesFolder().resolve(nodeId + JSON), content);
    }

    /** The notes of nodes that are not forgotten, by node. */
    Map<String, Path> notes() {
        Map<String, Path> notes = new TreeMap<>();
        if (!Files.isDirectory(notesFolder())) {
            return notes;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(notesFolder(), "*" + JSON)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                notes.put(name.substring(0, name.length() - JSON.length()), file);
            }
            return notes;
        } catch (IOException e) {
            throw new ProviderException("The notes of the nodes' agents cannot be read", e);
        }
    }

    private Path notesFolder() {
        return dataDir.resolve("run").resolve("agents");
    }

    /** The process that the node is there for. */
    private static Map<String, Object> process(NodeRequest request) {
        NodeShape shape = request.shape();
        Map<String, Object> process = new TreeMap<>();
        process.put("runtime", shape.runtime());
        process.put("heap_mb", shape.heapMb());
        process.put("environment", shape.variables());
        process.put("secrets", values(request));
        Secret ofCluster = request.clusterSecret();
        if (ofCluster != null) {
            process.put("cluster_secret", ofCluster.value());
        }
        Integer executorId = request.executorId();
        if (executorId == null) {
            process.put("spark_conf", shape.sparkConf());
        } else {
            process.put("executor_id", executorId.toString());
            process.put("cores", requireNonNull(shape.cores(), "cores"));
        }
        return process;
    }

    private static Map<String, String> values(NodeRequest request) {
        Map<String, String> values = new TreeMap<>();
        request.secrets().forEach((reference, secret) -> values.put(reference, secret.value()));
        return values;
    }

    /** Deletes all of a node but its logs. Links are deleted, never followed: its owner's tables hang on one. */
    void clear(String nodeId) throws IOException {
        Files.deleteIfExists(notesFolder().resolve(nodeId + JSON));
        Path folder = folder(nodeId);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!LOGS.equals(String.valueOf(entry.getFileName()))) {
                    Folders.delete(entry);
                }
            }
        }
    }

    /** Deletes the folders of nodes of which only logs are left, when they were made before that time. */
    void dropLogs(Instant before) throws IOException {
        for (String nodeId : nodeIds()) {
            Path folder = folder(nodeId);
            List<String> entries;
            try (Stream<Path> files = Files.list(folder)) {
                entries = files.map(file -> String.valueOf(file.getFileName())).toList();
            }
            // Its own time changed last when everything else was deleted.
            boolean old = Files.getLastModifiedTime(folder).toInstant().isBefore(before);
            if (old && entries.stream().allMatch(LOGS::equals)) {
                Folders.delete(folder);
            }
        }
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
