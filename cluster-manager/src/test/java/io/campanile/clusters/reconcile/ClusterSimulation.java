package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeRole;
import io.campanile.clusters.node.NodeState;
import io.campanile.clusters.provider.NodeShape;
import io.campanile.clusters.scaling.Autoscaler;
import io.campanile.clusters.scaling.LoadHistory;
import io.campanile.clusters.scaling.LoadSample;
import io.campanile.clusters.scaling.ScalingRules;
import io.campanile.node.protocol.ControlMessage.ExecutorLoad;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * A cluster in simulated time: workers that take a while to start and to leave, tasks that wait for a free core. The
 * autoscaler and the choice of who leaves are the real ones.
 */
final class ClusterSimulation {
    static final long LOOK_MILLIS = 2_000;
    static final int CORES = 2;

    private final LoadCurve curve;
    private final Autoscaler.Bounds bounds;
    private final ScalingRules rules;
    private final long startMillis;
    private final long leaveMillis;
    private final Autoscaler autoscaler;
    private final LoadHistory history;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<Task> pending = new ArrayDeque<>();
    private final Map<Integer, Worker> workers = new HashMap<>();
    private final Map<LoadCurve.Stage, Integer> left = new HashMap<>();
    private final List<Long> stageMillis = new ArrayList<>();
    private final List<int[]> steps = new ArrayList<>();
    private long now;
    private long sequence;
    private int nextId;
    private int target;
    private int peak;
    private int busyLeavers;
    private long workerMillis;
    private long taskMillis;
    private long drainedAt;

    /** {@code startMillis}, {@code leaveMillis}: what a worker takes to come and, with nothing to do, to go. */
    ClusterSimulation(
            LoadCurve curve, Autoscaler.Bounds bounds, ScalingRules rules, long startMillis, long leaveMillis) {
        this.curve = curve;
        this.bounds = bounds;
        this.rules = rules;
        this.startMillis = startMillis;
        this.leaveMillis = leaveMillis;
        this.autoscaler = new Autoscaler(rules);
        this.history = new LoadHistory(rules);
    }

    /**
     * What came of it.
     *
     * @param meanStageMillis from the arrival of a stage to the end of its last task
     * @param wastedMillis of workers, beyond what tasks took of them
     * @param steps every change of the target: when (seconds), from, to
     * @param busyLeavers workers that were told to leave while a task ran on them
     */
    record Outcome(
            long drainedAt,
            long meanStageMillis,
            long workerMillis,
            long wastedMillis,
            int peak,
            List<int[]> steps,
            int busyLeavers) {}

    private record Event(long at, long order, Runnable act) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private record Task(LoadCurve.Stage stage) {}

    private static final class Worker {
        private final int id;
        private final long requestedAt;
        private boolean ready;
        private boolean leaving;
        private int running;
        private long idleSince;

        Worker(int id, long requestedAt) {
            this.id = id;
            this.requestedAt = requestedAt;
        }
    }

    Outcome run(long horizonMillis) {
        target = bounds.min();
        for (int i = 0; i < target; i++) {
            request(0);
        }
        curve.stages().forEach(stage -> at(stage.at(), () -> arrive(stage)));
        for (long look = LOOK_MILLIS; look <= horizonMillis; look += LOOK_MILLIS) {
            at(look, this::look);
        }
        while (!events.isEmpty() && events.peek().at() <= horizonMillis) {
            Event event = events.poll();
            now = event.at();
            event.act().run();
        }
        now = horizonMillis;
        workers.values().forEach(worker -> workerMillis += now - worker.requestedAt);
        if (!pending.isEmpty() || !left.isEmpty()) {
            drainedAt = Long.MAX_VALUE;
        }
        long mean = stageMillis.isEmpty()
                ? 0
                : stageMillis.stream().mapToLong(Long::longValue).sum() / stageMillis.size();
        return new Outcome(drainedAt, mean, workerMillis, workerMillis - taskMillis / CORES, peak, steps, busyLeavers);
    }

