package io.campanile.gateway;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.InternalClient;
import io.campanile.common.http.Requires;
import io.campanile.common.http.SpooledBody;
import io.campanile.common.json.Json;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.identity.IdentityConfig;
import io.campanile.identity.IdentityServer;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A gateway before the real identity service and three services that tell what reached them. */
final class GatewayFixture implements AutoCloseable {
    static final String USER = "admin@example.com";
    static final String PASSWORD = "a-password-of-tests";

    final TestEnvironment test;
    IdentityServer identity;
    final GatewayServer gateway;
    final String token;
    final long workspaceId;
    private final IdentityConfig identityConfig;
    private final Map<String, ServiceHttp> services = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    GatewayFixture(Path dataDir) throws Exception {
        this(dataDir, GatewayConfig.defaults());
    }

    GatewayFixture(Path dataDir, GatewayConfig config) throws Exception {
        this(dataDir, config, IdentityConfig.defaults(), Clock.systemUTC());
    }

    GatewayFixture(Path dataDir, GatewayConfig config, IdentityConfig identityConfig, Clock clock) throws Exception {
        test = new TestEnvironment(dataDir, clock);
        this.identityConfig = identityConfig;
        identity = await(IdentityServer.start(test.environment(), identityConfig));
        test.announce("identity", identity.port());
        for (String name : new String[] {"workspace", "cluster-manager", "notebook-service"}) {
            startService(name);
        }
        gateway = await(GatewayServer.start(test.environment(), config));
        JsonNode made = internal("/internal/bootstrap", Map.of("user", USER, "password", PASSWORD));
        token = made.path("token").asText();
        workspaceId = made.path("workspace_id").asLong();
    }

    /** With limits that a test can reach. */
    static GatewayConfig small(Duration bodyPatience) {
        int mebibyte = 1024 * 1024;
        return new GatewayConfig(
                "127.0.0.1",
                Set.of(),
                Set.of("localhost"),
                Set.of(),
                Optional.empty(),
                2 * mebibyte,
                2 * mebibyte,
                64 * mebibyte,
                4 * mebibyte,
                bodyPatience,
                16 * 1024,
                Duration.ofSeconds(30),
                100,
                100,
                Duration.ofSeconds(2));
    }

    /** On the same database, at another address. */
    void restartIdentity() throws Exception {
        identity.close();
        identity = await(IdentityServer.start(test.environment(), identityConfig));
        test.announce("identity", identity.port());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Asks identity as the launcher does. */
    JsonNode internal(String path, Object body) {
        return new InternalClient(
                        test.environment().directory(), test.environment().tokens(), "identity")
                .post(Caller.service("launcher", 0, "request-of-tests"), path, body, JsonNode.class);
    }

    void startService(String name) throws Exception {
        ServiceHttp service = new ServiceHttp(name, test.environment(), 200L * 1024 * 1024, () -> true);
        service.endpoints()
                .async(
                        HttpMethod.POST,
                        "/api/2.0/workspace/:action",
                        Requires.user("workspace.echo", "request"),
                        (caller, context) -> length(context)
                                .compose(length -> context.response()
                                        .putHeader("Content-Type", "application/json")
                                        .putHeader("Set-Cookie", "campanile_session=stolen")
                                        .putHeader("Content-Security-Policy", "default-src *")
                                        .putHeader("X-Powered-By", "a service")
                                        .end(Json.write(echo(caller, context, length)))));
        service.endpoints()
                .get(
                        "/api/2.0/workspace/list",
                        Requires.user("workspace.list", "directory"),
                        (caller, context) -> Map.of(
                                "user",
                                caller.userName(),
                                "path",
                                context.request().uri()));
        service.endpoints()
                .async(
                        HttpMethod.PUT,
                        "/api/2.0/fs/files/*",
                        Requires.user("files.upload", "file"),
                        (caller, context) -> counted(context)
                                .compose(bytes -> context.response().end("{\"bytes\":" + bytes + "}")));
        service.endpoints()
                .async(
                        HttpMethod.HEAD,
                        "/api/2.0/fs/files/*",
                        Requires.user("files.get-metadata", "file"),
                        (caller, context) -> context.response()
                                .putHeader("Content-Length", "1234567")
                                .putHeader("ETag", "\"tag\"")
                                .end());
        service.endpoints()
                .socket("/ws/v1", Requires.user("notebook.socket", "notebook"), (caller, context, socket) -> {
                    socket.textMessageHandler(text -> socket.writeTextMessage(caller.userName() + ": " + text));
                    socket.binaryMessageHandler(socket::writeBinaryMessage);
                });
        await(service.listen());
        services.put(name, service);
        test.announce(name, service.port());
    }

    /** How long the body is: a large import is not in memory when its route is reached. */
    private static Future<Long> length(RoutingContext context) {
        return SpooledBody.streamed(context.request(), context.normalizedPath())
                ? counted(context)
                : Future.succeededFuture((long) context.body().length());
    }

    private static Future<Long> counted(RoutingContext context) {
        AtomicLong bytes = new AtomicLong();
        context.request().handler(piece -> bytes.addAndGet(piece.length()));
        return context.request().end().map(ended -> bytes.get());
    }

    void stopService(String name) {
        requireNonNull(services.remove(name), name).close();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    String origin() {
        return "http://127.0.0.1:" + gateway.port();
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    HttpResponse<String> post(String path, Object body, String... headers) {
        return send("POST", path, body instanceof String text ? text : Json.write(body), headers);
    }

    HttpResponse<String> send(String method, String path, @Nullable String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (body != null) {
            request.setHeader(
                    "Content-Type",
                    request.build().headers().firstValue("Content-Type").orElse("application/json"));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String bearer() {
        return "Bearer " + token;
    }

    /** Signs in and gives the Cookie header. */
    String cookie() {
        String set = post("/api/campanile/v1/login", Map.of("user", USER, "password", PASSWORD))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        return set.substring(0, set.indexOf(';'));
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(response.body(), e);
        }
    }

    @Override
    public void close() {
        gateway.close();
        services.values().forEach(ServiceHttp::close);
        identity.close();
        test.close();
    }

    private static Map<String, Object> echo(Caller caller, RoutingContext context, long length) {
        Map<String, String> headers = new TreeMap<>();
        context.request()
                .headers()
                .forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
        return Map.of(
                "headers", headers,
                "uri", context.request().uri(),
                "user", caller.userName(),
                "length", length,
                "request_id", caller.requestId());
    }
}
