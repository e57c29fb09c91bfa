package io.campanile.notebooks.nodes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Errors;
import io.campanile.common.http.RequestIds;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The wire side of node agents: the work stream, the upload of results, questions for secrets. Every request shows a work token. */
public final class WorkRoutes implements AutoCloseable {
    private static final long PROBE_MILLIS = 10_000;
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private static final long LONGEST_QUESTION = 4096;

    private static final Pattern RESULT_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Vertx vertx;
    private final InternalTokens tokens;
    private final Clock clock;
    private final NodeStreams streams;
    private final NodeListener listener;
    private final RunsOfNodes runs;
    private final ResultUploads uploads;
    private final NodeSecrets secrets;
    private final Blocking blocking;
    private final ExecutorService workers;
    private final Set<Long> timers = ConcurrentHashMap.newKeySet();

    /** What of the environment these routes need. */
    public record Wiring(Vertx vertx, InternalTokens tokens, Clock clock, Blocking blocking) {}

    public WorkRoutes(
            Wiring wiring,
            NodeStreams streams,
            NodeListener listener,
            RunsOfNodes runs,
            ResultUploads uploads,
            NodeSecrets secrets) {
        this.vertx = wiring.vertx();
        this.tokens = wiring.tokens();
        this.clock = wiring.clock();
        this.blocking = wiring.blocking();
        this.streams = requireNonNull(streams, "streams");
        this.listener = requireNonNull(listener, "listener");
        this.runs = requireNonNull(runs, "runs");
        this.uploads = requireNonNull(uploads, "uploads");
        this.secrets = requireNonNull(secrets, "secrets");
        this.workers = Executors.newFixedThreadPool(6, work -> {
            Thread thread = new Thread(work, "node-intake");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Which notebook a run of this node's cluster belongs to. Blocking. */
    public interface RunsOfNodes {
        /** RESOURCE_DOES_NOT_EXIST when the run is not one that this node was given. */
        long notebookOf(NodeIdentity node, long runId);
    }

    public void mount(Endpoints api) {
        // Not Endpoints.socket: that upgrades first, and a node without a token is to be told so with a 401.
        api.async(
                HttpMethod.GET, "/node/v1/work", Requires.node("work.stream", "run"), (none, context) -> open(context));
        api.async(
                HttpMethod.PUT,
                "/node/v1/results/:result_id",
                Requires.node("results.store", "result"),
                (none, context) -> upload(context));
        api.async(
                HttpMethod.POST,
                "/node/v1/secrets",
                Requires.node("secrets.get", "secret-scope"),
                (none, context) -> secrets(context));
    }

    private Future<Void> open(RoutingContext context) {
        NodeIdentity node = identify(context);
        return context.request().toWebSocket().map(socket -> {
            NodeStream stream = new NodeStream(node, socket, listener, streams, workers);
            stream.open();
            long probe = vertx.setPeriodic(PROBE_MILLIS, id -> stream.probe(PATIENCE_NANOS));
            long left = Duration.between(clock.instant(), node.expires()).toMillis();
            // The node comes back with the token that cluster-manager renewed.
            long expiry = vertx.setTimer(Math.max(1, left), id -> stream.close((short) 1008, "The token expired"));
            timers.add(probe);
            timers.add(expiry);
            socket.endHandler(ended -> {
                cancel(probe);
                cancel(expiry);
            });
            return null;
        });
    }

    private Future<Void> upload(RoutingContext context) {
        NodeIdentity node = identify(context);
        HttpServerRequest request = context.request();
        request.pause();
        String resultId = resultId(context);
        long runId = Endpoints.longParam(context, "run_id");
        boolean truncated = "true".equals(request.getParam("truncated"));
        return blocking.call(() -> runs.notebookOf(node, runId))
                .compose(notebook -> uploads.receive(
                        new ResultUploads.Upload(node.workspaceId(), runId, notebook, resultId, truncated), request))
                .compose(stored -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end("{}"));
    }

    /** Bodies below {@code /node/} are not read for us: this one is short or refused. */
    private Future<Void> secrets(RoutingContext context) {
        NodeIdentity node = identify(context);
        String requestId = RequestIds.of(context);
        HttpServerRequest request = context.request();
        if (length(request) > LONGEST_QUESTION) {
            throw new ApiException(ErrorCode.REQUEST_TOO_LARGE, "The request body is too large");
        }
        return request.body()
                .compose(body -> blocking.call(() -> secrets.ask(node, question(body), requestId)))
                .compose(answer -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(Json.write(answer)));
    }

    /** Without a length there is no end to be sure of. */
    private static long length(HttpServerRequest request) {
        String header = request.getHeader("Content-Length");
        return header == null ? Long.MAX_VALUE : Long.parseLong(header);
    }

    private static NodeSecrets.Question question(Buffer body) {
        try {
            return Json.MAPPER.readValue(body.getBytes(), NodeSecrets.Question.class);
        } catch (JsonProcessingException e) {
            throw Errors.malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException("Bytes in memory cannot be read", e);
        }
    }

    private NodeIdentity identify(RoutingContext context) {
        return Endpoints.bearer(context)
                .flatMap(token -> NodeIdentity.of(token, tokens))
                .orElseThrow(
                        () -> new ApiException(ErrorCode.UNAUTHENTICATED, "Credential was not sent or is not valid"));
    }

    /** A result id names a file: nothing that could mean another folder will do. */
    private static String resultId(RoutingContext context) {
        String text = ApiException.require(context.pathParam("result_id"), "result_id");
        if (!RESULT_ID.matcher(text).matches()) {
            throw new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, "Not a result id: " + text);
        }
        return text;
    }

    private void cancel(long timer) {
        vertx.cancelTimer(timer);
        timers.remove(timer);
    }

    @Override
    public void close() {
        timers.forEach(vertx::cancelTimer);
        streams.close();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
