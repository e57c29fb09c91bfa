package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.access.Permission;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** All printed lines of a run as plain text, in pieces as fast as the reader takes them. */
final class OutputRoutes {
    private static final long PIECE_BYTES = 512 * 1024;

    private final NotebookAccess access;
    private final RunStore runs;
    private final OutputStore outputs;
    private final Blocking blocking;

    OutputRoutes(NotebookAccess access, RunStore runs, OutputStore outputs, Blocking blocking) {
        this.access = requireNonNull(access, "access");
        this.runs = requireNonNull(runs, "runs");
        this.outputs = requireNonNull(outputs, "outputs");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    void mount(Endpoints api) {
        api.async(
                HttpMethod.GET,
                "/api/campanile/v1/notebooks/:id/runs/:run_id/output.txt",
                Requires.object("runs.output.read", "notebook"),
                this::text);
    }

    private Future<Void> text(Caller caller, RoutingContext context) {
        long notebookId = Endpoints.longParam(context, "id");
        long runId = Endpoints.longParam(context, "run_id");
        return blocking.call(() -> readable(caller, notebookId, runId)).compose(run -> {
            context.response()
                    .setChunked(true)
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Content-Security-Policy", "sandbox")
                    .putHeader("Content-Disposition", "attachment; filename=\"output-" + runId + ".txt\"");
            return pieces(context.response(), run, 0);
        });
    }

    private Run readable(Caller caller, long notebookId, long runId) {
        access.of(caller, notebookId).require(Permission.CAN_READ);
        return runs.find(caller.workspaceId(), runId)
                .filter(run -> run.notebookId() == notebookId)
                .orElseThrow(() -> ApiException.notFound("Run " + runId + " does not exist"));
    }

    private Future<Void> pieces(HttpServerResponse response, Run run, long after) {
        return blocking.call(() -> outputs.after(run.workspaceId(), run.runId(), after, PIECE_BYTES))
                .compose(page -> {
                    if (page.isEmpty()) {
                        return response.end();
                    }
                    long last = page.get(page.size() - 1).seq();
                    String text = printed(page);
                    Future<Void> sent = text.isEmpty() ? Future.succeededFuture() : response.write(text);
                    return sent.compose(written -> drained(response)).compose(ready -> pieces(response, run, last));
                });
    }

    private static String printed(List<Output> page) {
        StringBuilder text = new StringBuilder();
        for (Output output : page) {
            if (output.stream()) {
                text.append(output.data().path("text").asText());
            }
        }
        return text.toString();
    }

    private static Future<Void> drained(HttpServerResponse response) {
        if (!response.writeQueueFull()) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        response.drainHandler(promise::tryComplete);
        response.exceptionHandler(promise::tryFail);
        return promise.future();
    }
}
