package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are real processes, started by the real server. */
@Tag("slow")
final class LocalNodesTest {
    private static final Caller ADMIN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final Caller ANN = new Caller(1, 7, "ann@example.com", false, "notebook-service", "request-1");

    @TempDir
    Path dataDir;

    private TestEnvironment test;
    private ClusterServer server;
    private InternalClient client;
    private LocalNodeProvider provider;

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
                        TestAgentMain.class.getName()));
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
    void aNodeRunsDetachedAndEndsWholly() throws Exception {
        JsonNode cluster = running(0);
        ProviderNode node = provider.list().get(0);

        Path nodeJson = dataDir.resolve("nodes/" + node.nodeId() + "/node.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(nodeJson)))
                .isEqualTo("rw-------");
        assertThat(node.pids()).hasSize(2);
        assertThat(processFile())
                .contains(
                        "\"role\":\"agent\"",
                        "\"role\":\"driver\"",
                        cluster.path("cluster_id").asText());
        server.stopAll(Duration.ofSeconds(30))
                .toCompletionStage()
                .toCompletableFuture()
                .get(40, TimeUnit.SECONDS);

        assertThat(provider.list()).isEmpty();
        assertThat(node.pids()).noneMatch(LocalNodesTest::alive);
        assertThat(nodeJson).doesNotExist();
        assertThat(dataDir.resolve("nodes/" + node.nodeId()))
                .satisfiesAnyOf(
                        folder -> assertThat(folder).isEmptyDirectory(),
                        folder -> assertThat(folder).isDirectoryContaining("glob:**/logs"));
        await().untilAsserted(() -> assertThat(processFile()).doesNotContain("agent"));
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
    void aKilledAgentIsSeenAndReplaced() throws Exception {
        running(0);
        ProviderNode node = provider.list().get(0);
        long killed = System.nanoTime();

        ProcessHandle.of(requireNonNull(node.agent()).pid()).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(30)).until(() -> state(), state -> !state.equals("RUNNING"));
        long seenAfter = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
        JsonNode after = running(1);

        assertThat(seenAfter).isLessThan(30_000);
        assertThat(after.path("epoch").asLong()).isEqualTo(2);
        assertThat(node.pids()).noneMatch(LocalNodesTest::alive);
        assertThat(provider.list()).hasSize(1);
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

    @Test
    void workersAreNodesOfTheirOwnThatJoinAndLeave() throws Exception {
        String id = client.post(
                        ADMIN,
                        "/api/2.1/clusters/create",
                        Map.of(
                                "cluster_name",
                                "workers",
                                "spark_version",
                                "4.0.x-scala2.13",
                                "node_type_id",
                                "local.small",
                                "num_workers",
                                2),
                        JsonNode.class)
                .path("cluster_id")
                .asText();
        awaitExecutors(id, 2);
        List<ProviderNode> nodes = provider.list();

        assertThat(nodes).hasSize(3);
        Set<String> secrets = new HashSet<>();
        for (ProviderNode node : nodes) {
            JsonNode config = Json.MAPPER.readTree(
                    dataDir.resolve("nodes/" + node.nodeId() + "/node.json").toFile());
            secrets.add(config.path(config.has("worker") ? "worker" : "driver")
                    .path("cluster_secret")
                    .asText());
        }
        assertThat(secrets).singleElement().satisfies(secret -> {
            assertThat(secret).hasSize(43);
            assertThat(ProcessTable.read())
                    .noneMatch(process -> String.join(" ", process.arguments()).contains(secret));
        });
        assertThat(processFile()).contains("\"role\":\"executor\"");

        client.post(ADMIN, "/api/2.1/clusters/resize", Map.of("cluster_id", id, "num_workers", 1), JsonNode.class);
        awaitExecutors(id, 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> provider.list().size() == 2);
        String before = executors(id).get(0).path("node_id").asText();
        ProviderNode worker = provider.list().stream()
                .filter(node -> node.nodeId().equals(before))
                .findFirst()
                .orElseThrow();
        ProcessHandle.of(requireNonNull(worker.agent()).pid()).orElseThrow().destroyForcibly();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> executors(id).size() == 1
                        && !executors(id).get(0).path("node_id").asText().equals(before));
        assertThat(worker.pids()).noneMatch(LocalNodesTest::alive);
    }

    private void awaitExecutors(String id, int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> executors(id).size() == count);
    }

    private JsonNode executors(String id) {
        return client.get(ADMIN, "/api/2.1/clusters/get?cluster_id=" + id, JsonNode.class)
                .path("executors");
    }

    private JsonNode running(long afterEpoch) {
        cluster(true);
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> cluster(false),
                        found -> found.path("state").asText().equals("RUNNING")
                                && found.path("epoch").asLong() > afterEpoch);
    }

    private String state() {
        return cluster(false).path("state").asText();
    }

    private JsonNode cluster(boolean start) {
        return client.post(
                ANN,
                "/internal/clusters/default",
                Map.of("user_id", 7, "user_name", "ann@example.com", "start", start),
                JsonNode.class);
    }

    private String processFile() throws IOException {
        Path file = dataDir.resolve("run/nodes.json");
        return Files.exists(file) ? Json.MAPPER.readTree(file.toFile()).toString() : "";
    }

    /** A zombie that nobody has reaped yet is not alive. */
    private static boolean alive(long pid) {
        return ProcessTable.read().stream().anyMatch(entry -> entry.pid() == pid);
    }

    private ClusterServer startServer() throws Exception {
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
