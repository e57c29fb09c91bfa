package io.campanile.launcher.large;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.auth.Secret;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.http.InternalClient;
import io.campanile.common.http.ServiceDirectory;
import io.campanile.common.json.Json;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.gateway.GatewayConfig;
import io.campanile.gateway.GatewayServer;
import io.campanile.identity.IdentityConfig;
import io.campanile.identity.IdentityServer;
import io.campanile.notebooks.NotebookConfig;
import io.campanile.notebooks.NotebookServer;
import io.campanile.workspace.WorkspaceConfig;
import io.campanile.workspace.WorkspaceServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The services and the gateway in one process with the heap it is given, to be killed: {@code <data dir> <jdbc url> <user>
 * <password>}. Says its port and a token of the first administrator.
 */
final class ServicesMain {
    private static final byte[] KEY = "a-key-of-tests-with-32-bytes-or-more".getBytes(StandardCharsets.UTF_8);

    private final ServiceEnvironment environment;
    private final Path addresses;
    private final Map<String, String> urls = new TreeMap<>();

    private ServicesMain(Path dataDir, DatabaseSettings database) throws Exception {
        addresses = dataDir.resolve("run/endpoints.json");
        Files.createDirectories(dataDir.resolve("run"));
        Files.writeString(addresses, "{}");
        environment = new ServiceEnvironment(
                Vertx.vertx(),
                dataDir,
                dataDir,
                0,
                new ServiceDirectory(addresses),
                new InternalTokens(KEY, Clock.systemUTC()),
                database,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                Clock.systemUTC());
    }

    public static void main(String[] args) throws Exception {
        ServicesMain services =
                new ServicesMain(Path.of(args[0]), new DatabaseSettings(args[1], args[2], new Secret(args[3]), 8));
        services.start("identity", IdentityServer.start(services.environment, IdentityConfig.defaults()));
        services.start("workspace", WorkspaceServer.start(services.environment, WorkspaceConfig.defaults()));
        services.start("notebook-service", NotebookServer.start(services.environment, NotebookConfig.defaults()));
        int port = services.start("gateway", GatewayServer.start(services.environment, GatewayConfig.defaults()));
        JsonNode first = services.setUp("/internal/bootstrap", Map.of("user", "admin@example.com"));
        System.out.println("READY " + port + " " + first.path("token").asText());
        // Whoever started this ends it.
        Thread.currentThread().join();
    }

    private int start(String name, Future<? extends RunningService> starting) throws Exception {
        RunningService service =
                starting.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        urls.put(name, "http://127.0.0.1:" + service.port());
        Files.write(addresses, Json.MAPPER.writeValueAsBytes(urls));
        return service.port();
    }

    /** Until it is confirmed every call makes the token anew. */
    private JsonNode setUp(String path, Object body) {
        return new InternalClient(environment.directory(), environment.tokens(), "identity")
                .post(Caller.service("launcher", 0, "request-of-tests"), path, body, JsonNode.class);
    }
}
