package io.campanile.notebooks.results;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The wire of {@code /api/campanile/v1/results}. */
public final class ResultRoutes {
    private static final String ONE = "/api/campanile/v1/results/:result_id";
    private static final Requires READ = Requires.object("results.read", "notebook");

    private final ResultService results;
    private final Blocking blocking;

    public ResultRoutes(ResultService results, Blocking blocking) {
        this.results = requireNonNull(results, "results");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.get(ONE, READ, (caller, context) -> results.describe(caller, id(context)));
        api.get(ONE + "/rows", READ, (caller, context) -> {
            String format = context.request().getParam("format");
            if (format != null && !format.equals("json")) {
                throw ApiException.invalid("format must be json here; the Arrow file is at /download?format=arrow");
            }
            return results.rows(
                    caller,
                    id(context),
                    number(context, "offset", 0),
                    (int) Math.min(Integer.MAX_VALUE, number(context, "limit", 500)),
                    context.request().getParam("sort"),
                    context.request().getParam("filter"));
        });
        api.async(HttpMethod.GET, ONE + "/download", READ, (caller, context) -> {
            @Nullable String format = context.request().getParam("format");
            boolean csv = format == null || format.equals("csv");
            if (!csv && !format.equals("arrow")) {
                throw ApiException.invalid("format must be csv or arrow");
            }
            return blocking.call(() -> csv ? csvFile(caller, id(context)) : results.arrow(caller, id(context)))
                    .compose(file -> context.response()
                            .putHeader("Content-Type", csv ? "text/csv; charset=utf-8" : "application/vnd.apache.arrow.file")
                            .putHeader("Content-Disposition", "attachment; filename=\"result." + (csv ? "csv" : "arrow") + "\"")
                            .sendFile(file.toString())
                            .onComplete(sent -> {
                                if (csv) {
                                    context.vertx().fileSystem().delete(file.toString());
                                }
                            }));
        });
    }

    private Path csvFile(io.campanile.common.auth.Caller caller, String id) throws IOException {
        Path file = Files.createTempFile("result", ".csv");
        try (Writer out = Files.newBufferedWriter(file)) {
            results.csv(caller, id, out);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return file;
    }

    private static String id(RoutingContext context) {
        return context.pathParam("result_id");
    }

    private static long number(RoutingContext context, String name, long absent) {
        return context.request().getParam(name) == null ? absent : Endpoints.longParam(context, name);
    }
}
