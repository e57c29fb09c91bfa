package io.campanile.clusters.metric;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every second: meets new nodes. Every half minute: stores what was measured, and throws away what is old. */
public final class UsageKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageKeeper.class);
    private static final int PERIOD_SECONDS = 30;

    private final UsageService usage;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "usage-keeper");
        thread.setDaemon(true);
        return thread;
    });

    public UsageKeeper(UsageService usage) {
        this.usage = requireNonNull(usage, "usage");
    }

    public void start() {
        timer.scheduleWithFixedDelay(() -> attempt(usage::meet), 1, 1, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(() -> attempt(this::keep), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void keep() {
        usage.flush();
        usage.forget();
    }

    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("What nodes measured could not be stored; the next attempt is soon");
        }
    }

    /** Nothing is lost by an end in order. */
    @Override
    public void close() {
        timer.shutdown();
        try {
            if (timer.awaitTermination(2, TimeUnit.SECONDS)) {
                usage.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atInfo().setCause(e).log("What nodes measured last could not be stored");
        }
    }
}
