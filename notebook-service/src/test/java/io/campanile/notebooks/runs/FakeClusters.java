package io.campanile.notebooks.runs;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.notebooks.compute.Cluster;
import io.campanile.notebooks.compute.ClusterClient;
import io.campanile.notebooks.compute.ClusterState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A cluster-manager in memory with a real change feed. What a started cluster becomes is up to the test. */
public final class FakeClusters implements ClusterClient {
    private final Map<String, Cluster> clusters = new LinkedHashMap<>();
    private final Map<String, Long> changed = new LinkedHashMap<>();
    private long changes;
    private boolean away;
    public volatile int starts;

    public synchronized Cluster put(
            String id, long workspaceId, long owner, ClusterState state, long epoch, String message) {
        Cluster before = clusters.get(id);
        long since = Math.max(System.currentTimeMillis(), before == null ? 0 : before.stateSince() + 1);
        Cluster cluster = new Cluster(
                id, workspaceId, "cluster " + id, state, message, owner, "user" + owner, epoch, since, null);
        clusters.put(id, cluster);
        changed.put(id, ++changes);
        notifyAll();
        return cluster;
    }

    public synchronized void state(String id, ClusterState state, long epoch, String message) {
        Cluster cluster = Objects.requireNonNull(clusters.get(id));
        put(id, cluster.workspaceId(), cluster.ownerUserId(), state, epoch, message);
    }

    public synchronized void away(boolean now) {
        away = now;
        notifyAll();
    }

    @Override
    public synchronized Cluster defaultCluster(Caller person, boolean start) {
        String id = "default-" + person.userId();
        if (!clusters.containsKey(id)) {
            put(id, person.workspaceId(), person.userId(), ClusterState.TERMINATED, 0, "");
        }
        return start ? ensureRunning(person, id) : get(person, id);
    }

    @Override
    public synchronized Cluster ensureRunning(Caller person, String clusterId) {
        Cluster cluster = get(person, clusterId);
        if (!cluster.state().isDown()) {
            return cluster;
        }
        starts++;
        return put(
                clusterId, cluster.workspaceId(), cluster.ownerUserId(), ClusterState.PENDING, cluster.epoch() + 1, "");
    }

    @Override
    public synchronized Cluster get(Caller person, String clusterId) {
        requireHere();
        @Nullable Cluster cluster = clusters.get(clusterId);
        if (cluster == null || cluster.workspaceId() != person.workspaceId()) {
            throw ApiException.notFound("Cluster " + clusterId + " does not exist");
        }
        return cluster;
    }

    @Override
    public synchronized void stop(Caller person, String clusterId) {
        Cluster cluster = get(person, clusterId);
        put(clusterId, cluster.workspaceId(), cluster.ownerUserId(), ClusterState.TERMINATED, cluster.epoch(), "");
    }

    @Override
    public synchronized Changes changes(long since, Duration wait) {
        requireHere();
        long end = System.nanoTime() + wait.toNanos();
        while (changes <= since && !away) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "interrupted", e);
            }
        }
        requireHere();
        List<Cluster> news = new ArrayList<>();
        changed.forEach((id, at) -> {
            Cluster cluster = Objects.requireNonNull(clusters.get(id));
            if (at > since && (since > 0 || cluster.state() != ClusterState.TERMINATED)) {
                news.add(cluster);
            }
        });
        return new Changes(changes, news);
    }

    private void requireHere() {
        if (away) {
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "cluster-manager is away");
        }
    }
}
