package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.access.Permission;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire of a notebook's history: entries, revisions, differences, names and restores. */
public final class HistoryRoutes {
    private static final String NOTEBOOK = "/api/campanile/v1/notebooks/:object_id";
    private static final String VERSIONS = NOTEBOOK + "/versions";
    private static final String VERSION = VERSIONS + "/:version_id";
    private static final int ENTRIES = 50;
    private final NotebookAccess access;
    private final History history;
    private final Versions versions;
    private final Blocking blocking;

    public HistoryRoutes(NotebookAccess access, History history, Versions versions, Blocking blocking) {
        this.access = requireNonNull(access, "access");
        this.history = requireNonNull(history, "history");
        this.versions = requireNonNull(versions, "versions");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        read(api, "/history", (caller, context, id) -> history.page(caller, id, token(context), limit(context)));
        read(
                api,
                "/revisions/:revision",
                (caller, context, id) -> history.content(caller, id, Endpoints.longParam(context, "revision")));
        read(
                api,
                "/diff",
                (caller, context, id) ->
                        history.diff(caller, id, Endpoints.longParam(context, "from"), optional(context, "to")));
        read(api, "/versions", (caller, context, id) -> versions.list(caller, id));
        edit(api, HttpMethod.POST, VERSIONS, "notebooks.name", (caller, context, id) -> {
            NewVersion body = Endpoints.readBody(context, NewVersion.class);
            return versions.create(caller, id, body.name(), body.description(), body.revision())
                    .json();
        });
        edit(api, HttpMethod.PATCH, VERSION, "notebooks.rename-version", (caller, context, id) -> {
            OtherVersion body = Endpoints.readBody(context, OtherVersion.class);
            return versions.update(caller, id, version(context), body.name(), body.description())
                    .json();
        });
        edit(api, HttpMethod.DELETE, VERSION, "notebooks.unname", (caller, context, id) -> {
            versions.delete(caller, id, version(context));
            return Map.of();
        });
        edit(api, HttpMethod.POST, NOTEBOOK + "/restore", "notebooks.restore", (caller, context, id) -> {
            Restore body = Endpoints.readBody(context, Restore.class);
            return history.restore(caller, id, body.revision(), body.requestId())
                    .json();
        });
    }

    private interface Answer<T> {
        T of(Caller caller, RoutingContext context, long notebookId);
    }

    private void read(Endpoints api, String path, Answer<? extends JsonNode> answer) {
        api.async(
                HttpMethod.GET,
                NOTEBOOK + path,
                Requires.object("notebooks.read", "notebook"),
                (caller, context) -> JsonAnswer.send(
                        blocking,
                        context,
                        () -> answer.of(caller, context, notebook(caller, context, Permission.CAN_READ))));
    }

    private void edit(Endpoints api, HttpMethod method, String path, String action, Answer<?> answer) {
        api.handle(
                method,
                path,
                Requires.object(action, "notebook"),
                (caller, context) -> answer.of(caller, context, notebook(caller, context, Permission.CAN_EDIT)));
    }

    private long notebook(Caller caller, RoutingContext context, Permission wanted) {
        return access.of(caller, Endpoints.longParam(context, "object_id"))
                .require(wanted)
                .objectId();
    }

    private static long version(RoutingContext context) {
        return Endpoints.longParam(context, "version_id");
    }

    private static long token(RoutingContext context) {
        Long token = optional(context, "page_token");
        return token == null ? Long.MAX_VALUE : token;
    }

    private static int limit(RoutingContext context) {
        Long limit = optional(context, "limit");
        if (limit == null) {
            return ENTRIES;
        }
        if (limit < 1 || limit > History.MOST_ENTRIES) {
            throw ApiException.invalid("limit must be 1 to " + History.MOST_ENTRIES + ": " + limit);
        }
        return Math.toIntExact(limit);
    }

    private static @Nullable Long optional(RoutingContext context, String name) {
        return context.request().getParam(name) == null ? null : Long.valueOf(Endpoints.longParam(context, name));
    }

    record NewVersion(
            String name,
            @Nullable String description,
            @Nullable Long revision) {
        NewVersion {
            ApiException.require(name, "name");
        }
    }

    record OtherVersion(@Nullable String name, @Nullable String description) {}

    record Restore(Long revision, String requestId) {
        Restore {
            ApiException.require(revision, "revision");
            ApiException.require(requestId, "request_id");
        }
    }
}
