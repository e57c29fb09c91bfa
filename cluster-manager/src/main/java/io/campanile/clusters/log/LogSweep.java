package io.campanile.clusters.log;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every minute: throws away logs whose time is over, and those of clusters that were deleted. */
public final class LogSweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogSweep.class);

    private final LogRetention retention;
    private final Duration keep;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "log-sweep");
        thread.setDaemon(true);
        return thread;
    });

    public LogSweep(LogRetention retention, Duration keep, Clock clock) {
        this.retention = requireNonNull(retention, "retention");
        this.keep = requireNonNull(keep, "keep");
        this.clock = requireNonNull(clock, "clock");
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::attempt, 1, 1, TimeUnit.MINUTES);
    }

    private void attempt() {
        try {
            sweep();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("Old logs could not be thrown away; the next look is in a minute");
        }
    }

    void sweep() {
        int gone = retention.sweep(clock.millis() - keep.toMillis());
        if (gone > 0) {
            LOG.atInfo().addKeyValue("logs", gone).log("Logs whose time was over were thrown away");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
