package io.campanile.node.agent.usage;

import io.campanile.node.protocol.ControlMessage.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures this node every 10 s, on a thread of its own: a folder may be large, a disk slow. */
public final class UsageMeter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageMeter.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    /** Rates need a time before: the page should not wait as long for the first ones. */
    private static final Duration FIRST = Duration.ofSeconds(2);
    /** Its files are counted once a minute. */
    private static final int LOOKS_PER_COUNT = 6;

    private final Path folder;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "usage");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable Usage last;
    private @Nullable ProcessTimes processes;
    private @Nullable Machine machine;
    private long measured;
    private int looks;
    private long disk;

    public UsageMeter(Path folder) {
        this.folder = folder;
    }

    public void start() {
        timer.execute(this::look);
        timer.scheduleAtFixedRate(this::look, FIRST.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What was measured last; null before. */
    public @Nullable Usage last() {
        return last;
    }

    private void look() {
        try {
            measure(System.nanoTime()).ifPresent(usage -> last = usage);
        } catch (IOException | RuntimeException e) {
            LOG.debug("This node cannot be measured", e);
        }
    }

    /** Rates need two looks: the first one answers nothing. */
    Optional<Usage> measure(long now) throws IOException {
        if (looks++ % LOOKS_PER_COUNT == 0) {
            disk = FolderSize.of(folder);
        }
        ProcessTimes processesNow = ProcessTimes.ofThisAndItsChildren();
        Machine machineNow = Machine.read();
        ProcessTimes processesBefore = processes;
        Machine machineBefore = machine;
        double seconds = (now - measured) / 1e9;
        processes = processesNow;
        machine = machineNow;
        measured = now;
        if (processesBefore == null || machineBefore == null || seconds <= 0) {
            return Optional.empty();
        }
        return Optional.of(new Usage(
                System.currentTimeMillis(),
                processesNow.since(processesBefore).toNanos() / 1e9 / seconds,
                Runtime.getRuntime().availableProcessors(),
                machineNow.busySince(machineBefore),
                processesNow.residentBytes(),
                machineNow.memory(),
                machineNow.memoryFree(),
                disk,
                folder.toFile().getUsableSpace(),
                Math.max(0, machineNow.received() - machineBefore.received()) / seconds,
                Math.max(0, machineNow.sent() - machineBefore.sent()) / seconds));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
