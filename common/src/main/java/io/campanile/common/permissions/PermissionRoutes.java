package io.campanile.common.permissions;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/permissions/{type}/{id}} for one kind of object. */
public final class PermissionRoutes {
    private final PermissionService permissions;

    public PermissionRoutes(PermissionService permissions) {
        this.permissions = requireNonNull(permissions, "permissions");
    }

    public void mount(Endpoints api) {
        String type = permissions.kind().type();
        String one = "/api/2.0/permissions/" + permissions.kind().collection() + "/:id";
        api.get(
                one,
                Requires.object("permissions.get", type),
                (caller, context) -> permissions.get(caller, id(context)));
        api.get(
                one + "/permissionLevels",
                Requires.object("permissions.levels", type),
                (caller, context) -> new Levels(permissions.levels(caller, id(context))));
        api.handle(
                HttpMethod.PUT,
                one,
                Requires.object("permissions.set", type),
                (caller, context) -> permissions.replace(caller, id(context), wishes(context)));
        api.handle(HttpMethod.PATCH, one, Requires.object("permissions.update", type), this::update);
    }

    private ObjectPermissions update(Caller caller, RoutingContext context) {
        return permissions.merge(caller, id(context), wishes(context));
    }

    private static List<AccessControl> wishes(RoutingContext context) {
        List<AccessControl> list = Endpoints.readBody(context, Change.class).accessControlList();
        return list == null ? List.of() : list;
    }

    private static String id(RoutingContext context) {
        return ApiException.require(context.pathParam("id"), "id");
    }

    record Change(@Nullable List<AccessControl> accessControlList) {}

    record Levels(List<PermissionLevel> permissionLevels) {}
}
