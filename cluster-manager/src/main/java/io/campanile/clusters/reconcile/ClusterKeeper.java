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
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeState;
import io.campanile.clusters.node.NodeStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one cluster one step from what is observed towards what is wanted. */
final class ClusterKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterKeeper.class);
    private static final int START_ATTEMPTS = 2;
    private static final int RECOVERIES = 3;
    private static final Duration RECOVERY_WINDOW = Duration.ofMinutes(30);
    private static final long RENEW_TOKEN_MILLIS = Duration.ofHours(12).toMillis();

    private final ClusterStore clusters;
    private final NodeStore nodes;
    private final NodeService service;
    private final NodeLinks links;
    private final NodeKeeper keeper;
    private final MemoryRule memory;
    private final WarmPool pool;
    private final SecretsOfClusters secrets;
    private final ClusterConfig config;
    private final MeterRegistry metrics;
    private final long begunAt;

    ClusterKeeper(
            ClusterStore clusters,
            NodeSide side,
            MemoryRule memory,
            ClusterConfig config,
            MeterRegistry metrics,
            long begunAt) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.nodes = side.nodes();
        this.service = side.service();
        this.links = side.links();
        this.keeper = side.keeper();
        this.pool = side.pool();
        this.secrets = side.secrets();
        this.memory = requireNonNull(memory, "memory");
        this.config = requireNonNull(config, "config");
        this.metrics = requireNonNull(metrics, "metrics");
        this.begunAt = begunAt;
    }

    /** Everything that has to do with nodes. */
    record NodeSide(
            NodeStore nodes,
            NodeService service,
            NodeLinks links,
            NodeKeeper keeper,
            WarmPool pool,
            SecretsOfClusters secrets) {}

    void step(Cluster cluster, Observation observation) {
        List<Node> mine = observation.of(cluster.workspaceId(), cluster.clusterId());
        Node current = null;
        boolean othersLeft = false;
        for (Node node : mine) {
            boolean usable = node.epoch() == cluster.epoch() && node.state() != NodeState.STOPPING;
            if (usable && current == null) {
                current = node;
            } else {
                keeper.stop(node, "Its cluster has another node");
                othersLeft = true;
            }
        }
        switch (cluster.state()) {
            case PENDING, RESTARTING -> {
                if (!othersLeft) {
                    bringUp(cluster, current, observation);
                }
            }
            case RUNNING -> watch(cluster, current, observation.now());
            case TERMINATING -> bringDown(cluster, current, mine, observation.now());
            case TERMINATED, ERROR -> startAgain(cluster, current, observation.now());
        }
    }

    private void bringUp(Cluster cluster, @Nullable Node current, Observation observation) {
        if (current == null) {
            Node lost = nodes.ofEpoch(cluster.workspaceId(), cluster.clusterId(), cluster.epoch()).stream()
                    .findFirst()
                    .orElse(null);
            if (lost == null) {
                place(cluster, observation);
            } else {
                startFailed(cluster, "DRIVER_UNEXPECTED_FAILURE", reasonOf(lost), true, observation.now());
            }
            return;
        }
        if (current.life().assignSentAt() == null && links.connected(current.nodeId())) {
            service.assign(current, links);
            return;
        }
        long waited = observation.now() - cluster.status().since();
        if (current.driverIs("READY") && current.life().assignSentAt() != null) {
            cameUp(cluster, current, observation.now(), waited);
        } else if (current.driverIs("FAILED")) {
            keeper.stop(current, reasonOf(current), true);
            startFailed(cluster, "SPARK_STARTUP_FAILURE", reasonOf(current), fromPool(current), observation.now());
        } else if (observation.now() - current.life().requestedAt()
                        > config.startTimeout().toMillis()
                && waited > config.startTimeout().toMillis()) {
            String reason =
                    "The driver was not ready after " + config.startTimeout().toSeconds() + " s. " + lastWords(current);
            keeper.stop(current, reason, true);
            startFailed(cluster, "DRIVER_LAUNCH_TIMEOUT", reason, false, observation.now());
        }
    }

    private void cameUp(Cluster cluster, Node node, long now, long waited) {
        apply(cluster, known -> ClusterLife.running(known, node.nodeId(), now)).ifPresent(running -> {
            metrics.timer("campanile.clusters.start", "node", fromPool(node) ? "warm" : "cold")
                    .record(Duration.ofMillis(Math.max(0, waited)));
            LOG.atInfo()
                    .addKeyValue("clusterId", cluster.clusterId())
                    .addKeyValue("nodeId", node.nodeId())
                    .addKeyValue("epoch", cluster.epoch())
                    .log("Cluster running");
        });
    }

    private void place(Cluster cluster, Observation observation) {
        var shape = cluster.spec().shape();
        Optional<Node> warm = nodes.takeFromPool(
                cluster.workspaceId(), cluster.clusterId(), cluster.epoch(), shape, observation.now());
        if (warm.isPresent()) {
            service.assign(warm.get(), links);
            return;
        }
        Optional<String> refusal = memory.refusal(shape, cluster.workspaceId(), observation);
        if (refusal.isEmpty()) {
            create(cluster, observation.now());
            return;
        }
        pool.release(observation);
        if (observation.now() - cluster.status().since() > config.memoryWait().toMillis()) {
            apply(
                    cluster,
                    known -> ClusterLife.failStart(
                            known, Termination.stockout(refusal.get()), refusal.get(), observation.now()));
        } else if (!cluster.status().message().equals(refusal.get())) {
            apply(cluster, known -> ClusterLife.says(known, refusal.get()));
        }
    }

    private void create(Cluster cluster, long now) {
        SecretsOfClusters.Lookup lookup = secrets.lookUp(cluster);
        if (lookup instanceof SecretsOfClusters.Found found) {
            keeper.create(
                    cluster.workspaceId(),
                    cluster.clusterId(),
                    cluster.epoch(),
                    cluster.spec().shape(),
                    found.secrets());
        } else if (lookup instanceof SecretsOfClusters.Refused refused) {
            apply(cluster, known -> ClusterLife.failStart(known, refused.why(), refused.message(), now));
        } else if (lookup instanceof SecretsOfClusters.Away away) {
            if (now - cluster.status().since() > config.startTimeout().toMillis()) {
                startFailed(cluster, "SECRET_RESOLUTION_ERROR", away.message(), false, now);
            } else if (!cluster.status().message().equals(away.message())) {
                apply(cluster, known -> ClusterLife.says(known, away.message()));
            }
        }
    }

    private void startFailed(Cluster cluster, String code, String reason, boolean tryAgain, long now) {
        LOG.atWarn()
                .addKeyValue("clusterId", cluster.clusterId())
                .addKeyValue("reason", reason)
                .log("Start of a cluster failed");
        String message = "The driver could not be started: " + reason;
        apply(
                cluster,
                known -> tryAgain && known.status().startAttempts() < START_ATTEMPTS
                        ? ClusterLife.tryAgain(known, "Trying another node: " + reason, now)
                        : ClusterLife.failStart(known, Termination.fault(code, message), message, now));
    }

    private void watch(Cluster cluster, @Nullable Node current, long now) {
        if (current == null) {
            Node lost = nodes.ofEpoch(cluster.workspaceId(), cluster.clusterId(), cluster.epoch()).stream()
                    .findFirst()
                    .orElse(null);
            driverLost(cluster, lost == null ? "Its node is gone" : reasonOf(lost), true, now);
            return;
        }
        if (current.driverIs("FAILED")) {
            keeper.stop(current, reasonOf(current), true);
            driverLost(cluster, reasonOf(current), false, now);
            return;
        }
        Long lastSeen = current.report().lastSeen();
        long silent = now - Math.max(begunAt, lastSeen == null ? 0 : lastSeen);
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
            tend(cluster, current, now);
        }
    }

    /** A healthy cluster: renews its token and ends it when it was idle for long enough. */
    private void tend(Cluster cluster, Node current, long now) {
        Long issued = current.life().tokenIssuedAt();
        if (issued != null && now - issued > RENEW_TOKEN_MILLIS) {
            service.assign(current, links);
        }
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

    private void bringDown(Cluster cluster, @Nullable Node current, List<Node> mine, long now) {
        if (current != null) {
            keeper.stop(current, cluster.status().message());
            return;
        }
        if (mine.isEmpty()) {
            apply(cluster, known -> ClusterLife.stopped(known, now))
                    .ifPresent(stopped -> LOG.atInfo()
                            .addKeyValue("clusterId", stopped.clusterId())
                            .addKeyValue("state", stopped.state())
                            .log("Cluster stopped"));
        }
    }

    private void startAgain(Cluster cluster, @Nullable Node current, long now) {
        if (current != null) {
            keeper.stop(current, "Its cluster is stopped");
        } else if (cluster.desired() == Desired.RUNNING && cluster.deletedAt() == null) {
            apply(cluster, known -> ClusterLife.start(known, known.owner().userName(), now));
        }
    }

    /** Stores a decision unless somebody wanted something else, or did something, since it was made. */
    private Optional<Cluster> apply(Cluster seen, Function<Cluster, Change> decide) {
        boolean[] applied = new boolean[1];
        Optional<Cluster> after = clusters.change(seen.workspaceId(), seen.clusterId(), known -> {
            boolean same = known.generation() == seen.generation()
                    && known.epoch() == seen.epoch()
                    && known.state() == seen.state();
            applied[0] = same;
            return same ? Optional.of(decide.apply(known)) : Optional.empty();
        });
        return applied[0] ? after : Optional.empty();
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
