package io.campanile.notebooks.access;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.InternalClient;
import io.campanile.common.json.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The workspace service over HTTP. */
public final class HttpWorkspaceClient implements WorkspaceClient {
    private static final String SERVICE = "notebook-service";
    private final InternalClient workspace;

    public HttpWorkspaceClient(InternalClient workspace) {
        this.workspace = requireNonNull(workspace, "workspace");
    }

    @Override
    public ObjectAccess access(Caller caller, long objectId) {
        return workspace.get(caller.via(SERVICE), path(objectId) + "/access", ObjectAccess.class);
    }

    @Override
    public ObjectAccess again(Caller caller, long objectId) {
        return workspace.get(caller.via(SERVICE), path(objectId) + "/access?again=true", ObjectAccess.class);
    }

    @Override
    public Map<Long, Long> changes(Collection<Long> workspaces) {
        Caller nobody = Caller.service(SERVICE, 0, UUID.randomUUID().toString());
        Map<String, Collection<Long>> asked = Map.of("workspace_ids", workspaces);
        return workspace
                .post(nobody, "/internal/objects/changes", asked, Changes.class)
                .changes();
    }

    record Changes(Map<Long, Long> changes) {}

    @Override
    public void touched(long workspaceId, long objectId, Instant modifiedAt, @Nullable String language) {
        var body = Json.MAPPER.createObjectNode().put("modified_at", modifiedAt.toEpochMilli());
        if (language != null) {
            body.put("language", language);
        }
        Caller caller = Caller.service(SERVICE, workspaceId, UUID.randomUUID().toString());
        workspace.post(caller, path(objectId) + "/touched", body, JsonNode.class);
    }

    private static String path(long objectId) {
        return "/internal/objects/" + objectId;
    }
}
