package io.campanile.clusters.log;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Our own routes to the logs of a cluster; the public API has none. */
public final class LogRoutes {
    private static final String BASE = "/api/campanile/v1/clusters/:cluster_id/logs";
    private static final int USUAL_READ = 256 << 10;

    private final LogService logs;
    private final Blocking blocking;
    private final Vertx vertx;

    public LogRoutes(LogService logs, Blocking blocking, Vertx vertx) {
        this.logs = requireNonNull(logs, "logs");
        this.blocking = requireNonNull(blocking, "blocking");
        this.vertx = requireNonNull(vertx, "vertx");
    }

    public void mount(Endpoints api) {
        Requires read = Requires.object("clusters.logs", "cluster");
        api.get(BASE, Requires.object("clusters.logs.list", "cluster"), (caller, context) -> {
            LogService.Listing found = logs.list(caller, param(context, "cluster_id"));
            return new Logs(found.logs().stream()
                    .map(log -> Described.of(log, found.live()))
                    .toList());
        });
        api.get(BASE + "/:node_id/:stream", read, (caller, context) -> {
            NodeLog log = find(caller, context);
            return logs.read(log, number(context, "offset"), number(context, "before"), limit(context));
        });
        api.async(
                HttpMethod.GET,
                BASE + "/:node_id/:stream/download",
                Requires.object("clusters.logs.download", "cluster"),
                (caller, context) -> blocking.call(() -> find(caller, context)).compose(log -> whole(context, log)));
    }

    record Logs(List<Described> logs) {}

    /** A log as the list has it. */
    record Described(
            String nodeId,
            String role,
            @Nullable Integer executorId,
            long epoch,
            String stream,
            long firstOffset,
            long nextOffset,
            long size,
            long firstAt,
            long lastAt,
            boolean live) {
        static Described of(NodeLog log, Set<String> live) {
            return new Described(
                    log.key().nodeId(),
                    log.source().role(),
                    log.source().executorId(),
                    log.source().epoch(),
                    log.key().stream(),
                    log.firstOffset(),
                    log.nextOffset(),
                    log.bytes(),
                    log.firstAt(),
                    log.lastAt(),
                    live.contains(log.key().nodeId()));
        }
    }

    private NodeLog find(Caller caller, RoutingContext context) {
        return logs.find(caller, param(context, "cluster_id"), param(context, "node_id"), param(context, "stream"));
    }

    /** One file after the other, at the pace of whoever reads. */
    private Future<Void> whole(RoutingContext context, NodeLog log) {
        HttpServerResponse response = context.response()
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Length", Long.toString(log.bytes()))
                .putHeader(
                        "Content-Disposition",
                        "attachment; filename=\"" + log.key().clusterId() + "-"
                                + log.source().epoch() + "-" + log.key().nodeId() + "-" + log.key().stream()
                                + ".log\"");
        Future<Void> sent = Future.succeededFuture();
        for (LogFiles.Part part : logs.parts(log)) {
            sent = sent.compose(done -> send(part, response));
        }
        return sent.compose(done -> response.end()).recover(broken -> {
            if (response.headWritten()) {
                // Half of a log must not look like all of it.
                response.reset();
                return Future.succeededFuture();
            }
            response.headers().remove("Content-Length").remove("Content-Disposition");
            return Future.failedFuture(broken);
        });
    }

    private Future<Void> send(LogFiles.Part part, HttpServerResponse response) {
        return vertx.fileSystem()
                .open(
                        part.file().toString(),
                        new OpenOptions().setRead(true).setWrite(false).setCreate(false))
                .compose(file -> {
                    file.setReadPos(part.from()).setReadLength(part.bytes());
                    return file.pipe().endOnComplete(false).to(response).eventually(file::close);
                });
    }

    private static int limit(RoutingContext context) {
        Long limit = number(context, "limit");
        if (limit != null && (limit < 1 || limit > LogService.LARGEST_READ)) {
            throw ApiException.invalid("limit must be between 1 and " + LogService.LARGEST_READ);
        }
        return limit == null ? USUAL_READ : limit.intValue();
    }

    private static @Nullable Long number(RoutingContext context, String name) {
        if (context.request().getParam(name) == null) {
            return null;
        }
        long value = Endpoints.longParam(context, name);
        if (value < 0) {
            throw ApiException.invalid(name + " must not be negative");
        }
        return value;
    }

    private static String param(RoutingContext context, String name) {
        return ApiException.require(context.pathParam(name), name);
    }
}
