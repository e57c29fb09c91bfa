package io.campanile.identity.workspaces;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.InternalClient;
import java.util.Map;
import java.util.UUID;

/** The cluster manager over HTTP. */
public final class HttpClusterClient implements ClusterClient {
    private final InternalClient clusters;
    private final String service;

    /** {@code service}: who asks. */
    public HttpClusterClient(InternalClient clusters, String service) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.service = requireNonNull(service, "service");
    }

    @Override
    public int closeWorkspace(long workspaceId) {
        return clusters.post(
                        Caller.service(service, workspaceId, UUID.randomUUID().toString()),
                        "/internal/clusters/close-workspace",
                        Map.of("workspace_id", workspaceId),
                        JsonNode.class)
                .path("active")
                .asInt(1);
    }
}
