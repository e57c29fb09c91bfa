package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the reconciler on a thread of its own: now and then, and soon after being woken. */
public final class ReconcileLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);
    /** While something is on its way it is looked at this often. */
    private static final Duration SOON = Duration.ofMillis(250);

    private static final Duration HEALTHY = Duration.ofSeconds(30);

    private final Duration every;
    private final MeterRegistry metrics;
    private final Semaphore woken = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile boolean closed;
    private volatile long succeeded = System.nanoTime();

    public ReconcileLoop(Duration every, MeterRegistry metrics) {
        this.every = requireNonNull(every, "every");
        this.metrics = requireNonNull(metrics, "metrics");
    }

    public void start(Reconciler reconciler) {
        Thread started = new Thread(() -> run(reconciler), "reconciler");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    /** There is something to do. */
    public void wake() {
        woken.release();
    }

    /** Whether a look succeeded not long ago. */
    public boolean healthy() {
        return System.nanoTime() - succeeded < HEALTHY.toNanos();
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running == null) {
            return;
        }
        // No interrupt: a step that has begun is finished, so that its intent and its call stay together.
        wake();
        try {
            running.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Reconciler reconciler) {
        boolean failing = false;
        while (!closed) {
            boolean busy = false;
            try {
                Timer.Sample sample = Timer.start(metrics);
                busy = reconciler.tick();
                sample.stop(metrics.timer("campanile.clusters.reconcile"));
                succeeded = System.nanoTime();
                failing = false;
            } catch (RuntimeException e) {
                // Once per outage: the database or the provider may be away for long.
                if (!failing) {
                    LOG.error("A look at the clusters failed; trying again", e);
                }
                failing = true;
                metrics.counter("campanile.clusters.reconcile.failures").increment();
            }
            try {
                Duration pause = busy && !failing ? SOON : every;
                woken.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                woken.drainPermits();
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
