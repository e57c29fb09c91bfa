package io.campanile.identity.workspaces;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.identity.scim.Assignment;
import io.campanile.identity.scim.AssignmentService;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of a workspace's {@code permissionassignments}: which people of the account it has. */
public final class AssignmentRoutes {
    private static final String ALL = "/api/2.0/accounts/:account_id/workspaces/:workspace_id/permissionassignments";
    private static final String ONE = ALL + "/principals/:principal_id";

    private final AssignmentService assignments;

    public AssignmentRoutes(AssignmentService assignments) {
        this.assignments = requireNonNull(assignments, "assignments");
    }

    public void mount(Endpoints api) {
        Requires read = Requires.account("account.assignment.read", "workspace");
        api.get(
                ALL,
                read,
                (caller, context) -> Map.of(
                        "permission_assignments",
                        assignments.list(workspace(context)).stream()
                                .map(Assigned::of)
                                .toList()));
        api.get(ALL + "/permissions", read, (caller, context) -> {
            workspace(context);
            return Map.of(
                    "permissions",
                    List.of(
                            new Permission("USER", "Can use the workspace"),
                            new Permission("ADMIN", "Can administer the workspace")));
        });
        api.handle(HttpMethod.PUT, ONE, Requires.account("account.assignment.set", "workspace"), (caller, context) -> {
            long workspaceId = workspace(context);
            long principalId = Endpoints.longParam(context, "principal_id");
            return Assigned.of(assignments.assign(
                    caller, workspaceId, principalId, admin(Endpoints.readBody(context, JsonNode.class))));
        });
        api.handle(
                HttpMethod.DELETE,
                ONE,
                Requires.account("account.assignment.remove", "workspace"),
                (caller, context) -> {
                    assignments.remove(caller, workspace(context), Endpoints.longParam(context, "principal_id"));
                    return Map.of();
                });
    }

    record Permission(String permissionLevel, String description) {}

    record PrincipalView(
            long principalId,
            String displayName,
            @Nullable String userName,
            @Nullable String servicePrincipalName) {}

    record Assigned(PrincipalView principal, List<String> permissions) {
        static Assigned of(Assignment assignment) {
            boolean user = assignment.kind() == PrincipalKind.USER;
            return new Assigned(
                    new PrincipalView(
                            assignment.principalId(),
                            assignment.displayName(),
                            user ? assignment.userName() : null,
                            user ? null : assignment.userName()),
                    List.of(assignment.admin() ? "ADMIN" : "USER"));
        }
    }

    private static boolean admin(JsonNode body) {
        JsonNode permissions = body.path("permissions");
        if (!permissions.isArray() || permissions.size() != 1) {
            throw ApiException.invalid("permissions must be a list of USER or of ADMIN");
        }
        return switch (permissions.path(0).asText()) {
            case "ADMIN" -> true;
            case "USER" -> false;
            default -> throw ApiException.invalid("permissions must be a list of USER or of ADMIN");
        };
    }

    private static long workspace(RoutingContext context) {
        WorkspaceService.requireAccount(context.pathParam("account_id"));
        return Endpoints.longParam(context, "workspace_id");
    }
}
