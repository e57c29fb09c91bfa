package io.campanile.notebooks.live;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.documents.JsonAnswer;
import io.vertx.core.http.HttpMethod;

/** The snapshot of a notebook over HTTP: what a page paints before its socket is open. */
public final class NotebookRoutes {
    private final NotebookAccess access;
    private final Snapshots snapshots;
    private final Blocking blocking;

    public NotebookRoutes(NotebookAccess access, Snapshots snapshots, Blocking blocking) {
        this.access = requireNonNull(access, "access");
        this.snapshots = requireNonNull(snapshots, "snapshots");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.async(
                HttpMethod.GET,
                "/api/campanile/v1/notebooks/:object_id",
                Requires.object("notebooks.read", "notebook"),
                (caller, context) -> JsonAnswer.send(
                        blocking,
                        context,
                        () -> snapshots
                                .snapshot(caller, access.of(caller, Endpoints.longParam(context, "object_id")))
                                .frame()));
    }
}
