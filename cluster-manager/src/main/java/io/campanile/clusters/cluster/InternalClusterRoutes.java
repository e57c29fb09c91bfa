package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** What other services ask of clusters, and our own public route to the default cluster. */
public final class InternalClusterRoutes {
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private final ClusterService clusters;
    private final ClusterChanges changes;
    private final Shutdown shutdown;

    public InternalClusterRoutes(ClusterService clusters, ClusterChanges changes, Shutdown shutdown) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.changes = requireNonNull(changes, "changes");
        this.shutdown = requireNonNull(shutdown, "shutdown");
    }

    public void mount(Endpoints api) {
        Requires read = Requires.service("clusters.read", "cluster");
        Requires run = Requires.service("clusters.run", "cluster");
        api.post("/internal/clusters/default", run, DefaultRequest.class, this::defaultCluster);
        api.post(
                "/internal/clusters/close-workspace",
                Requires.service("clusters.closeWorkspace", "cluster"),
                CloseWorkspace.class,
                (caller, body) -> new Closed(clusters.closeWorkspace(body.workspaceId())));
        api.async(
                HttpMethod.POST,
                "/internal/clusters/stop-all",
                Requires.service("clusters.stopAll", "cluster"),
                (caller, context) -> shutdown.run(Math.max(0, Math.min(wait(context), LONGEST_WAIT_MILLIS)))
                        .compose(result -> answer(context, result)));
        api.async(HttpMethod.GET, "/internal/clusters/changes", read, (caller, context) -> {
            long since = Endpoints.longParam(context, "since");
            return changes.since(Math.max(0, since), Math.min(wait(context), LONGEST_WAIT_MILLIS))
                    .compose(found -> answer(context, found));
        });
        api.handle(
                HttpMethod.POST,
                "/internal/clusters/:cluster_id/ensure-running",
                run,
                (caller, context) -> ClusterView.of(clusters.ensureRunning(caller, clusterId(context))));
        api.get(
                "/internal/clusters/:cluster_id",
                read,
                (caller, context) -> ClusterView.of(clusters.find(caller.workspaceId(), clusterId(context))));
        api.post(
                "/api/campanile/v1/clusters/default",
                Requires.user("clusters.default", "cluster"),
                OwnDefaultRequest.class,
                (caller, body) -> ClusterView.of(clusters.defaultOf(caller, Boolean.TRUE.equals(body.start()))));
    }

    record DefaultRequest(
            Long userId, String userName, @Nullable Boolean start) {
        DefaultRequest {
            ApiException.require(userId, "user_id");
            ApiException.require(userName, "user_name");
        }
    }

    record CloseWorkspace(Long workspaceId) {
        CloseWorkspace {
            ApiException.require(workspaceId, "workspace_id");
        }
    }

    /** How many clusters have not come to rest. */
    record Closed(int active) {}

    record OwnDefaultRequest(@Nullable Boolean start) {}

    private static long wait(RoutingContext context) {
        return context.request().getParam("wait") == null ? 0 : Endpoints.longParam(context, "wait");
    }

    private static Future<Void> answer(RoutingContext context, Object body) {
        return context.response().putHeader("Content-Type", "application/json").end(Buffer.buffer(Json.write(body)));
    }

    private Object defaultCluster(Caller caller, DefaultRequest request) {
        if (caller.workspaceId() == 0) {
            throw ApiException.invalid("The call names no workspace");
        }
        Caller person = new Caller(
                        caller.workspaceId(),
                        request.userId(),
                        request.userName(),
                        false,
                        caller.service(),
                        caller.requestId())
                .doing(caller.action());
        return ClusterView.of(clusters.defaultOf(person, Boolean.TRUE.equals(request.start())));
    }

    private static String clusterId(RoutingContext context) {
        return ApiException.require(context.pathParam("cluster_id"), "cluster_id");
    }
}
