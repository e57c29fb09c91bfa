package io.campanile.notebooks;

import static java.util.Objects.requireNonNull;

import io.campanile.notebooks.results.ResultSweep;
import io.campanile.notebooks.runs.RunHistory;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets go, every hour, of runs nobody sees any more and of the results that were theirs. */
final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final Duration DRAFTS = Duration.ofDays(1);
    private static final long FIRST_MINUTES = 2;
    private static final long EVERY_MINUTES = 60;

    private final RunHistory runs;
    private final ResultSweep results;
    private final Duration keepRuns;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "retention");
        thread.setDaemon(true);
        return thread;
    });

    Retention(RunHistory runs, ResultSweep results, Duration keepRuns, Clock clock) {
        this.runs = requireNonNull(runs, "runs");
        this.results = requireNonNull(results, "results");
        this.keepRuns = requireNonNull(keepRuns, "keepRuns");
        this.clock = requireNonNull(clock, "clock");
    }

    void start() {
        timer.scheduleWithFixedDelay(this::attempt, FIRST_MINUTES, EVERY_MINUTES, TimeUnit.MINUTES);
    }

    private void attempt() {
        try {
            int forgotten = runs.forget(clock.instant().minus(keepRuns));
            int removed = results.sweep(clock.instant().minus(DRAFTS));
            if (forgotten + removed > 0) {
                LOG.atInfo()
                        .addKeyValue("runs", forgotten)
                        .addKeyValue("results", removed)
                        .log("Old runs and results were let go");
            }
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("Old runs and results could not be let go; the next attempt is in an hour");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
