package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.common.spool.Spool;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** The wire of whole notebooks, for the workspace service. */
public final class DocumentRoutes {
    private static final String ONE = "/internal/notebooks/:object_id";
    private final Documents documents;
    private final Imports imports;
    /** The largest file, and what it is more on the way. */
    private static final long LARGEST = 256L * 1024 * 1024;

    private final Bodies bodies;
    private final Blocking blocking;

    public DocumentRoutes(Documents documents, Imports imports, Bodies bodies, Blocking blocking) {
        this.bodies = requireNonNull(bodies, "bodies");
        this.documents = requireNonNull(documents, "documents");
        this.imports = requireNonNull(imports, "imports");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.async(HttpMethod.PUT, ONE, Requires.service("notebooks.import", "notebook"), this::put);
        api.async(HttpMethod.GET, ONE, Requires.service("notebooks.export", "notebook"), this::get);
        api.handle(HttpMethod.DELETE, ONE, Requires.service("notebooks.delete", "notebook"), (caller, context) -> {
            imports.delete(caller, id(context));
            return Map.of();
        });
        api.handle(
                HttpMethod.POST,
                ONE + "/language",
                Requires.service("notebooks.language", "notebook"),
                (caller, context) -> {
                    imports.language(
                            caller,
                            id(context),
                            Endpoints.readBody(context, Language.class).language());
                    return Map.of();
                });
    }

    private Future<Void> put(Caller caller, RoutingContext context) {
        return bodies.receive(context.request(), context.body(), LARGEST)
                .compose(spool -> blocking.call(() -> imports.put(caller, id(context), new NotebookBody(spool)))
                        .eventually(() -> bodies.close(spool)))
                .compose(revision -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(Json.write(Map.of("revision", revision))));
    }

    private Future<Void> get(Caller caller, RoutingContext context) {
        return blocking.call(() -> {
                    long id = id(context);
                    NotebookDocument document =
                            documents.read(caller.workspaceId(), id).orElseThrow(() -> Documents.absent(id));
                    Spool spool = bodies.empty(LARGEST);
                    boolean done = false;
                    try {
                        imports.export(
                                caller,
                                document,
                                Boolean.parseBoolean(context.request().getParam("outputs")),
                                spool);
                        done = true;
                    } finally {
                        if (!done) {
                            spool.close();
                        }
                    }
                    return spool;
                })
                .compose(spool -> bodies.send(spool, context.response()));
    }

    private static long id(RoutingContext context) {
        return Endpoints.longParam(context, "object_id");
    }

    record Language(String language) {
        Language {
            ApiException.require(language, "language");
        }
    }
}
