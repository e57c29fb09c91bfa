package io.campanile.node.agent.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The time that each process of a node has had of the processors so far, and what all have in memory. */
record ProcessTimes(Map<Long, Duration> times, long residentBytes) {

    static ProcessTimes ofThisAndItsChildren() {
        ProcessHandle self = ProcessHandle.current();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(self), self.descendants()).toList();
        Map<Long, Duration> times = new HashMap<>();
        long resident = 0;
        for (ProcessHandle process : all) {
            process.info().totalCpuDuration().ifPresent(time -> times.put(process.pid(), time));
            resident += resident(process.pid());
        }
        return new ProcessTimes(times, resident);
    }

    /** What they had since then; a process that is new counts from its start, one that is gone not at all. */
    Duration since(ProcessTimes before) {
        Duration sum = Duration.ZERO;
        for (Map.Entry<Long, Duration> now : times.entrySet()) {
            Duration then = before.times.getOrDefault(now.getKey(), Duration.ZERO);
            Duration more = now.getValue().minus(then);
            sum = sum.plus(more.isNegative() ? now.getValue() : more);
        }
        return sum;
    }

    private static long resident(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            // It ended meanwhile, or this is no Linux.
            return 0;
        }
    }
}
