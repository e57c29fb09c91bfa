package io.campanile.clusters.log;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.node.NodeService;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How nodes hand over their logs: a chunk at a time, with the credential of the control stream. */
public final class NodeLogRoutes {
    private static final String PATH = "/node/v1/logs/:stream";
    /** Of all nodes together; each has at most a mebibyte in memory. */
    private static final int AT_ONCE = 64;

    private static final long PATIENCE_SECONDS = 15;
    private static final long MOST_READ_AWAY = 16L * LogService.LARGEST_CHUNK;

    private final LogService logs;
    private final NodeService nodes;
    private final Blocking blocking;
    private final Set<String> sending = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(AT_ONCE);

    public NodeLogRoutes(LogService logs, NodeService nodes, Blocking blocking) {
        this.logs = requireNonNull(logs, "logs");
        this.nodes = requireNonNull(nodes, "nodes");
        this.blocking = requireNonNull(blocking, "blocking");
    }

    public void mount(Endpoints api) {
        api.async(HttpMethod.PUT, PATH, Requires.node("logs.append", "node"), (none, context) -> {
            context.request().pause();
            String credential = Endpoints.bearer(context).orElse("");
            return blocking.call(() -> nodes.authenticate(credential)
                            .orElseThrow(() -> new ApiException(
                                    ErrorCode.UNAUTHENTICATED, "Credential was not sent or is not valid")))
                    .compose(nodeId -> take(context, nodeId))
                    // What is refused unread is read away, or the connection is of no use any more.
                    .onFailure(refused -> readAway(context));
        });
    }

    /** One node sends one chunk at a time, so that none can take the places of all. */
    private Future<Void> take(RoutingContext context, String nodeId) {
        HttpServerRequest request = context.request();
        if (length(request) > LogService.LARGEST_CHUNK) {
            throw new ApiException(
                    ErrorCode.REQUEST_TOO_LARGE, "A chunk has at most " + LogService.LARGEST_CHUNK + " bytes");
        }
        if (!sending.add(nodeId)) {
            throw new ApiException(ErrorCode.REQUEST_LIMIT_EXCEEDED, "A chunk of this node is on its way already");
        }
        if (!places.tryAcquire()) {
            sending.remove(nodeId);
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "Too many nodes send logs; try again");
        }
        Future<Buffer> body = request.body();
        request.resume();
        return body.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .recover(late -> {
                    // What has not come by now is not read any further.
                    request.connection().close();
                    return Future.failedFuture(late);
                })
                .compose(bytes -> blocking.call(() -> append(context, nodeId, bytes)))
                .onComplete(done -> {
                    places.release();
                    sending.remove(nodeId);
                })
                .compose(next -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(Json.write(Map.of("next", next))));
    }

    private static void readAway(RoutingContext context) {
        if (length(context.request()) > MOST_READ_AWAY) {
            context.response().putHeader("Connection", "close");
        }
        if (!context.request().isEnded()) {
            context.request().resume();
        }
    }

    private long append(RoutingContext context, String nodeId, Buffer bytes) {
        String stream = ApiException.require(context.pathParam("stream"), "stream");
        if (context.request().getParam("offset") == null) {
            if (bytes.length() > 0) {
                throw ApiException.invalid("Missing required field: offset");
            }
            return logs.next(nodeId, stream);
        }
        return logs.append(nodeId, stream, Endpoints.longParam(context, "offset"), bytes.getBytes());
    }

    /** Without a length there is no end to be sure of. */
    private static long length(HttpServerRequest request) {
        String header = request.getHeader("Content-Length");
        try {
            return header == null ? Long.MAX_VALUE : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
