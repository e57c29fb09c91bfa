package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.Change;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterLife;
import io.campanile.clusters.cluster.ClusterStore;
import io.campanile.clusters.cluster.Desired;
import io.campanile.clusters.cluster.EventType;
import io.campanile.clusters.cluster.Termination;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeLinks;
import io.campanile.clusters.node.NodeRole;
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one cluster one step from what is observed towards what is wanted. */
final class ClusterKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterKeeper.class);
    private static final int RECOVERIES = 3;
    private static final Duration RECOVERY_WINDOW = Duration.ofMinutes(30);

    private final ClusterStore clusters;
    private final Decisions decisions;
    private final NodeStore nodes;
    private final NodeService service;
    private final NodeLinks links;
    private final NodeKeeper keeper;
    private final DriverStarts starts;
    private final WorkerKeeper workers;
    private final ClusterConfig config;
    private final MeterRegistry metrics;

    ClusterKeeper(
            ClusterStore clusters, NodeSide side, MemoryRule memory, ClusterConfig config, MeterRegistry metrics) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.decisions = new Decisions(clusters);
        this.nodes = side.nodes();
        this.service = side.service();
        this.links = side.links();
        this.keeper = side.keeper();
        this.config = requireNonNull(config, "config");
        this.metrics = requireNonNull(metrics, "metrics");
        this.starts = new DriverStarts(side, memory, decisions, config);
        this.workers = new WorkerKeeper(
                nodes,
                service,
                links,
                keeper,
                decisions,
                new WorkerStarts(keeper, memory, side.pool(), side.instancePools(), side.secrets(), decisions),
                config);
    }

    /** Everything that has to do with nodes. */
    record NodeSide(
            NodeStore nodes,
            NodeService service,
            NodeLinks links,
            NodeKeeper keeper,
            WarmPool pool,
            InstancePools instancePools,
            SecretsOfClusters secrets) {}

    /** Nobody else works on the cluster meanwhile. */
    void step(Cluster cluster, Observation observation) {
        if (outdated(cluster, observation)) {
            return;
        }
        Crew crew = Crew.of(cluster, observation);
        crew.strangers().forEach(node -> keeper.stop(node, "Its cluster has another node"));
        switch (cluster.state()) {
            case PENDING, RESTARTING -> {
                if (crew.strangers().isEmpty()) {
                    bringUp(cluster, crew, observation);
                }
            }
            case RUNNING, RESIZING -> watch(cluster, crew, observation);
            case TERMINATING -> bringDown(cluster, crew, observation.now());
            case TERMINATED, ERROR -> startAgain(cluster, crew, observation.now());
        }
    }

    /** Another manager gave it a node after we looked and before it was our turn. */
    private boolean outdated(Cluster cluster, Observation observation) {
        Set<String> seen = observation.of(cluster.workspaceId(), cluster.clusterId()).stream()
                .map(Node::nodeId)
                .collect(Collectors.toSet());
        return !seen.containsAll(nodes.usable(cluster.workspaceId(), cluster.clusterId()));
    }

    /** Forgets what was remembered of others than these. */
    void keepOnly(List<Cluster> active, Observation observation) {
        workers.keepOnly(active.stream().map(ClusterEpoch::of).collect(Collectors.toSet()), observation);
    }

    private void bringUp(Cluster cluster, Crew crew, Observation observation) {
        Node driver = crew.driver();
        if (driver == null) {
            Node lost = lostDriver(cluster);
            if (lost == null) {
                starts.place(cluster, observation);
            } else {
                starts.failed(cluster, "DRIVER_UNEXPECTED_FAILURE", reasonOf(lost), true, observation.now());
            }
            return;
        }
        long now = observation.now();
        long waited = now - cluster.status().since();
        boolean assigned = driver.life().assignSentAt() != null;
        if (!assigned && links.connected(driver.nodeId())) {
            service.assign(driver, links);
        }
        boolean ready = assigned && driver.driverIs("READY");
        if (driver.driverIs("FAILED")) {
            keeper.stop(driver, reasonOf(driver), true);
            starts.failed(cluster, "SPARK_STARTUP_FAILURE", reasonOf(driver), fromPool(driver), now);
        } else if (!ready
                && observation.lasted(Math.max(
                                driver.life().requestedAt(), cluster.status().since()))
                        > config.startTimeout().toMillis()) {
            String reason =
                    "The driver was not ready after " + config.startTimeout().toSeconds() + " s. " + lastWords(driver);
            keeper.stop(driver, reason, true);
            starts.failed(cluster, "DRIVER_LAUNCH_TIMEOUT", reason, false, now);
        } else {
            // Workers start while their driver does.
            Cluster then = workers.keep(cluster, driver, crew.workers(), observation);
            if (ready && workers.enough(then, driver, crew.workers(), now)) {
                cameUp(then, driver, workers.serving(crew.workers(), driver), now, waited);
            }
        }
    }

    private @Nullable Node lostDriver(Cluster cluster) {
        return nodes.ofEpoch(cluster.workspaceId(), cluster.clusterId(), cluster.epoch(), NodeRole.DRIVER).stream()
                .findFirst()
                .orElse(null);
    }

    private void cameUp(Cluster cluster, Node node, int serving, long now, long waited) {
        apply(cluster, known -> ClusterLife.running(known, node.nodeId(), serving, now))
                .ifPresent(running -> {
                    metrics.timer("campanile.clusters.start", "node", fromPool(node) ? "warm" : "cold")
                            .record(Duration.ofMillis(Math.max(0, waited)));
                    LOG.atInfo()
                            .addKeyValue("clusterId", cluster.clusterId())
                            .addKeyValue("nodeId", node.nodeId())
                            .addKeyValue("epoch", cluster.epoch())
                            .log("Cluster running");
                });
    }

    private void watch(Cluster cluster, Crew crew, Observation observation) {
        Node current = crew.driver();
        long now = observation.now();
        if (current == null) {
            Node lost = lostDriver(cluster);
            driverLost(cluster, lost == null ? "Its node is gone" : reasonOf(lost), true, now);
            return;
        }
        if (current.driverIs("FAILED")) {
            keeper.stop(current, reasonOf(current), true);
            driverLost(cluster, reasonOf(current), false, now);
            return;
        }
        service.renew(current, links);
        crew.workers().forEach(worker -> service.renew(worker, links));
        Long lastSeen = current.report().lastSeen();
        long silent = observation.lasted(lastSeen == null ? 0 : lastSeen);
        if (silent > config.lostAfter().toMillis()) {
            String reason = "The node was not heard for " + silent / 1000 + " s";
            keeper.stop(current, reason, true);
            driverLost(cluster, reason, true, now);
        } else if (silent > config.silentAfter().toMillis()) {
            if (!cluster.status().driverSilent()) {
                apply(cluster, known -> ClusterLife.notResponding(known, "The driver does not respond", now));
            }
        } else if (cluster.status().driverSilent()) {
            apply(cluster, known -> ClusterLife.respondingAgain(known, now));
        } else {
            tend(workers.keep(cluster, current, crew.workers(), observation), current, now);
        }
    }

    /** Ends a healthy cluster when it was idle for long enough. */
    private void tend(Cluster cluster, Node current, long now) {
        int minutes = cluster.spec().autoterminationMinutes();
        Long idleSince = current.report().idleSince();
        Long runningSince = cluster.status().runningSince();
        if (minutes > 0 && idleSince != null) {
            long idle = now - Math.max(idleSince, runningSince == null ? now : runningSince);
            if (idle >= Duration.ofMinutes(minutes).toMillis()) {
                apply(
                        cluster,
                        known -> ClusterLife.terminate(
                                known,
                                Termination.inactivity(minutes),
                                "Terminated after " + minutes + " minutes without a command",
                                now));
            }
        }
    }

    private void driverLost(Cluster cluster, String reason, boolean nodeLost, long now) {
        LOG.atWarn()
                .addKeyValue("clusterId", cluster.clusterId())
                .addKeyValue("reason", reason)
                .log("Driver of a cluster lost");
        int before = clusters.events()
                .count(
                        cluster.workspaceId(),
                        cluster.clusterId(),
                        EventType.DRIVER_UNAVAILABLE,
                        now - RECOVERY_WINDOW.toMillis());
        apply(
                cluster,
                known -> before >= RECOVERIES
                        ? ClusterLife.giveUp(known, reason, now)
                        : ClusterLife.recover(known, reason, nodeLost, now));
    }

    private void bringDown(Cluster cluster, Crew crew, long now) {
        stopAll(crew, cluster.status().message());
        if (crew.nobody()) {
            apply(cluster, known -> ClusterLife.stopped(known, now))
                    .ifPresent(stopped -> LOG.atInfo()
                            .addKeyValue("clusterId", stopped.clusterId())
                            .addKeyValue("state", stopped.state())
                            .log("Cluster stopped"));
        }
    }

    private void stopAll(Crew crew, String reason) {
        crew.workers().forEach(worker -> keeper.stop(worker, reason));
        if (crew.driver() != null) {
            keeper.stop(crew.driver(), reason);
        }
    }

    private void startAgain(Cluster cluster, Crew crew, long now) {
        if (!crew.workers().isEmpty() || crew.driver() != null) {
            stopAll(crew, "Its cluster is stopped");
        } else if (cluster.desired() == Desired.RUNNING && cluster.deletedAt() == null) {
            apply(cluster, known -> ClusterLife.start(known, known.owner().userName(), now));
        }
    }

    private Optional<Cluster> apply(Cluster seen, Function<Cluster, Change> decide) {
        return decisions.apply(seen, decide);
    }

    private static boolean fromPool(Node node) {
        Long assigned = node.life().assignedAt();
        return assigned != null && assigned > node.life().requestedAt();
    }

    private static String reasonOf(Node node) {
        String reason = node.life().stopReason();
        return reason != null ? reason : "The driver failed. " + lastWords(node);
    }

    private static String lastWords(Node node) {
        String message = node.report().driverMessage();
        return message == null || message.isBlank() ? "It said nothing." : "Its last lines:\n" + message;
    }
}
