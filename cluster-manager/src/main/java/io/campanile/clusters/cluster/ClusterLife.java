package io.campanile.clusters.cluster;

import static io.campanile.clusters.cluster.ClusterState.PENDING;
import static io.campanile.clusters.cluster.ClusterState.RESTARTING;
import static io.campanile.clusters.cluster.ClusterState.RUNNING;
import static io.campanile.clusters.cluster.ClusterState.TERMINATING;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The life of a cluster as pure functions: each takes what is and answers what becomes of it. */
public final class ClusterLife {
    private ClusterLife() {}

    /** The first events of a cluster that starts as it is created. */
    static Change created(Cluster cluster) {
        return Change.of(
                cluster,
                event(
                        EventType.CREATING,
                        cluster.createdAt(),
                        Map.of(
                                "cause",
                                "USER_REQUEST",
                                "user",
                                cluster.owner().userName(),
                                "cluster_size",
                                size(cluster.spec()))));
    }

    /** A stopped cluster is to run. */
    public static Change start(Cluster cluster, String user, long now) {
        return Change.of(
                cluster.wanted(Desired.RUNNING)
                        .with(cluster.status()
                                .starting(PENDING, "Starting the driver", 1, workers(cluster.spec()), now)),
                event(EventType.STARTING, now, Map.of("cause", "USER_REQUEST", "user", user)));
    }

    /** A cluster that is on its way down is to run again afterwards. */
    static Change startAfterwards(Cluster cluster) {
        return Change.of(cluster.wanted(Desired.RUNNING));
    }

    static Change restart(Cluster cluster, String user, long now) {
        return Change.of(
                cluster.wanted(Desired.RUNNING)
                        .with(cluster.status()
                                .starting(RESTARTING, "Restarting the driver", 1, workers(cluster.spec()), now)),
                event(EventType.RESTARTING, now, Map.of("cause", "USER_REQUEST", "user", user)));
    }

    static Change edit(Cluster cluster, ClusterSpec spec, String user, long now) {
        ClusterEvent edited = event(
                EventType.EDITED,
                now,
                Map.of(
                        "user",
                        user,
                        "attributes",
                        ClusterWire.attributes(spec),
                        "previous_attributes",
                        ClusterWire.attributes(cluster.spec()),
                        "cluster_size",
                        size(spec),
                        "previous_cluster_size",
                        size(cluster.spec())));
        Cluster next = cluster.with(spec);
        if (cluster.state() != RUNNING) {
            return Change.of(next, edited);
        }
        if (!cluster.spec().needsRestart(spec)) {
            Change resized = WorkerLife.resize(cluster, spec.workers(), user, now);
            List<ClusterEvent> events = new ArrayList<>(List.of(edited));
            events.addAll(resized.events());
            return new Change(next.with(resized.cluster().status()), events);
        }
        return Change.of(
                next.with(cluster.status()
                        .starting(RESTARTING, "Restarting with the new settings", 1, workers(spec), now)),
                edited,
                event(EventType.RESTARTING, now, Map.of("cause", "USER_REQUEST", "user", user)));
    }

    /** It shall end; what still runs of it decides when it is TERMINATED. */
    public static Change terminate(Cluster cluster, Termination why, String message, long now) {
        Cluster wanted = cluster.wanted(Desired.TERMINATED);
        return cluster.state() == TERMINATING
                ? Change.of(wanted)
                : Change.of(wanted.with(cluster.status().terminating(why, message, false, now)), ending(why, now));
    }

    /** It never came to run: it ends in ERROR once nothing of it is left. */
    public static Change failStart(Cluster cluster, Termination why, String message, long now) {
        return Change.of(
                cluster.wanted(Desired.TERMINATED).with(cluster.status().terminating(why, message, true, now)),
                ending(why, now));
    }

    /** Nothing of it is left. */
    public static Change stopped(Cluster cluster, long now) {
        return Change.of(
                cluster.with(cluster.status().stopped(now)).withoutToken().observed());
    }

