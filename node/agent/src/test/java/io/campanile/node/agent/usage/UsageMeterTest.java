package io.campanile.node.agent.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.node.protocol.ControlMessage.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measurements of this very process and a child that is busy. */
final class UsageMeterTest {
    @TempDir
    Path folder;

    @Test
    void aBusyChildIsSeenInCoresMemoryAndDisk() throws Exception {
        Files.write(folder.resolve("file"), new byte[100_000]);
        Process busy = new ProcessBuilder("/bin/sh", "-c", "while :; do :; done").start();
        try (UsageMeter meter = new UsageMeter(folder)) {
            assertThat(meter.measure(System.nanoTime())).isEmpty();
            AtomicReference<Usage> last = new AtomicReference<>();

            // Somebody else may have the processors for a while.
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        meter.measure(System.nanoTime()).ifPresent(last::set);
                        return last.get() != null && last.get().cores() > 0.05;
                    });

            Usage usage = Objects.requireNonNull(last.get());
            assertThat(usage.machineBusy()).isBetween(0.0, 1.0);
            assertThat(usage.machineCores()).isPositive();
            assertThat(usage.memory()).isBetween(1L << 20, usage.machineMemory());
            assertThat(usage.machineMemoryFree()).isBetween(1L, usage.machineMemory());
            assertThat(usage.disk()).isEqualTo(100_000);
            assertThat(usage.diskFree()).isPositive();
        } finally {
            busy.destroyForcibly();
        }
    }

    @Test
    void loopbackIsNoNetworkAndWaitingIsNoWork() {
        Machine machine = Machine.of(
                List.of("cpu  10 20 30 400 50 1 2 3 9 9", "cpu0 1 2 3 4 5 6 7 8 9 10"),
                List.of("MemTotal:       1000 kB", "MemFree: 1 kB", "MemAvailable:    600 kB"),
                List.of(
                        "Inter-|   Receive                    |  Transmit",
                        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets",
                        "    lo: 999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0",
                        "  eth0: 123 1 0 0 0 0 0 0 456 1 0 0 0 0 0 0",
                        " wlan0:1000 1 0 0 0 0 0 0 2000 1 0 0 0 0 0 0"));

        assertThat(machine).isEqualTo(new Machine(516, 450, 1_024_000, 614_400, 1123, 2456));
        assertThat(new Machine(616, 500, 0, 0, 0, 0).busySince(machine)).isEqualTo(0.5);
        assertThat(machine.busySince(machine)).isZero();
    }
}
