package io.campanile.driver.executors;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.TaskSetManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/** What a driver with workers says of its executors, and does with them. */
public final class ClusterExecutors {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterExecutors.class);
    private static final long SECONDS = 1;

    private final SparkContext context;
    private final JoinedExecutors executors;
    private final TaskSchedulerImpl scheduler;
    private final Holdings holdings = new Holdings();
    /** When each was last seen with a task, which an event that is dropped under load cannot falsify. */
    private final Map<String, Long> seenBusy = new HashMap<>();

    private final Set<String> hidden = new HashSet<>();
    /** Those of the executors that are there which the timer has seen told what is hidden. */
    private final Set<String> told = new HashSet<>();

    private @Nullable Load last;

    private ClusterExecutors(SparkContext context) {
        this.context = context;
        this.executors = (JoinedExecutors) context.schedulerBackend();
        this.scheduler = (TaskSchedulerImpl) context.taskScheduler();
    }

    /** Those of a driver whose master is {@link CampanileMaster}. */
    public static ClusterExecutors of(SparkContext context) {
        var executors = new ClusterExecutors(context);
        context.addSparkListener(executors.holdings);
        if (context.cleaner().isDefined()) {
            context.cleaner().get().attachListener(executors.holdings);
        }
        context.addSparkListener(new SparkListener() {
            @Override
            public void onExecutorAdded(SparkListenerExecutorAdded event) {
                executors.tellHidden();
            }
        });
        return executors;
    }

    /** What an executor must know to find this driver. */
    public Map<String, String> scheduler() {
        return Map.of("url", executors.url(), "app_id", context.applicationId());
    }

    /** Says the load whenever it changed, at most once a second, from a thread of its own. */
    public void report(Consumer<Load> to) {
        var timer = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "load");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(() -> sayChange(to), 0, SECONDS, TimeUnit.SECONDS);
    }

    private void sayChange(Consumer<Load> to) {
        try {
            tellNew();
            Load now = load();
            if (!now.equals(last)) {
                last = now;
                to.accept(now);
            }
        } catch (RuntimeException e) {
            // The next second may be better; a timer whose task throws is over.
            LOG.warn("The load of the scheduler cannot be told", e);
        }
    }

    /** An executor's coming is an event, and Spark drops events when it has too many. */
    private void tellNew() {
        Set<String> joined =
                executors.joined().stream().map(JoinedExecutors.Joined::id).collect(Collectors.toSet());
        if (!told.containsAll(joined)) {
            tellHidden();
            told.addAll(joined);
        }
        told.retainAll(joined);
    }

    private Load load() {
        int pending = 0;
        Map<String, Integer> running = new HashMap<>();
        synchronized (scheduler) {
            for (TaskSetManager tasks :
                    CollectionConverters.asJava(scheduler.rootPool().getSortedTaskSetQueue())) {
                pending += Load.waiting(tasks.isZombie(), tasks.successful(), tasks.copiesRunning());
            }
            CollectionConverters.asJava(scheduler.runningTasksByExecutors())
                    .forEach((id, count) -> running.put(id, (Integer) count));
        }
        Map<String, Long> shuffle = holdings.shuffleBytes();
        List<Load.Executor> all = new ArrayList<>();
        List<JoinedExecutors.Joined> joined = executors.joined();
        seenBusy.keySet()
                .retainAll(joined.stream().map(JoinedExecutors.Joined::id).toList());
        for (JoinedExecutors.Joined each : joined) {
            int tasks = running.getOrDefault(each.id(), 0);
            all.add(new Load.Executor(
                    each.id(),
                    each.cores(),
                    tasks,
                    idleSince(each, tasks),
                    holdings.cachedBytes(each.id()),
                    shuffle.getOrDefault(each.id(), 0L),
                    each.leaving()));
        }
        all.sort(Comparator.comparing(Load.Executor::executorId));
        return new Load(
                pending, all.stream().mapToInt(Load.Executor::runningTasks).sum(), all);
    }

    private @Nullable Long idleSince(JoinedExecutors.Joined executor, int tasks) {
        if (tasks > 0) {
            seenBusy.put(executor.id(), System.currentTimeMillis());
            return null;
        }
        long busy = Math.max(holdings.lastEnd(executor.id()), seenBusy.getOrDefault(executor.id(), 0L));
        return Math.max(executor.since(), busy);
    }

    /** Takes executors out: each ends when its tasks have ended and others have its blocks. */
    public void decommission(List<String> ids) {
        executors.decommission(ids);
    }

    /** Keeps values out of the logs of all executors, those to come too. */
    public void hide(List<String> values) {
        synchronized (hidden) {
            if (!hidden.addAll(values)) {
                return;
            }
        }
        tellHidden();
    }

    private void tellHidden() {
        List<String> values;
        synchronized (hidden) {
            values = List.copyOf(hidden);
        }
        if (!values.isEmpty()) {
            executors.tellAll(new HideValues(values));
        }
    }
}
