package io.campanile.notebooks.results;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire of {@code /api/campanile/v1/results}. */
public final class ResultRoutes {
    private static final String ONE = "/api/campanile/v1/results/:result_id";
    private static final Requires READ = Requires.object("results.read", "notebook");
    private static final long DEFAULT_LIMIT = 500;

    private final ResultService results;
    private final Blocking blocking;

    public ResultRoutes(ResultService results, Blocking blocking) {
        this.results = requireNonNull(results, "results");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.get(ONE, READ, (caller, context) -> results.describe(caller, id(context)));
        api.async(HttpMethod.GET, ONE + "/rows", READ, this::rows);
        api.get(ONE + "/profile", READ, (caller, context) -> Map.of("columns", results.profile(caller, id(context))));
        api.async(HttpMethod.GET, ONE + "/download", READ, this::download);
    }

    private Future<Void> rows(Caller caller, RoutingContext context) {
        boolean arrow = isArrow(context, "json");
        ResultService.PageRequest page = new ResultService.PageRequest(
                number(context, "offset", 0),
                (int) Math.min(Integer.MAX_VALUE, number(context, "limit", DEFAULT_LIMIT)),
                context.request().getParam("sort"),
                context.request().getParam("filter"),
                arrow);
        return blocking.call(() -> results.rows(caller, id(context), page))
                .compose(body -> context.response()
                        .putHeader("Content-Type", arrow ? "application/vnd.apache.arrow.stream" : "application/json")
                        .end(Buffer.buffer(body)));
    }

    private Future<Void> download(Caller caller, RoutingContext context) {
        boolean arrow = isArrow(context, "csv");
        return blocking.call(() -> arrow ? results.arrow(caller, id(context)) : results.csv(caller, id(context)))
                .compose(file -> context.response()
                        .putHeader(
                                "Content-Type", arrow ? "application/vnd.apache.arrow.file" : "text/csv; charset=utf-8")
                        .putHeader("X-Content-Type-Options", "nosniff")
                        .putHeader("Content-Security-Policy", "sandbox; default-src 'none'")
                        .putHeader(
                                "Content-Disposition",
                                "attachment; filename=\"result." + (arrow ? "arrow" : "csv") + "\"")
                        .sendFile(file.toString())
                        .eventually(() -> arrow
                                ? Future.succeededFuture()
                                : context.vertx().fileSystem().delete(file.toString())));
    }

    private static boolean isArrow(RoutingContext context, String other) {
        @Nullable String format = context.request().getParam("format");
        if (format != null && !format.equals(other) && !format.equals("arrow")) {
            throw ApiException.invalid("format must be " + other + " or arrow");
        }
        return "arrow".equals(format);
    }

    private static String id(RoutingContext context) {
        return context.pathParam("result_id");
    }

    private static long number(RoutingContext context, String name, long absent) {
        return context.request().getParam(name) == null ? absent : Endpoints.longParam(context, name);
    }
}