    /** Its driver takes commands, and so many executors serve. */
    public static Change running(Cluster cluster, String nodeId, int serving, long now) {
        int target = cluster.status().workers().target();
        return Change.of(
                cluster.with(cluster.status().running(nodeId, serving, now)).observed(),
                event(EventType.RUNNING, now, WorkerLife.counts(serving, target)));
    }

    /** Another node is tried for a start that has not succeeded. */
    public static Change tryAgain(Cluster cluster, String message, long now) {
        ClusterStatus status = cluster.status();
        return Change.of(cluster.with(
                status.starting(cluster.state(), message, status.startAttempts() + 1, workers(cluster.spec()), now)));
    }

    /** The driver of a running cluster is gone: a new one comes up under a new epoch. */
    public static Change recover(Cluster cluster, String reason, boolean nodeLost, long now) {
        ClusterStatus status = cluster.status()
                .starting(
                        RESTARTING,
                        "The Spark driver has stopped unexpectedly and is restarting: " + reason,
                        1,
                        workers(cluster.spec()),
                        now);
        ClusterEvent restarting = event(EventType.RESTARTING, now, Map.of("cause", "AUTORECOVERY"));
        ClusterEvent unavailable = event(EventType.DRIVER_UNAVAILABLE, now, Map.of("driver_state_message", reason));
        return nodeLost
                ? Change.of(cluster.with(status), nodesLost(cluster, now), unavailable, restarting)
                : Change.of(cluster.with(status), unavailable, restarting);
    }

    /** The driver of a running cluster is gone once too often. */
    public static Change giveUp(Cluster cluster, String reason, long now) {
        Termination why = Termination.fault("DRIVER_UNREACHABLE", reason);
        return Change.of(
                cluster.wanted(Desired.TERMINATED)
                        .with(cluster.status()
                                .terminating(why, "The Spark driver has stopped unexpectedly: " + reason, false, now)),
                event(EventType.DRIVER_UNAVAILABLE, now, Map.of("driver_state_message", reason)),
                ending(why, now));
    }

    public static Change notResponding(Cluster cluster, String message, long now) {
        return Change.of(
                cluster.with(cluster.status().silent(true, message)),
                event(EventType.DRIVER_NOT_RESPONDING, now, Map.of("driver_state_message", message)));
    }

    public static Change respondingAgain(Cluster cluster, long now) {
        return Change.of(
                cluster.with(cluster.status().silent(false, "")), event(EventType.DRIVER_HEALTHY, now, Map.of()));
    }

    /** It stays in the list however long ago it ended. */
    static Change pinned(Cluster cluster, String user, long now) {
        return Change.of(
                cluster.pinned(new Cluster.Pin(user, now)), event(EventType.PINNED, now, Map.of("user", user)));
    }

    static Change unpinned(Cluster cluster, String user, long now) {
        return Change.of(cluster.pinned(null), event(EventType.UNPINNED, now, Map.of("user", user)));
    }

    /** It is told of a budget; nothing else becomes of it. */
    static Change told(Cluster cluster, Map<String, Object> notice, long now) {
        return Change.of(cluster, event(EventType.BUDGET_NOTICE, now, notice));
    }

    /** Progress of a start, for people. */
    public static Change says(Cluster cluster, String message) {
        return Change.of(cluster.with(cluster.status().says(message)));
    }

    /** Without their driver its workers serve nobody. */
    private static ClusterEvent nodesLost(Cluster cluster, long now) {
        return event(
                EventType.NODES_LOST,
                now,
                WorkerLife.counts(0, cluster.status().workers().target()));
    }

    private static Map<String, Object> size(ClusterSpec spec) {
        return spec.workers().onTheWire();
    }

    private static int workers(ClusterSpec spec) {
        return spec.workers().initial();
    }

    private static ClusterEvent ending(Termination why, long now) {
        String user = why.user();
        return event(
                EventType.TERMINATING,
                now,
                user == null ? Map.of("reason", why) : Map.of("reason", why, "cause", "USER_REQUEST", "user", user));
    }

    private static ClusterEvent event(EventType type, long now, Map<String, Object> details) {
        return new ClusterEvent(type, now, details);
    }
}
