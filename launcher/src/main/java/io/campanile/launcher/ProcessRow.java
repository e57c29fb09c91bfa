package io.campanile.launcher;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One process of an installation as run/state.json shows it; {@code started} in milliseconds since the epoch. */
public record ProcessRow(
        String role,
        long pid,
        @Nullable Integer port,
        long started,
        @JsonProperty("cluster_id") @Nullable String clusterId) {
    /** Each JVM adds its own reading of the boot time, in whole seconds: a corrected clock shows another one. */
    private static final long SAME_START_MS = 2_000;

    /** A row of a process that runs now. */
    public static ProcessRow of(String role, ProcessHandle process, @Nullable Integer port) {
        return new ProcessRow(role, process.pid(), port, startedAt(process), null);
    }

    /** The process itself while it lives; a pid that another program has since been given does not count. */
    public Optional<ProcessHandle> alive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> Math.abs(startedAt(process) - started) < SAME_START_MS);
    }

    static long startedAt(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
