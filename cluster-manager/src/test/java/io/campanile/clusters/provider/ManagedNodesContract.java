package io.campanile.clusters.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.ClusterServer;
import io.campanile.clusters.testing.TestAgentMain;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.InternalClient;
import io.campanile.common.json.Json;
import io.campanile.common.testing.TestEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for nodes of this machine under a real cluster manager, whatever keeps them apart. */
abstract class ManagedNodesContract {
    static final Caller ADMIN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final Caller ANN = new Caller(1, 7, "ann@example.com", false, "notebook-service", "request-1");

    @TempDir
    Path dataDir;

    private TestEnvironment test;
    ClusterServer server;
    InternalClient client;
    LocalNodeProvider provider;

    abstract Isolation isolation(Path dataDir);

    @BeforeEach
    void start() throws Exception {
        test = new TestEnvironment(dataDir);
        client = test.environment().client("cluster-manager");
        var files = new NodeFiles(dataDir, 1, 900);
        provider = new LocalNodeProvider(
                files,
                folder -> List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Dcampanile.data-dir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestAgentMain.class.getName()),
                isolation(dataDir));
        server = startServer();
    }

    @AfterEach
    void stop() throws Exception {
        var result = server.stopAll(Duration.ofSeconds(60))
                .toCompletionStage()
                .toCompletableFuture()
                .get(70, TimeUnit.SECONDS);
        server.close();
        test.close();
        assertThat(result.remainingNodes()).isZero();
        assertThat(provider.list()).isEmpty();
    }

    @Test
    void aRestartedManagerAdoptsWhatRuns() throws Exception {
        JsonNode before = running(0);
        ProviderNode node = provider.list().get(0);

        server.close();
        server = startServer();
        JsonNode after = running(0);

        assertThat(after.path("epoch")).isEqualTo(before.path("epoch"));
        assertThat(after.path("state_since")).isEqualTo(before.path("state_since"));
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(provider.list().get(0).agent()).isEqualTo(node.agent()));
    }

    @Test
    void aWarmNodeServesTheFirstCluster() throws Exception {
        server.close();
        server = startServer(ClusterConfig.defaults());
        await().atMost(Duration.ofSeconds(30)).until(() -> processFile().contains("\"role\":\"driver\""));
        ProviderNode warm = provider.list().get(0);

        running(0);

        assertThat(provider.list().stream().map(ProviderNode::nodeId)).contains(warm.nodeId());
    }

    JsonNode running(long afterEpoch) {
        cluster(true);
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> cluster(false),
                        found -> found.path("state").asText().equals("RUNNING")
                                && found.path("epoch").asLong() > afterEpoch);
    }

    String state() {
        return cluster(false).path("state").asText();
    }

    private JsonNode cluster(boolean start) {
        return client.post(
                ANN,
                "/internal/clusters/default",
                Map.of("user_id", 7, "user_name", "ann@example.com", "start", start),
                JsonNode.class);
    }

    String processFile() throws IOException {
        Path file = dataDir.resolve("run/nodes.json");
        return Files.exists(file) ? Json.MAPPER.readTree(file.toFile()).toString() : "";
    }

    /** A zombie that nobody has reaped yet is not alive. */
    static boolean alive(long pid) {
        return ProcessTable.read().stream().anyMatch(entry -> entry.pid() == pid);
    }

    ClusterServer startServer() throws Exception {
        return startServer(ClusterConfig.defaults().withWarmPool(0));
    }

    private ClusterServer startServer(ClusterConfig config) throws Exception {
        ClusterServer started = ClusterServer.start(
                        test.environment(), config, new ClusterServer.NodeSource(provider, () -> 64_000))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        test.announce("cluster-manager", started.port());
        test.environment().directory().refresh();
        return started;
    }
}
