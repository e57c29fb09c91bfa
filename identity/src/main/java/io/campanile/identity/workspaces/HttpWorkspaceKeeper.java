package io.campanile.identity.workspaces;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.InternalClient;
import io.campanile.common.service.ErasureRoutes;
import java.util.Map;
import java.util.UUID;

/** Another service over HTTP. */
public final class HttpWorkspaceKeeper implements WorkspaceKeeper {
    private final InternalClient keeper;
    private final String service;

    /** {@code service}: who asks. */
    public HttpWorkspaceKeeper(InternalClient keeper, String service) {
        this.keeper = requireNonNull(keeper, "keeper");
        this.service = requireNonNull(service, "service");
    }

    @Override
    public boolean erase(long workspaceId) {
        Caller caller = Caller.service(service, workspaceId, UUID.randomUUID().toString());
        return keeper.post(caller, ErasureRoutes.ERASE, Map.of(), JsonNode.class)
                .path("done")
                .asBoolean(false);
    }
}
