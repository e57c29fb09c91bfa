package io.campanile.common.service;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.audit.AuditStore;
import io.campanile.common.audit.InternalAuditRoutes;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Access;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Errors;
import io.campanile.common.http.RequestIds;
import io.campanile.common.http.Requires;
import io.campanile.common.http.SpooledBody;
import io.campanile.common.http.Streams;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side of a service: one loopback listener with health, metrics, route dump and the common error shape. */
public final class ServiceHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceHttp.class);

    private static final Pattern FORM =
            Pattern.compile("\\s*(multipart/|application/x-www-form-urlencoded)", Pattern.CASE_INSENSITIVE);
    /** More than the gateway lets through: what is too long is refused there, in words. */
    private static final int LINE_LIMIT = 20 * 1024;

    /** What is put below these is the content of a file. */
    private static final Pattern OBJECT_CONTENT = Pattern.compile("/api/campanile/v1/objects/\\d+/content");

    private static final List<String> STREAMED = List.of("/api/2.0/fs/files/", "/api/campanile/v1/files/uploads/");

    private static final int HEADER_LIMIT = 48 * 1024;

    private final String name;
    private final ServiceEnvironment environment;
    private final Blocking blocking;
    private final Router router;
    private final Endpoints endpoints;
    private volatile @Nullable HttpServer server;

    /**
     * @param bodyLimit bytes a request body may have
     * @param ready answers whether the service can do its work; called off the event loop
     */
    public ServiceHttp(String name, ServiceEnvironment environment, long bodyLimit, BooleanSupplier ready) {
        this.name = requireNonNull(name, "name");
        this.environment = requireNonNull(environment, "environment");
        this.blocking = new Blocking(environment.vertx(), name + "-blocking", 16, 256);
        this.router = Router.router(environment.vertx());
        this.endpoints = new Endpoints(router, blocking, environment.tokens(), name);
        router.route().handler(RequestIds::handle).failureHandler(ServiceHttp::senderGone);
        router.route().handler(ServiceHttp::requireQuery);
        router.route().handler(context -> {
            if (takesRawBody(context)) {
                context.next();
                return;
            }
            readFormsAsTheyCame(context);
            BodyHandler.create(false).setBodyLimit(bodyLimit).handle(context);
        });
        mountOperations(ready);
        for (int status : new int[] {400, 404, 405, 413, 500}) {
            router.errorHandler(status, context -> fail(context, status));
        }
    }

    /**
     * Who goes away in the middle of a request has done so knowingly or not: nothing is wrong here. Failures of handlers do
     * not come this way, those of reading a body do.
     */
    private static void senderGone(RoutingContext context) {
        if (!(context.failure() instanceof IOException) && !Errors.isGone(context.failure())) {
            context.next();
            return;
        }
        LOG.atDebug()
                .addKeyValue("requestId", RequestIds.of(context))
                .addKeyValue("route", context.request().method() + " " + context.normalizedPath())
                .log("The sender of a request went away");
        if (!context.response().closed()) {
            // After a reset the connection is not closed yet; nobody is there to be answered.
            context.response().reset();
        }
    }

    /** The library reads a query when it is first asked for a parameter, and throws what nobody expects there. */
    private static void requireQuery(RoutingContext context) {
        try {
            context.request().params();
        } catch (IllegalArgumentException e) {
            Errors.respond(
                    context,
                    new ApiException(ErrorCode.MALFORMED_REQUEST, "The query of the address cannot be decoded", e));
            return;
        }
        context.next();
    }

    /** Where features mount their routes. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** Writes what this service refuses to its audit log, and shows the log to identity. */
    public void audit(Database database) {
        new InternalAuditRoutes(new AuditStore(database, name)).mount(endpoints);
        endpoints.keepDenials((caller, resource, reason) -> Audit.denied(database.context(), caller, resource, reason));
    }

    public Blocking blocking() {
        return blocking;
    }

    /** Starts listening on loopback. */
    public Future<ServiceHttp> listen() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(environment.port())
                .setTcpNoDelay(true)
                .setIdleTimeout(0)
                .setMaxInitialLineLength(LINE_LIMIT)
                .setMaxHeaderSize(HEADER_LIMIT)
                .setMaxChunkSize(Streams.PIECE)
                .setMaxWebSocketFrameSize(4 * 1024 * 1024)
                .setMaxWebSocketMessageSize(16 * 1024 * 1024);
        return environment
                .vertx()
                .createHttpServer(options)
                .requestHandler(router)
                .listen()
                .map(listening -> {
                    server = listening;
                    return this;
                });
    }

    public int port() {
        return requireNonNull(server, "listen() comes first").actualPort();
    }

    /** The port, when it listens. */
    public OptionalInt listening() {
        HttpServer listening = server;
        return listening == null ? OptionalInt.empty() : OptionalInt.of(listening.actualPort());
    }

    @Override
    public void close() {
        HttpServer listening = server;
        if (listening != null) {
            listening.close();
        }
        blocking.close();
    }

    /** Raw uploads are streamed by their handlers: routes under {@code /node/}, attachments, files, large notebooks. */
    private static boolean takesRawBody(RoutingContext context) {
        String path = context.normalizedPath();
        HttpMethod method = context.request().method();
        return path.startsWith("/node/")
                || SpooledBody.streamed(context.request(), path)
                || (path.contains("/attachments") && method == HttpMethod.POST)
                || (method == HttpMethod.PUT
                        && (STREAMED.stream().anyMatch(path::startsWith)
                                || OBJECT_CONTENT.matcher(path).matches()));
    }

    /** No route takes a form: clients that send JSON under such a name (curl does) are read, and nothing is decoded. */
    private static void readFormsAsTheyCame(RoutingContext context) {
        @Nullable String type = context.request().getHeader("Content-Type");
        if (type != null && FORM.matcher(type).lookingAt()) {
            context.request().headers().remove("Content-Type");
        }
    }

    private void mountOperations(BooleanSupplier ready) {
        Requires open = new Requires("health.read", "service", Access.OPEN);
        endpoints.get("/health/live", open, (caller, context) -> Map.of("status", "UP"));
        endpoints.get("/health/ready", open, (caller, context) -> {
            if (!ready.getAsBoolean()) {
                throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "The " + name + " service is not ready");
            }
            return Map.of("status", "UP");
        });
        endpoints.get("/internal/routes", Requires.service("routes.read", "service"), (c, x) -> endpoints.routes());
        endpoints.async(
                HttpMethod.GET,
                "/metrics",
                Requires.service("metrics.read", "service"),
                (caller, context) -> context.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(environment.metrics().scrape()));
    }

    private void fail(RoutingContext context, int status) {
        Throwable failure = context.failure();
        if (failure != null && status == 500) {
            Errors.respond(context, failure);
            return;
        }
        if (status == 404 || status == 405) {
            try {
                // A stranger is told who may ask before what there is.
                endpoints.authenticate(context);
            } catch (ApiException unknown) {
                Errors.respond(context, unknown);
                return;
            }
        }
        ErrorCode code = status == 404 ? ErrorCode.ENDPOINT_NOT_FOUND : ErrorCode.ofStatus(status);
        String message = switch (status) {
            case 404 -> "No API found for '" + context.request().method() + " " + context.normalizedPath() + "'";
            case 405 -> "This method is not allowed here";
            case 413 -> "The request body is too large";
            default -> "The request is not valid";
        };
        Errors.respond(context, new ApiException(code, message));
    }
}
