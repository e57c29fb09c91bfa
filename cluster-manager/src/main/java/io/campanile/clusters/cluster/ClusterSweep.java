package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cost.UsageStore;
import io.campanile.common.db.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every minute: ends clusters that have run for too long, and forgets those that ended long ago. */
public final class ClusterSweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSweep.class);
    /** As the public API has it. */
    private static final Duration SHOWN = Duration.ofDays(30);

    private static final Duration EVENTS_KEPT = Duration.ofDays(60);
    /** As long as their logs. */
    private static final Duration NODES_KEPT = Duration.ofDays(7);

    /** Those that follow the changes of clusters learn of an end within this time. */
    private static final Duration DELETED_KEPT = Duration.ofDays(1);

    private static final int AT_ONCE = 500;

    private final ClusterStore clusters;
    private final SweepStore store;
    private final UsageStore usage;
    private final Duration usageKept;
    private final Clock clock;
    private final Runnable wake;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "cluster-sweep");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Sweeps through these.
     *
     * @param usageKept for how long it stays known what was used
     * @param wake called when the reconciler has something to do
     */
    public ClusterSweep(
            ClusterStore clusters,
            Database database,
            UsageStore usage,
            Duration usageKept,
            Clock clock,
            Runnable wake) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.store = new SweepStore(database);
        this.usage = requireNonNull(usage, "usage");
        this.usageKept = requireNonNull(usageKept, "usageKept");
        this.clock = requireNonNull(clock, "clock");
        this.wake = requireNonNull(wake, "wake");
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::attempt, 1, 1, TimeUnit.MINUTES);
    }

    private void attempt() {
        try {
            sweep();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("Clusters that are over could not be looked at; the next look is in a minute");
        }
    }

    /** Does what is due, some at a time; the rest waits for the next look. */
    void sweep() {
        long now = clock.millis();
        // First of all: what follows forgets nodes.
        usage.settle(now, 10 * AT_ONCE);
        int ended = endOverdue(now);
        long shown = now - SHOWN.toMillis();
        int hidden = 0;
        for (Cluster cluster : store.ended(shown, AT_ONCE)) {
            hidden += hide(cluster, shown, now);
        }
        int forgotten = store.forget(now - DELETED_KEPT.toMillis(), AT_ONCE);
        int events = store.forgetEvents(now - EVENTS_KEPT.toMillis(), 10 * AT_ONCE);
        int nodes = store.forgetNodes(now - NODES_KEPT.toMillis(), 10 * AT_ONCE);
        usage.forget(now - usageKept.toMillis(), 10 * AT_ONCE);
        if (ended + hidden + forgotten + events + nodes > 0) {
            LOG.atInfo()
                    .addKeyValue("ended", ended)
                    .addKeyValue("hidden", hidden)
                    .addKeyValue("forgotten", forgotten)
                    .addKeyValue("events", events)
                    .addKeyValue("nodes", nodes)
                    .log("Clusters whose time was over were ended and forgotten");
        }
    }

    private int endOverdue(long now) {
        int ended = 0;
        for (SweepStore.Overdue overdue : store.overdue(now, AT_ONCE)) {
            long longest = Duration.ofMinutes(overdue.minutes()).toMillis();
            Optional<Cluster> after = clusters.change(overdue.workspaceId(), overdue.clusterId(), known -> {
                Long since = known.status().runningSince();
                boolean due = known.desired() == Desired.RUNNING && since != null && now - since >= longest;
                return due
                        ? Optional.of(ClusterLife.terminate(
                                known,
                                Termination.lifetime(overdue.minutes()),
                                "Terminated after running for " + overdue.minutes()
                                        + " minutes, the longest that this workspace lets clusters run",
                                now))
                        : Optional.empty();
            });
            ended += after.isPresent() ? 1 : 0;
        }
        if (ended > 0) {
            wake.run();
        }
        return ended;
    }

    private int hide(Cluster cluster, long shown, long now) {
        boolean[] hidden = new boolean[1];
        clusters.change(cluster.workspaceId(), cluster.clusterId(), known -> {
            Long ended = known.status().terminatedAt();
            hidden[0] = known.state().stopped()
                    && known.desired() == Desired.TERMINATED
                    && ended != null
                    && ended <= shown
                    && known.pin() == null
                    && known.deletedAt() == null;
            return hidden[0] ? Optional.of(Change.of(known.deleted(now))) : Optional.empty();
        });
        return hidden[0] ? 1 : 0;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
