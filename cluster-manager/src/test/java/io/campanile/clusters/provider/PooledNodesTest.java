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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of an instance pool that are real processes with real folders. */
@Tag("slow")
final class PooledNodesTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Caller ANN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", true, null, "request-1");

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
        provider = new LocalNodeProvider(
                new NodeFiles(dataDir, 1, 900),
                folder -> List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Dcampanile.data-dir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestAgentMain.class.getName()),
                Isolation.choose(Isolation.PROCESS, dataDir, dataDir));
        server = ClusterServer.start(
                        test.environment(),
                        ClusterConfig.defaults().withWarmPool(0),
                        new ClusterServer.NodeSource(provider, () -> 64_000))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        test.announce("cluster-manager", server.port());
        test.environment().directory().refresh();
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
    void whatServedOneUserServesNobodyElseAndLeavesNothing() throws Exception {
        String pool = client.post(
                        ANN,
                        "/api/2.0/instance-pools/create",
                        Map.of(
                                "instance_pool_name",
                                "one",
                                "node_type_id",
                                "local.small",
                                "min_idle_instances",
                                1,
                                "max_capacity",
                                1),
                        JsonNode.class)
                .path("instance_pool_id")
                .asText();
        await().atMost(SOON).until(() -> idle(pool) == 1);
        ProviderNode first = provider.list().get(0);
        String ofAnn = running(ANN, pool);
        assertThat(provider.list()).extracting(ProviderNode::nodeId).containsExactly(first.nodeId());
        // As the owner's code may.
        Path folder = dataDir.resolve("nodes/" + first.nodeId());
        Files.writeString(folder.resolve("left-by-ann"), "a token");

        client.post(ANN, "/api/2.1/clusters/permanent-delete", Map.of("cluster_id", ofAnn), JsonNode.class);
        running(BOB, pool);

        ProviderNode second = provider.list().get(0);
        assertThat(provider.list()).hasSize(1);
        assertThat(second.nodeId()).isNotEqualTo(first.nodeId());
        assertThat(second.pids()).doesNotContainAnyElementsOf(first.pids());
        assertThat(ProcessTable.read()).noneMatch(process -> first.pids().contains(process.pid()));
        assertThat(folder.resolve("left-by-ann")).doesNotExist();
        assertThat(folder.resolve("node.json")).doesNotExist();
        Path ofBob = dataDir.resolve("nodes/" + second.nodeId());
        assertThat(ofBob.resolve("left-by-ann")).doesNotExist();
        assertThat(Files.readString(ofBob.resolve("node.json"))).doesNotContain("ann@example.com", ofAnn);
        JsonNode driver =
                Json.MAPPER.readTree(ofBob.resolve("node.json").toFile()).path("driver");
        assertThat(driver.path("secrets")).isEmpty();
        assertThat(driver.path("spark_conf")).isEmpty();
    }

    private String running(Caller caller, String pool) {
        String id = client.post(
                        caller,
                        "/api/2.1/clusters/create",
                        Map.of(
                                "cluster_name",
                                "pooled",
                                "spark_version",
                                "4.0.x-scala2.13",
                                "instance_pool_id",
                                pool,
                                "num_workers",
                                0),
                        JsonNode.class)
                .path("cluster_id")
                .asText();
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> client.get(caller, "/api/2.1/clusters/get?cluster_id=" + id, JsonNode.class)
                        .path("state")
                        .asText()
                        .equals("RUNNING"));
        return id;
    }

    private int idle(String pool) {
        return client.get(ANN, "/api/2.0/instance-pools/get?instance_pool_id=" + pool, JsonNode.class)
                .path("stats")
                .path("idle_count")
                .asInt();
    }
}
