package io.campanile.clusters.cluster;

import io.campanile.clusters.cluster.ClusterStatus.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of the workers of a cluster: pure functions, as those of {@link ClusterLife}. */
public final class WorkerLife {
    private static final String CAUSE = "cause";
    private static final String USER = "USER_REQUEST";

    private WorkerLife() {}

    /** Another size for a cluster that runs. Between a single node and workers, the driver has to start anew. */
    static Change resize(Cluster cluster, ClusterSize size, String user, long now) {
        ClusterSpec spec = cluster.spec().withSize(size);
        Cluster next = cluster.with(spec);
        if (cluster.spec().needsRestart(spec)) {
            ClusterStatus status = cluster.status()
                    .starting(
                            ClusterState.RESTARTING, "Restarting the driver for the new size", 1, size.initial(), now);
            return Change.of(
                    next.with(status),
                    resizing(cluster, size, size.initial(), Map.of(CAUSE, USER, "user", user), now),
                    new ClusterEvent(EventType.RESTARTING, now, Map.of(CAUSE, USER, "user", user)));
        }
        int target = size.nearest(cluster.status().workers().target());
        return target == cluster.status().workers().target()
                ? Change.of(next)
                : Change.of(
                        next.with(cluster.status().resizing(target, now)),
                        resizing(cluster, size, target, Map.of(CAUSE, USER, "user", user), now));
    }

    /**
     * The load asked for another number of workers.
     *
     * @param numbers what decided, for the event
     */
    public static Change autoscale(Cluster cluster, int target, Map<String, Object> numbers, long now) {
        Map<String, Object> report = new LinkedHashMap<>(numbers);
        report.put(CAUSE, "AUTOSCALE");
        report.putAll(counts(cluster.status().workers().current(), target));
        return Change.of(
                cluster.with(cluster.status().resizing(target, now)),
                new ClusterEvent(EventType.AUTOSCALING_STATS_REPORT, now, report),
                resizing(cluster, cluster.spec().workers(), target, Map.of(CAUSE, "AUTOSCALE"), now));
    }

    /**
     * So many executors serve; empty when that changes nothing.
     *
     * @param settled no worker is on its way out
     */
    public static Optional<Change> counted(Cluster cluster, int serving, boolean settled, long now) {
        Workers before = cluster.status().workers();
        boolean whole = serving == before.target();
        boolean resized = cluster.state() == ClusterState.RESIZING && whole && settled;
        if (serving == before.current() && !resized && !(whole && before.missing())) {
            return Optional.empty();
        }
        ClusterStatus status = cluster.status().withWorkers(before.serving(serving, before.missing() && !whole));
        if (before.missing()) {
            status = status.says(whole ? "" : status.message().replaceFirst("^Runs with \\d+ of", with(serving)));
        }
        boolean runs = cluster.state().running();
        List<ClusterEvent> events = new ArrayList<>();
        if (runs && whole && before.current() < serving) {
            events.add(new ClusterEvent(EventType.UPSIZE_COMPLETED, now, counts(serving, before.target())));
        }
        Cluster next = resized ? cluster.with(status.resized(now)).observed() : cluster.with(status);
        return Optional.of(new Change(next, events));
    }

    /** Workers were lost that nobody was told of: {@code lost} of this epoch by now, the last for {@code reason}. */
    public static Change lost(Cluster cluster, int lost, int serving, String reason, long now) {
        Workers workers = cluster.status().workers();
        Map<String, Object> details = new LinkedHashMap<>(counts(serving, workers.target()));
        details.put("reason", Termination.fault("COMMUNICATION_LOST", reason));
        return Change.of(
                cluster.with(cluster.status().withWorkers(workers.lost(lost))),
                new ClusterEvent(EventType.NODES_LOST, now, details));
    }

    /** Some workers cannot be had now: the cluster runs with those there are. Empty when that was said already. */
    public static Optional<Change> missing(Cluster cluster, String why, long now) {
        Workers workers = cluster.status().workers();
        if (workers.missing()) {
            return Optional.empty();
        }
        String message = with(workers.current()) + " " + workers.target() + " workers: " + why;
        Map<String, Object> details = new LinkedHashMap<>(counts(workers.current(), workers.target()));
        details.put("did_not_expand_reason", why);
        ClusterStatus status = cluster.status()
                .withWorkers(workers.serving(workers.current(), true))
                .says(message);
        boolean resizing = cluster.state() == ClusterState.RESIZING;
        return Optional.of(Change.of(
                resizing ? cluster.with(status.resized(now)).observed() : cluster.with(status),
                new ClusterEvent(EventType.ADD_NODES_FAILED, now, details)));
    }

    /** The load asks for more workers than it may have now: it stays as it is. */
    public static Change notGrown(Cluster cluster, int wanted, String why, long now) {
        Map<String, Object> details =
                new LinkedHashMap<>(counts(cluster.status().workers().current(), wanted));
        details.put("did_not_expand_reason", why);
        return Change.of(cluster, new ClusterEvent(EventType.ADD_NODES_FAILED, now, details));
    }

    static ClusterEvent resizing(Cluster cluster, ClusterSize size, int target, Map<String, Object> cause, long now) {
        Map<String, Object> details = new LinkedHashMap<>(cause);
        details.putAll(counts(cluster.status().workers().current(), target));
        details.put("cluster_size", size.onTheWire());
        details.put("previous_cluster_size", cluster.spec().workers().onTheWire());
        return new ClusterEvent(EventType.RESIZING, now, details);
    }

    private static String with(int serving) {
        return "Runs with " + serving + " of";
    }

    static Map<String, Object> counts(int current, int target) {
        return Map.of("current_num_workers", current, "target_num_workers", target);
    }
}
