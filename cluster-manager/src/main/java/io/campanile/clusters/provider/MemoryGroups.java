package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps each node to its memory by a control group of its own, version 1 or 2, where the machine lets us make any. */
final class MemoryGroups {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryGroups.class);
    private static final String PREFIX = "campanile-";

    private final Path parent;
    private final String limitFile;

    MemoryGroups(Path parent, String limitFile) {
        this.parent = requireNonNull(parent, "parent");
        this.limitFile = requireNonNull(limitFile, "limitFile");
    }

    /** Empty where no group can be made; said once, as it is asked once. */
    static Optional<MemoryGroups> ofMachine() {
        try {
            for (MemoryGroups candidate : candidates()) {
                if (candidate.works()) {
                    return Optional.of(candidate);
                }
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("Control groups cannot be read");
        }
        LOG.warn("The memory of nodes is not limited: no control group for memory can be made here");
        return Optional.empty();
    }

    private static List<MemoryGroups> candidates() throws IOException {
        String ofVersion1 = "";
        String ofVersion2 = "";
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] fields = line.split(":", 3);
            if (Arrays.asList(fields[1].split(",")).contains("memory")) {
                ofVersion1 = fields[2].substring(1);
            } else if (fields[1].isEmpty()) {
                ofVersion2 = fields[2].substring(1);
            }
        }
        Path groups = Path.of("/sys/fs/cgroup");
        Path memory = groups.resolve("memory");
        return List.of(
                new MemoryGroups(memory.resolve(ofVersion1), "memory.limit_in_bytes"),
                new MemoryGroups(memory, "memory.limit_in_bytes"),
                new MemoryGroups(groups.resolve(ofVersion2), "memory.max"),
                new MemoryGroups(groups, "memory.max"));
    }

    private boolean works() {
        Path group = parent.resolve(PREFIX + "probe-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(group);
            try {
                return Files.isWritable(group.resolve(limitFile));
            } finally {
                Files.delete(group);
            }
        } catch (IOException mayNot) {
            return false;
        }
    }

    /** Puts processes, and whatever they will start, into the group of a node. */
    void limit(String nodeId, long mb, List<Long> pids) {
        Path group = group(nodeId);
        try {
            Files.createDirectories(group);
            Files.writeString(group.resolve(limitFile), Long.toString(mb * 1024 * 1024));
            for (long pid : pids) {
                Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("nodeId", nodeId).setCause(e).log("The memory of a node is not limited");
        }
    }

    /** What a node may take; 0 when it has no group. */
    long limitMb(String nodeId) throws IOException {
        Path limit = group(nodeId).resolve(limitFile);
        return Files.exists(limit) ? Long.parseLong(Files.readString(limit).strip()) / (1024 * 1024) : 0;
    }

    /** The node is gone, and its group with it. */
    void drop(String nodeId) {
        try {
            Files.deleteIfExists(group(nodeId));
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("nodeId", nodeId).setCause(e).log("The group of a node stays");
        }
    }

    private Path group(String nodeId) {
        return parent.resolve(PREFIX + nodeId);
    }
}
