package io.campanile.identity.workspaces;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Account;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/accounts/{account_id}/workspaces}, and the host names for the gateway. */
public final class WorkspaceRoutes {
    private static final String ALL = "/api/2.0/accounts/:account_id/workspaces";
    private static final String ONE = ALL + "/:workspace_id";

    private final WorkspaceService workspaces;

    public WorkspaceRoutes(WorkspaceService workspaces) {
        this.workspaces = requireNonNull(workspaces, "workspaces");
    }

    public void mount(Endpoints api) {
        Requires read = Requires.account("account.workspace.read", "workspace");
        api.handle(
                HttpMethod.POST, ALL, Requires.account("account.workspace.create", "workspace"), (caller, context) -> {
                    account(context);
                    WorkspaceService.Made made = workspaces.create(caller, body(context));
                    return write(made.workspace()).put("token", made.token().value());
                });
        api.get(ALL, read, (caller, context) -> {
            account(context);
            Optional<Long> first = workspaces.first();
            return workspaces.list().stream()
                    .map(workspace -> marked(write(workspace), first))
                    .toList();
        });
        api.get(ONE, read, (caller, context) -> write(workspaces.get(id(context))));
        api.handle(
                HttpMethod.PATCH,
                ONE,
                Requires.account("account.workspace.update", "workspace"),
                (caller, context) -> write(workspaces.update(caller, id(context), body(context))));
        api.handle(
                HttpMethod.DELETE,
                ONE,
                Requires.account("account.workspace.delete", "workspace"),
                (caller, context) -> write(workspaces.delete(caller, id(context))));
        api.get(
                "/internal/workspaces/hosts/:host_name",
                Requires.service("identity.workspace.read", "workspace"),
                (caller, context) -> new AtHost(workspaces
                        .byHost(ApiException.require(context.pathParam("host_name"), "host_name"))
                        .orElse(null)));
    }

    record AtHost(@Nullable Long workspaceId) {}

    private static ObjectNode write(Workspace workspace) {
        ObjectNode wire = Json.MAPPER.createObjectNode();
        wire.setAll((ObjectNode) workspace.settings());
        wire.put("account_id", Account.ID);
        wire.put("workspace_id", workspace.workspaceId());
        wire.put("workspace_name", workspace.name());
        if (workspace.hostName() != null) {
            wire.put("deployment_name", workspace.hostName());
        }
        wire.put("workspace_status", "RUNNING");
        wire.put("workspace_status_message", "Workspace is running.");
        wire.put("creation_time", workspace.createdAt().toEpochMilli());
        return wire;
    }

    /** Says of the one that cannot be deleted that it is the one, so that no page has to find out by a refusal. */
    private static ObjectNode marked(ObjectNode wire, Optional<Long> first) {
        if (first.isPresent() && first.get() == wire.path("workspace_id").asLong()) {
            wire.put("is_first", true);
        }
        return wire;
    }

    /** An update comes as the workspace, or as a field that holds it. */
    private static ObjectNode body(RoutingContext context) {
        JsonNode body = Endpoints.readBody(context, JsonNode.class);
        JsonNode inner = body.path("customer_facing_workspace");
        if ((inner.isObject() ? inner : body) instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.invalid("The request body must be an object");
    }

    private static void account(RoutingContext context) {
        WorkspaceService.requireAccount(context.pathParam("account_id"));
    }

    private static long id(RoutingContext context) {
        account(context);
        return Endpoints.longParam(context, "workspace_id");
    }
}
