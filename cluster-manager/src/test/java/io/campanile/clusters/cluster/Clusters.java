package io.campanile.clusters.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets tests of other packages act on clusters as the routes do. */
public final class Clusters {
    private Clusters() {}

    public static String create(ClusterService clusters, Caller caller, ObjectNode spec, @Nullable String token) {
        return clusters.create(caller, spec, token).clusterId();
    }

    public static void terminate(ClusterService clusters, Caller caller, String clusterId) {
        clusters.terminate(caller, clusterId);
    }

    public static int close(ClusterService clusters, long workspaceId) {
        return clusters.closeWorkspace(workspaceId);
    }

    public static void start(ClusterService clusters, Caller caller, String clusterId) {
        clusters.start(caller, clusterId);
    }

    public static void restart(ClusterService clusters, Caller caller, String clusterId) {
        clusters.restart(caller, clusterId);
    }

    public static void deleteForGood(ClusterService clusters, Caller caller, String clusterId) {
        clusters.deleteForGood(caller, clusterId);
    }

    public static void edit(ClusterService clusters, Caller caller, ObjectNode spec, String clusterId) {
        clusters.edit(caller, spec, clusterId);
    }

    public static void resize(ResizeService sizes, Caller caller, String clusterId, int workers, boolean force) {
        sizes.resize(caller, Json.MAPPER.createObjectNode().put("num_workers", workers), clusterId, force);
    }

    public static void resize(ResizeService sizes, Caller caller, String clusterId, ObjectNode size) {
        sizes.resize(caller, size, clusterId, false);
    }

    /** The details of a cluster's events of one type, the first first. */
    public static List<Map<String, Object>> details(
            ClusterService clusters, Caller caller, String clusterId, EventType type) {
        var query = new EventQuery(null, null, List.of(type.name()), true, 0, 500, null);
        return clusters.events(caller, clusterId, query).events().stream()
                .map(ClusterEvent::details)
                .toList();
    }

    public static String defaultOf(ClusterService clusters, Caller caller, boolean start) {
        return clusters.defaultOf(caller, start).clusterId();
    }

    public static void ensureRunning(ClusterService clusters, Cluster cluster) {
        Caller somebody = new Caller(
                cluster.workspaceId(), cluster.owner().userId(), "somebody", false, "notebook-service", "request-1");
        clusters.ensureRunning(somebody, cluster.clusterId());
    }

    /** The names of a cluster's events, the first first. */
    public static List<String> events(ClusterService clusters, Caller caller, String clusterId) {
        return clusters
                .events(caller, clusterId, new EventQuery(null, null, List.of(), true, 0, 500, null))
                .events()
                .stream()
                .map(event -> event.type().name())
                .toList();
    }
}
