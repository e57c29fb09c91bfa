package io.campanile.node.agent.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says of the whole machine; times in its ticks, counted since it was started. */
record Machine(long ticks, long idleTicks, long memory, long memoryFree, long received, long sent) {
    private static final int IDLE = 3;
    private static final int WAITING_FOR_DISK = 4;
    /** Those after it are counted in the first ones already. */
    private static final int KINDS = 8;

    private static final int RECEIVED = 0;
    private static final int SENT = 8;

    static Machine read() throws IOException {
        return of(lines("/proc/stat"), lines("/proc/meminfo"), lines("/proc/net/dev"));
    }

    static Machine of(List<String> stat, List<String> memory, List<String> network) {
        long[] ticks = stat.stream()
                .filter(line -> line.startsWith("cpu "))
                .findFirst()
                .map(line -> numbers(line.substring(4)))
                .orElseGet(() -> new long[0]);
        long all = 0;
        for (int kind = 0; kind < Math.min(KINDS, ticks.length); kind++) {
            all += ticks[kind];
        }
        long idle = ticks.length > WAITING_FOR_DISK ? ticks[IDLE] + ticks[WAITING_FOR_DISK] : 0;
        return new Machine(
                all,
                idle,
                bytes(memory, "MemTotal:"),
                bytes(memory, "MemAvailable:"),
                through(network, RECEIVED),
                through(network, SENT));
    }

    /** From 0 to 1. */
    double busySince(Machine before) {
        long all = ticks - before.ticks;
        long idle = idleTicks - before.idleTicks;
        return all <= 0 ? 0 : Math.min(1, Math.max(0, (all - idle) / (double) all));
    }

    private static long bytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .sum();
    }

    /** What the processes of the machine tell each other does not leave it. */
    private static long through(List<String> lines, int column) {
        return lines.stream()
                .filter(line -> line.contains(":") && !line.strip().startsWith("lo:"))
                .map(line -> numbers(line.substring(line.indexOf(':') + 1)))
                .filter(numbers -> numbers.length > column)
                .mapToLong(numbers -> numbers[column])
                .sum();
    }

    private static long[] numbers(String text) {
        return List.of(text.strip().split("\\s+")).stream()
                .filter(part -> part.matches("\\d+"))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private static List<String> lines(String file) throws IOException {
        Path path = Path.of(file);
        return Files.isReadable(path) ? Files.readAllLines(path) : List.of();
    }
}
