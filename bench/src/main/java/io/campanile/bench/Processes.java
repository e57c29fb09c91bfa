package io.campanile.bench;

import io.campanile.acceptance.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Memory and processor time of an installation's processes, as Linux counts them. Nodes are children of the control plane
 * but roles of their own; PostgreSQL's children are counted with it.
 */
final class Processes {
    /** Less than this of one processor, while it was looked, is rest. */
    private static final double REST = 0.03;

    private static final Duration LOOK = Duration.ofSeconds(3);

    private final Installation installation;

    Processes(Installation installation) {
        this.installation = installation;
    }

    /**
     * Memory of the processes of some roles in MB: each page shared by n processes counts 1/n in each
     * (Pss), so that PostgreSQL's shared buffers count once.
     */
    double megabytes(Set<String> roles) throws IOException {
        double sum = 0;
        for (ProcessHandle process : tree(roles)) {
            sum += pss(process);
        }
        return sum;
    }

    /** From now on {@link #peakMegabytes} counts anew. */
    void forgetPeaks(String role) throws IOException {
        for (ProcessHandle process : installation.processes(role)) {
            Files.writeString(Path.of("/proc", Long.toString(process.pid()), "clear_refs"), "5");
        }
    }

    /** The most memory the processes of a role have had at once, heap and all else, in MB. */
    double peakMegabytes(String role) throws IOException {
        double sum = 0;
        for (ProcessHandle process : installation.processes(role)) {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                sum += line.startsWith("VmHWM:") ? Long.parseLong(line.replaceAll("\\D", "")) / 1024.0 : 0;
            }
        }
        return sum;
    }

    /** Returns when the processes of these roles have used next to no processor time for three seconds. */
    void awaitRest(Set<String> roles, Duration limit) throws Exception {
        long[] seen = {System.nanoTime(), cpuNanos(roles)};
        Waiting.until("processes at rest", limit, () -> {
            long now = System.nanoTime();
            if (now - seen[0] < LOOK.toNanos()) {
                return false;
            }
            long cpu = cpuNanos(roles);
            boolean rest = cpu - seen[1] < REST * (now - seen[0]);
            seen[0] = now;
            seen[1] = cpu;
            return rest;
        });
    }

    private long cpuNanos(Set<String> roles) throws IOException {
        long sum = 0;
        for (ProcessHandle process : tree(roles)) {
            sum += process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
        }
        return sum;
    }

    private List<ProcessHandle> tree(Set<String> roles) throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        for (String role : roles) {
            for (ProcessHandle process : installation.processes(role)) {
                found.add(process);
                if (role.equals("postgres")) {
                    process.descendants().forEach(found::add);
                }
            }
        }
        return found.stream().distinct().toList();
    }

    private static double pss(ProcessHandle process) throws IOException {
        Path file = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("Pss:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
                }
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
        }
        return 0;
    }
}
