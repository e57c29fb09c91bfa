package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cost.Budget;
import io.campanile.clusters.cost.BudgetLook;
import io.campanile.clusters.cost.Notice;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every few seconds: tells clusters of what their budgets have come to, and ends those whose time of grace is over.
 * Level-triggered: what was told stands in the database, and is taken back when it is so no longer.
 */
public final class BudgetWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetWatch.class);
    private static final long EVERY_SECONDS = 10;

    private final ClusterStore clusters;
    private final NoticesStore notices;
    private final BudgetLook budgets;
    private final Clock clock;
    private final Runnable wake;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "budget-watch");
        thread.setDaemon(true);
        return thread;
    });

    /** {@code wake} is called when the reconciler has something to do. */
    public BudgetWatch(ClusterStore clusters, BudgetLook budgets, Clock clock, Runnable wake) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.notices = new NoticesStore(clusters);
        this.budgets = requireNonNull(budgets, "budgets");
        this.clock = requireNonNull(clock, "clock");
        this.wake = requireNonNull(wake, "wake");
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::attempt, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void attempt() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("Budgets could not be looked at; the next look is in a few seconds");
        }
    }

    /** Looks at the budgets of all workspaces once. */
    public void look() {
        for (long workspaceId : budgets.workspaces()) {
            look(workspaceId);
        }
    }

    private void look(long workspaceId) {
        long now = clock.millis();
        List<Notice> told = budgets.told(workspaceId);
        Set<Notice> stillSo = new HashSet<>();
        List<Cluster> active = clusters.active(workspaceId).stream()
                .filter(ClusterStore::active)
                .toList();
        // A workspace where nothing runs has nothing to be told of.
        List<BudgetLook.Seen> seen = active.isEmpty() ? List.of() : budgets.standings(workspaceId, now);
        for (BudgetLook.Seen standing : seen) {
            for (Cluster cluster : active) {
                if (standing.budget().covers(BudgetPlaceStore.wanted(cluster))) {
                    stillSo.addAll(look(standing, cluster, told, now));
                }
            }
        }
        told.stream().filter(notice -> !stillSo.contains(notice)).forEach(budgets::forget);
    }

    /** Answers what was told before and still holds. */
    private Set<Notice> look(BudgetLook.Seen standing, Cluster cluster, List<Notice> told, long now) {
        Set<Notice> stillSo = new HashSet<>();
        for (Budget.Action action : Budget.Action.values()) {
            if (!standing.budget().reaches(action, standing.spent())) {
                continue;
            }
            Notice notice = standing.notice(cluster.clusterId(), action, now);
            Notice before = told.stream().filter(notice::sameAs).findFirst().orElse(null);
            if (before == null) {
                notices.tell(cluster, standing, notice);
                // The place of one of an older period is taken.
                told.stream().filter(notice::replaces).forEach(stillSo::add);
                continue;
            }
            stillSo.add(before);
            Long due = before.dueAt();
            if (due != null && now >= due && notices.end(cluster, standing, now)) {
                LOG.atInfo()
                        .addKeyValue("clusterId", cluster.clusterId())
                        .addKeyValue("budgetId", standing.budget().budgetId())
                        .log("Cluster ended by a budget");
                wake.run();
            }
        }
        return stillSo;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
