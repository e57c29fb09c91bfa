package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.ClusterServer;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.http.InternalClient;
import io.campanile.common.service.RunningService;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.common.testing.git.LocalGitServer;
import io.campanile.gateway.GatewayConfig;
import io.campanile.gateway.GatewayServer;
import io.campanile.identity.IdentityConfig;
import io.campanile.identity.IdentityServer;
import io.campanile.notebooks.NotebookConfig;
import io.campanile.notebooks.NotebookServer;
import io.campanile.workspace.WorkspaceConfig;
import io.campanile.workspace.WorkspaceServer;
import io.campanile.workspace.git.GitConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Every service and the gateway in this JVM on a real PostgreSQL, as {@code up} has them, with nodes on paper. */
final class Platform implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final TestEnvironment test;
    private final LocalGitServer git;
    private final Deque<RunningService> running = new ArrayDeque<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();

    Platform(Path dataDir) throws Exception {
        for (String folder : new String[] {"run", "blobs", "nodes", "files"}) {
            Files.createDirectories(dataDir.resolve(folder));
        }
        test = new TestEnvironment(dataDir);
        git = new LocalGitServer(dataDir.resolve("remote"));
        git.open = true;
        start("identity", IdentityServer.start(test.environment(), IdentityConfig.defaults()));
        start("workspace", WorkspaceServer.start(test.environment(), withGit(WorkspaceConfig.defaults())));
        start(
                "cluster-manager",
                ClusterServer.start(
                        test.environment(),
                        soon(ClusterConfig.defaults()),
                        new ClusterServer.NodeSource(new RecordingProvider(), () -> 64_000)));
        start("notebook-service", NotebookServer.start(test.environment(), NotebookConfig.defaults()));
        start("gateway", GatewayServer.start(test.environment(), GatewayConfig.defaults()));
    }

    /** Git folders may be of the server on this machine. */
    private static WorkspaceConfig withGit(WorkspaceConfig usual) {
        GitConfig git = usual.git();
        return new WorkspaceConfig(
                usual.storage(),
                usual.s3(),
                usual.fileLimit(),
                usual.transfers(),
                usual.uploadLife(),
                new GitConfig(Set.of("127.0.0.1"), git.repositoryLimit(), git.fileLimit(), git.files(), git.timeout()));
    }

    LocalGitServer git() {
        return git;
    }

    /** No warm pool, a look at everything four times a second, and nodes that never come are waited for to the end. */
    private static ClusterConfig soon(ClusterConfig usual) {
        return new ClusterConfig(
                0,
                usual.parkedKernels(),
                Duration.ofMillis(250),
                PATIENCE,
                PATIENCE,
                usual.silentAfter(),
                PATIENCE,
                usual.stopGrace(),
                usual.orphanAge(),
                usual.deadMan(),
                usual.workers(),
                usual.isolation());
    }

    private void start(String name, Future<? extends RunningService> starting) throws Exception {
        RunningService service =
                starting.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        running.push(service);
        ports.put(name, service.port());
        test.announce(name, service.port());
    }

    Vertx vertx() {
        return test.environment().vertx();
    }

    int port(String service) {
        return java.util.Objects.requireNonNull(ports.get(service), service);
    }

    InternalTokens tokens() {
        return test.environment().tokens();
    }

    /** Asks identity as the launcher does. */
    JsonNode setUp(String path, Object body) {
        return new InternalClient(test.environment().directory(), tokens(), "identity")
                .post(Caller.service("launcher", 0, "request-of-tests"), path, body, JsonNode.class);
    }

    Connection database() throws SQLException {
        DatabaseSettings settings = test.environment().database();
        return DriverManager.getConnection(
                settings.jdbcUrl(), settings.user(), settings.password().value());
    }

    @Override
    public void close() {
        running.forEach(RunningService::close);
        git.close();
        test.close();
    }
}
