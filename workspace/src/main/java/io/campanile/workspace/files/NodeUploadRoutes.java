package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.workspace.blobs.Blob;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.BiFunction;

/** Resumable uploads for nodes, whose writers do not know how long a file will be: the same that people have. */
public final class NodeUploadRoutes {
    private static final String ALL = "/node/v1/files/uploads";
    private static final String ONE = ALL + "/:upload_id";
    private static final Upload.Kind KIND = Upload.Kind.SESSION;

    private final UploadService uploads;
    private final UploadRoutes parts;
    private final FileService files;
    private final NodeCallers nodes;
    private final Blocking blocking;

    public NodeUploadRoutes(
            UploadService uploads, FileService files, Transfers transfers, NodeCallers nodes, Blocking blocking) {
        this.uploads = requireNonNull(uploads, "uploads");
        this.parts = new UploadRoutes(uploads, transfers, blocking);
        this.files = requireNonNull(files, "files");
        this.nodes = requireNonNull(nodes, "nodes");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        answer(
                api,
                HttpMethod.POST,
                ALL,
                "uploads.begin",
                (caller, context) -> UploadRoutes.view(uploads.begin(
                        caller, KIND, NodeFileRoutes.path(context, "path"), NodeFileRoutes.expected(context), null)));
        answer(
                api,
                HttpMethod.GET,
                ONE,
                "uploads.get",
                (caller, context) -> UploadRoutes.view(uploads.get(caller, KIND, UploadRoutes.id(context))));
        answer(api, HttpMethod.POST, ONE + "/complete", "uploads.complete", this::complete);
        answer(api, HttpMethod.DELETE, ONE, "uploads.abort", (caller, context) -> {
            uploads.abort(caller, KIND, UploadRoutes.id(context));
            return Map.of();
        });
        api.async(HttpMethod.PUT, ONE, Requires.node("uploads.put-part", "file"), (none, context) -> {
            context.request().pause();
            return blocking.call(() -> nodes.of(context, "uploads.put-part"))
                    .onFailure(refused -> Transfers.discard(context.request()))
                    .compose(caller -> parts.received(caller, context));
        });
    }

    private void answer(
            Endpoints api,
            HttpMethod method,
            String path,
            String action,
            BiFunction<Caller, RoutingContext, Object> handler) {
        api.async(
                method,
                path,
                Requires.node(action, "file"),
                (none, context) -> blocking.call(() -> Json.write(handler.apply(nodes.of(context, action), context)))
                        .compose(body -> context.response()
                                .putHeader("Content-Type", "application/json")
                                .end(body)));
    }

    /** Asked again after its answer was lost, it finds what it had done by the mark of the upload. */
    private Object complete(Caller caller, RoutingContext context) {
        long id = UploadRoutes.id(context);
        try {
            return UploadRoutes.view(uploads.complete(caller, KIND, id));
        } catch (ApiException e) {
            if (e.code() != ErrorCode.RESOURCE_DOES_NOT_EXIST) {
                throw e;
            }
            Blob placed = files.marked(
                            caller, NodeFileRoutes.path(context, "path"), Upload.stagedName(caller.workspaceId(), id))
                    .orElseThrow(() -> e);
            return UploadRoutes.view(placed);
        }
    }
}
