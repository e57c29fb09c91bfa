package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.WorkerLife;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeLinks;
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.node.WorkerStore;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.ExecutorLoad;
import io.campanile.node.protocol.ControlMessage.Load;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the workers of one cluster one step from those there are towards those that are wanted. */
final class WorkerKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerKeeper.class);

    private final NodeStore nodes;
    private final NodeService service;
    private final NodeLinks links;
    private final NodeKeeper keeper;
    private final Decisions decisions;
    private final WorkerStarts starts;
    private final WorkerFailures failures;
    private final Scaling scaling;
    private final ClusterConfig config;
    private final Reminders reminders = new Reminders();

    WorkerKeeper(
            NodeStore nodes,
            NodeService service,
            NodeLinks links,
            NodeKeeper keeper,
            Decisions decisions,
            WorkerStarts starts,
            ClusterConfig config) {
        this.nodes = requireNonNull(nodes, "nodes");
        this.service = requireNonNull(service, "service");
        this.links = requireNonNull(links, "links");
        this.keeper = requireNonNull(keeper, "keeper");
        this.decisions = requireNonNull(decisions, "decisions");
        this.starts = requireNonNull(starts, "starts");
        this.config = requireNonNull(config, "config");
        this.failures = new WorkerFailures(config);
        this.scaling = new Scaling(decisions, config);
    }

    /** Answers the cluster as it is afterwards. Its driver is there, though it may not be ready. */
    Cluster keep(Cluster seen, Node driver, List<Node> workers, Observation observation) {
        Cluster cluster = seen;
        if (cluster.spec().workers().single()) {
            return cluster;
        }
        long now = observation.now();
        Map<String, ExecutorLoad> executors = executors(driver);
        List<Node> staying = new ArrayList<>();
        List<Node> leaving = new ArrayList<>();
        for (Node worker : workers) {
            if (worker.usable() && !ends(worker, driver, executors, observation)) {
                (worker.leaving() ? leaving : staying).add(worker);
            }
        }
        int serving = serving(staying, executors);
        WorkerStore.Past past =
                nodes.workers().past(cluster.workspaceId(), cluster.clusterId(), cluster.epoch(), Backoff.memory(now));
        cluster = tellLost(cluster, past, serving, now);
        cluster = counted(cluster, serving, leaving.isEmpty(), now);
        cluster = scaling.decide(cluster, driver, now);
        meet(staying, now);
        int surplus = staying.size() - cluster.status().workers().target();
        if (surplus > 0) {
            leaving.addAll(dismiss(Victims.choose(staying, executors, surplus), now));
        } else if (surplus < 0) {
            cluster = starts.start(cluster, -surplus, past, observation);
        }
        see(leaving, driver, now);
        return cluster;
    }

    /** Forgets what was remembered of other clusters, and of nodes that are gone. */
    void keepOnly(Set<ClusterEpoch> active, Observation observation) {
        scaling.keepOnly(active);
        starts.keepOnly(active);
        failures.keepOnly(observation.nodes().stream().map(Node::nodeId).collect(Collectors.toSet()));
    }

    /** Whether a cluster that comes up need not wait for workers any longer. */
    boolean enough(Cluster cluster, Node driver, List<Node> workers, long now) {
        int target = cluster.status().workers().target();
        Long ready = driver.report().readyAt();
        boolean waited =
                ready != null && now - ready >= config.workers().firstWait().toMillis();
        return target == 0 || cluster.status().workers().missing() || waited || serving(workers, driver) > 0;
    }

    int serving(List<Node> workers, Node driver) {
        return serving(
                workers.stream()
                        .filter(node -> node.usable() && !node.leaving())
                        .toList(),
                executors(driver));
    }

    private static int serving(List<Node> staying, Map<String, ExecutorLoad> executors) {
        return (int) staying.stream().filter(node -> serves(node, executors)).count();
    }

    /** What counts is whom the driver knows. */
    private static boolean serves(Node worker, Map<String, ExecutorLoad> executors) {
        ExecutorLoad load = executors.get(String.valueOf(worker.executorId()));
        return load != null && !load.leaving();
    }

    private static Map<String, ExecutorLoad> executors(Node driver) {
        return driver.status().map(NodeStatus::load).map(Load::executors).orElse(List.of()).stream()
                .collect(Collectors.toMap(ExecutorLoad::executorId, Function.identity(), (one, other) -> other));
    }

    /** Sees off a worker whose executor has ended, or with which nothing can be done any more. */
    private boolean ends(Node worker, Node driver, Map<String, ExecutorLoad> executors, Observation observation) {
        if (worker.driverIs("ENDED")) {
            keeper.stop(worker, "Its executor was taken out");
            return true;
        }
        Long since = worker.life().leavingSince();
        if (since != null
                && observation.now() - since > config.workers().leaveWait().toMillis()) {
            keeper.stop(
                    worker,
                    "Its executor did not leave in "
                            + config.workers().leaveWait().toSeconds() + " s");
            return true;
        }
        Optional<String> failure = failures.of(worker, driver, executors, observation);
        failure.ifPresent(reason -> {
            LOG.atWarn()
                    .addKeyValue("clusterId", worker.clusterId())
                    .addKeyValue("nodeId", worker.nodeId())
                    .addKeyValue("reason", reason)
                    .log("Worker given up");
            // One that was to go anyway is not missed.
            keeper.stop(worker, reason, since == null);
        });
        return failure.isPresent();
    }

    private Cluster tellLost(Cluster cluster, WorkerStore.Past past, int serving, long now) {
        if (past.lost() <= cluster.status().workers().lost()) {
            return cluster;
        }
        String reason = WorkerStarts.reasonOfLast(
                past.recent().stream().filter(WorkerStarts::wasLost).toList());
        return decisions
                .apply(cluster, last -> WorkerLife.lost(last, past.lost(), serving, reason, now))
                .orElse(cluster);
    }

    private Cluster counted(Cluster cluster, int serving, boolean settled, long now) {
        // Most looks find nothing new: no transaction for them.
        boolean news = WorkerLife.counted(cluster, serving, settled, now).isPresent();
        return news
                ? decisions
                        .consider(cluster, known -> WorkerLife.counted(known, serving, settled, now))
                        .orElse(cluster)
                : cluster;
    }

    /** Tells new workers their cluster and, once it takes executors, their driver. */
    private void meet(List<Node> staying, long now) {
        for (Node worker : staying) {
            if (!links.connected(worker.nodeId())) {
                continue;
            }
            if (worker.life().assignSentAt() == null) {
                service.assign(worker, links);
            } else if (!worker.driverIs("READY")) {
                reminders.say("join " + worker.nodeId(), now, () -> service.join(worker, links));
            }
        }
    }

    /** Those whose executor serves leave by and by; the others just end. Answers who leaves. */
    private List<Node> dismiss(List<Node> victims, long now) {
        List<Node> leaving = new ArrayList<>();
        for (Node victim : victims) {
            if (victim.driverIs("READY")) {
                nodes.leave(victim.workspaceId(), victim.nodeId(), now);
                leaving.add(victim);
            } else {
                keeper.stop(victim, "Its cluster needs fewer workers");
            }
        }
        return leaving;
    }

    private void see(List<Node> leaving, Node driver, long now) {
        if (leaving.isEmpty()) {
            return;
        }
        List<String> ids = leaving.stream()
                .map(node -> String.valueOf(node.executorId()))
                .sorted()
                .toList();
        reminders.say(
                "leave " + driver.nodeId() + ids,
                now,
                () -> links.send(driver.nodeId(), new ControlMessage.Decommission(ids)));
    }
}