    private void at(long time, Runnable act) {
        events.add(new Event(time, sequence++, act));
    }

    /** The first workers of a cluster are there when it is said to run. */
    private void request(long takes) {
        Worker worker = new Worker(nextId++, now);
        workers.put(worker.id, worker);
        peak = Math.max(peak, workers.size());
        at(now + takes, () -> {
            worker.ready = true;
            worker.idleSince = now;
            assign();
        });
    }

    private void arrive(LoadCurve.Stage stage) {
        left.put(stage, stage.tasks());
        for (int i = 0; i < stage.tasks(); i++) {
            pending.add(new Task(stage));
        }
        assign();
    }

    /** Tasks are spread over the workers, as Spark's scheduler does. */
    private void assign() {
        while (!pending.isEmpty()) {
            Worker free = workers.values().stream()
                    .filter(worker -> worker.ready && !worker.leaving && worker.running < CORES)
                    .min((one, other) -> Integer.compare(one.running, other.running))
                    .orElse(null);
            if (free == null) {
                return;
            }
            Task task = pending.poll();
            free.running++;
            at(now + task.stage().taskMillis(), () -> ended(free, task));
        }
    }

    private void ended(Worker worker, Task task) {
        worker.running--;
        worker.idleSince = now;
        taskMillis += task.stage().taskMillis();
        drainedAt = now;
        if (left.merge(task.stage(), -1, Integer::sum) == 0) {
            left.remove(task.stage());
            stageMillis.add(now - task.stage().at());
        }
        if (worker.leaving && worker.running == 0) {
            leave(worker);
        }
        assign();
    }

    private void look() {
        List<Worker> staying = workers.values().stream()
                .filter(worker -> worker.ready && !worker.leaving)
                .toList();
        int running = staying.stream().mapToInt(worker -> worker.running).sum();
        int idle = (int) staying.stream()
                .filter(worker -> worker.running == 0
                        && now - worker.idleSince >= rules.idle().toMillis())
                .count();
        history.add(new LoadSample(now, target, pending.size(), running, staying.size(), idle));
        autoscaler.decide(history, bounds, CORES).ifPresent(decision -> {
            steps.add(new int[] {(int) (now / 1000), target, decision.target()});
            target = decision.target();
        });
        List<Worker> there =
                workers.values().stream().filter(worker -> !worker.leaving).toList();
        for (int i = there.size(); i < target; i++) {
            request(startMillis);
        }
        dismiss(there, there.size() - target);
    }

    private void dismiss(List<Worker> there, int surplus) {
        Map<String, ExecutorLoad> loads = new HashMap<>();
        there.stream()
                .filter(worker -> worker.ready)
                .forEach(worker -> loads.put(
                        String.valueOf(worker.id),
                        new ExecutorLoad(
                                String.valueOf(worker.id),
                                CORES,
                                worker.running,
                                worker.running > 0 ? null : worker.idleSince,
                                0,
                                null,
                                false)));
        for (Node victim :
                Victims.choose(there.stream().map(ClusterSimulation::node).toList(), loads, surplus)) {
            Worker worker = requireNonNull(workers.get(victim.executorId()));
            worker.leaving = true;
            if (worker.running > 0) {
                busyLeavers++;
            } else {
                leave(worker);
            }
        }
    }

    private void leave(Worker worker) {
        at(now + leaveMillis, () -> {
            workers.remove(worker.id);
            workerMillis += now - worker.requestedAt;
        });
    }

    private static Node node(Worker worker) {
        return new Node(
                "n" + worker.id,
                1,
                "c",
                1,
                NodeRole.WORKER,
                worker.id,
                new NodeShape("local.small", 1024, "4.0.1", Map.of(), Map.of(), CORES),
                NodeState.LAUNCHED,
                new Node.Life(worker.requestedAt, 1L, 1L, 0, null, null, null, null, null, null, false),
                new Node.Report("READY", null, null, null, null, null));
    }
}
