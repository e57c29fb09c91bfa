package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.workspace.formats.Language;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the notebook service asks: who may do what with a notebook; and tells: that one changed. */
public final class InternalRoutes {
    private static final String OBJECT = "/internal/objects/:id";
    private final Tree tree;
    private final ObjectStore store;
    private final VisitStore visits;
    private final Clock clock;

    public InternalRoutes(Tree tree, ObjectStore store, VisitStore visits, Clock clock) {
        this.tree = requireNonNull(tree, "tree");
        this.store = requireNonNull(store, "store");
        this.visits = requireNonNull(visits, "visits");
        this.clock = requireNonNull(clock, "clock");
    }

    public void mount(Endpoints api) {
        api.get(OBJECT + "/access", Requires.service("objects.access", "notebook"), this::access);
        api.handle(
                HttpMethod.POST,
                OBJECT + "/touched",
                Requires.service("objects.touched", "notebook"),
                (caller, context) -> {
                    Touched body = Endpoints.readBody(context, Touched.class);
                    // A clock that runs ahead there must not outrank later changes here.
                    Instant at = body.modifiedAt().isAfter(clock.instant()) ? clock.instant() : body.modifiedAt();
                    store.touch(caller.workspaceId(), Endpoints.longParam(context, "id"), at, body.language());
                    return Map.of();
                });
    }

    private AccessView access(Caller caller, RoutingContext context) {
        long objectId = Endpoints.longParam(context, "id");
        Located located = tree.live(caller, objectId, Permission.CAN_READ);
        WorkspaceObject object = located.object();
        if (object.isDirectory()) {
            throw Tree.missing(objectId);
        }
        visits.visited(caller.workspaceId(), caller.userId(), objectId, clock.instant());
        return new AccessView(
                objectId,
                located.path().toString(),
                object.type(),
                requireNonNull(object.language()),
                tree.permission(caller, located));
    }

    record AccessView(long objectId, String path, ObjectType objectType, Language language, Permission permission) {}

    record Touched(Instant modifiedAt, @Nullable Language language) {
        Touched {
            ApiException.require(modifiedAt, "modified_at");
        }
    }
}
