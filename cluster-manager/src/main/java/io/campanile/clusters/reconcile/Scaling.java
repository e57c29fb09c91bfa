package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterSize.AutoScale;
import io.campanile.clusters.cluster.WorkerLife;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.scaling.Autoscaler;
import io.campanile.clusters.scaling.LoadHistory;
import io.campanile.clusters.scaling.LoadSample;
import io.campanile.clusters.scaling.ScalingRules;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.node.protocol.ControlMessage.ExecutorLoad;
import io.campanile.node.protocol.ControlMessage.Load;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps what the drivers say of their load, and lets clusters that scale follow it. */
final class Scaling {
    private static final long ASK_AGAIN_MILLIS = 15_000;

    private final Decisions decisions;
    private final ScalingRules rules;
    private final Autoscaler autoscaler;
    /** What a restart forgets is seen again before anything is made smaller. */
    private final Map<ClusterEpoch, LoadHistory> histories = new HashMap<>();

    Scaling(Decisions decisions, ClusterConfig config) {
        this.decisions = requireNonNull(decisions, "decisions");
        this.rules = ScalingRules.of(config.workers().idle());
        this.autoscaler = new Autoscaler(rules);
    }

    /** Who was told that it may not grow, and until when it is not tried again. */
    private final Map<ClusterEpoch, Long> refused = new HashMap<>();

    /** Forgets clusters that are at rest, and epochs that are over. */
    void keepOnly(Set<ClusterEpoch> active) {
        histories.keySet().retainAll(active);
        refused.keySet().retainAll(active);
    }

    /** Answers the cluster as it is afterwards. */
    Cluster decide(Cluster cluster, Node driver, long now) {
        AutoScale bounds = cluster.spec().workers().autoscale();
        Load load = driver.status().map(NodeStatus::load).orElse(null);
        if (bounds == null || load == null || !cluster.state().running()) {
            return cluster;
        }
        LoadHistory history = histories.computeIfAbsent(ClusterEpoch.of(cluster), id -> new LoadHistory(rules));
        history.add(sample(cluster, load, now));
        Optional<Autoscaler.Decision> decision = autoscaler.decide(
                history, new Autoscaler.Bounds(bounds.minWorkers(), bounds.maxWorkers()), coresOf(cluster));
        // No more are asked for while some that were asked for cannot be had.
        boolean stuck = cluster.status().workers().missing();
        int target = cluster.status().workers().target();
        return decision.filter(made -> !stuck || made.target() < target)
                .flatMap(made -> scale(cluster, made, bounds, now))
                .orElse(cluster);
    }

    /** Empty when it stays as it is. */
    private Optional<Cluster> scale(Cluster cluster, Autoscaler.Decision made, AutoScale bounds, long now) {
        ClusterEpoch epoch = ClusterEpoch.of(cluster);
        boolean grows = made.target() > cluster.status().workers().target();
        Long until = refused.get(epoch);
        if (grows && until != null && now < until) {
            return Optional.empty();
        }
        try {
            Optional<Cluster> scaled = decisions.apply(
                    cluster, known -> WorkerLife.autoscale(known, made.target(), numbers(made, bounds), now));
            refused.remove(epoch);
            return scaled;
        } catch (ApiException refusal) {
            if (refusal.code() != ErrorCode.RESOURCE_LIMIT_EXCEEDED) {
                throw refusal;
            }
            // Said once, and asked again now and then: somebody may raise the budget.
            boolean told = refused.put(epoch, now + ASK_AGAIN_MILLIS) != null;
            String why = String.valueOf(refusal.getMessage());
            return told
                    ? Optional.empty()
                    : decisions.apply(cluster, known -> WorkerLife.notGrown(known, made.target(), why, now));
        }
    }

    private static int coresOf(Cluster cluster) {
        Integer cores = cluster.spec().workerShape().cores();
        return cores == null ? 1 : cores;
    }

    private LoadSample sample(Cluster cluster, Load load, long now) {
        int idle = (int) load.executors().stream()
                .filter(executor -> idle(executor, now))
                .count();
        return new LoadSample(
                now,
                cluster.status().workers().target(),
                load.pendingTasks(),
                load.runningTasks(),
                (int) load.executors().stream()
                        .filter(executor -> !executor.leaving())
                        .count(),
                idle);
    }

    private boolean idle(ExecutorLoad executor, long now) {
        Long since = executor.idleSince();
        return since != null
                && !executor.leaving()
                && now - since >= rules.idle().toMillis();
    }

    /** The numbers that decided, for whoever wonders. */
    private static Map<String, Object> numbers(Autoscaler.Decision decision, AutoScale bounds) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("pending_tasks", decision.seen().pendingTasks());
        numbers.put("running_tasks", decision.seen().runningTasks());
        numbers.put("executors", decision.seen().executors());
        numbers.put("idle_executors", decision.seen().idle());
        numbers.put("needed_workers", decision.needed());
        numbers.put("min_workers", bounds.minWorkers());
        numbers.put("max_workers", bounds.maxWorkers());
        return numbers;
    }
}
