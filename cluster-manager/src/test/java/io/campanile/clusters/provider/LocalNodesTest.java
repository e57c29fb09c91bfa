package io.campanile.clusters.provider;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that are plain processes, started by the real server. */
@Tag("slow")
final class LocalNodesTest extends ManagedNodesContract {
    @Override
    Isolation isolation(Path dataDir) {
        return Isolation.choose(Isolation.PROCESS, dataDir, dataDir);
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
        assertThat(node.pids()).noneMatch(ManagedNodesContract::alive);
        assertThat(nodeJson).doesNotExist();
        assertThat(dataDir.resolve("nodes/" + node.nodeId()))
                .satisfiesAnyOf(
                        folder -> assertThat(folder).isEmptyDirectory(),
                        folder -> assertThat(folder).isDirectoryContaining("glob:**/logs"));
        await().untilAsserted(() -> assertThat(processFile()).doesNotContain("agent"));
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
        assertThat(node.pids()).noneMatch(ManagedNodesContract::alive);
        assertThat(provider.list()).hasSize(1);
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
                .until(
                        () -> executors(id),
                        now -> now.size() == 1
                                && !now.get(0).path("node_id").asText().equals(before));
        assertThat(worker.pids()).noneMatch(ManagedNodesContract::alive);
    }

    private void awaitExecutors(String id, int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> executors(id).size() == count);
    }

    private JsonNode executors(String id) {
        return client.get(ADMIN, "/api/2.1/clusters/get?cluster_id=" + id, JsonNode.class)
                .path("executors");
    }
}
