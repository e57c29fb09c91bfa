package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.permissions.AclStore;
import io.campanile.workspace.formats.Language;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the notebook service asks: who may do what with a notebook; and tells: that one changed. */
public final class InternalRoutes {
    private static final String OBJECT = "/internal/objects/:id";
    private static final int MOST_WORKSPACES = 10_000;

    private final Tree tree;
    private final ObjectStore store;
    private final VisitStore visits;
    private final AclStore grants;
    private final Clock clock;

    public InternalRoutes(Tree tree, ObjectStore store, VisitStore visits, AclStore grants, Clock clock) {
        this.tree = requireNonNull(tree, "tree");
        this.store = requireNonNull(store, "store");
        this.visits = requireNonNull(visits, "visits");
        this.grants = requireNonNull(grants, "grants");
        this.clock = requireNonNull(clock, "clock");
    }

    public void mount(Endpoints api) {
        api.get(OBJECT + "/access", Requires.service("objects.access", "notebook"), this::access);
        api.post(
                "/internal/objects/changes",
                Requires.service("objects.changes", "object"),
                AskedChanges.class,
                this::changes);
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

    /** How often access changed in each workspace: whoever remembers decisions asks this instead of each of them. */
    private Changes changes(Caller caller, AskedChanges asked) {
        if (asked.workspaceIds().size() > MOST_WORKSPACES) {
            throw ApiException.invalid("workspace_ids has at most " + MOST_WORKSPACES + " entries");
        }
        return new Changes(grants.changes(asked.workspaceIds()));
    }

    private AccessView access(Caller caller, RoutingContext context) {
        long objectId = Endpoints.longParam(context, "id");
        Located located = tree.live(caller, objectId, Permission.CAN_READ);
        WorkspaceObject object = located.object();
        if (!object.isNotebook()) {
            throw Tree.missing(objectId);
        }
        if (!Boolean.parseBoolean(context.request().getParam("again"))) {
            visits.visited(caller.workspaceId(), caller.userId(), objectId, clock.instant());
        }
        return new AccessView(
                objectId,
                located.path().toString(),
                object.type(),
                requireNonNull(object.language()),
                tree.permission(caller, located));
    }

    record AccessView(long objectId, String path, ObjectType objectType, Language language, Permission permission) {}

    record AskedChanges(List<Long> workspaceIds) {
        AskedChanges {
            workspaceIds = List.copyOf(ApiException.require(workspaceIds, "workspace_ids"));
        }
    }

    record Changes(Map<Long, Long> changes) {}

    record Touched(Instant modifiedAt, @Nullable Language language) {
        Touched {
            ApiException.require(modifiedAt, "modified_at");
        }
    }
}
