package io.campanile.notebooks.nodes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.InternalClient;
import io.campanile.common.json.Json;

/** Secrets of the workspace service. */
public final class HttpNodeSecrets implements NodeSecrets {
    private final InternalClient workspace;

    public HttpNodeSecrets(InternalClient workspace) {
        this.workspace = requireNonNull(workspace, "workspace");
    }

    @Override
    public JsonNode ask(NodeIdentity node, Question question, String requestId) {
        NodeIdentity.Owner owner = node.owner();
        Caller caller =
                new Caller(node.workspaceId(), owner.userId(), owner.userName(), false, "notebook-service", requestId);
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("scope", question.scope()).put("key", question.key());
        return workspace.post(caller, "/internal/secrets/" + question.what(), body, JsonNode.class);
    }
}
