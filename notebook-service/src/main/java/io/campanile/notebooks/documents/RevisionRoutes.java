package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.access.Permission;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** The wire of the history of a notebook. */
public final class RevisionRoutes {
    private static final String ALL = "/api/campanile/v1/notebooks/:object_id/revisions";
    private static final String ONE = ALL + "/:revision";
    private final NotebookAccess access;
    private final Revisions revisions;
    private final Blocking blocking;

    public RevisionRoutes(NotebookAccess access, Revisions revisions, Blocking blocking) {
        this.access = requireNonNull(access, "access");
        this.revisions = requireNonNull(revisions, "revisions");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        Requires read = Requires.object("notebooks.read", "notebook");
        api.async(
                HttpMethod.GET,
                ALL,
                read,
                (caller, context) -> JsonAnswer.send(blocking, context, () -> {
                    long before = context.request().getParam("before") == null
                            ? Long.MAX_VALUE
                            : Endpoints.longParam(context, "before");
                    return revisions.list(caller, notebook(caller, context, Permission.CAN_READ), before);
                }));
        api.async(
                HttpMethod.GET,
                ONE,
                read,
                (caller, context) -> JsonAnswer.send(
                        blocking,
                        context,
                        () -> revisions.content(
                                caller,
                                notebook(caller, context, Permission.CAN_READ),
                                Endpoints.longParam(context, "revision"))));
        api.handle(
                HttpMethod.POST,
                ONE + "/restore",
                Requires.object("notebooks.restore", "notebook"),
                (caller, context) -> Map.of(
                        "revision",
                        revisions.restore(
                                caller,
                                notebook(caller, context, Permission.CAN_EDIT),
                                Endpoints.longParam(context, "revision"))));
    }

    private long notebook(Caller caller, RoutingContext context, Permission wanted) {
        return access.of(caller, Endpoints.longParam(context, "object_id"))
                .require(wanted)
                .objectId();
    }
}
