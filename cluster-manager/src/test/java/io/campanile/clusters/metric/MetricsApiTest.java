package io.campanile.clusters.metric;

import static io.campanile.clusters.log.LogPlatform.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.log.LogPlatform;
import io.campanile.clusters.log.LogPlatform.Made;
import io.campanile.common.db.Database;
import io.campanile.common.testing.TestDatabase;
import io.campanile.node.protocol.ControlMessage.Usage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes measure, from their status to the page. */
final class MetricsApiTest {
    private static final Block.Source SOURCE = new Block.Source(1, "DRIVER", null, 1 << 30);

    @Test
    void whatANodeMeasuresIsShownAndSurvivesTheManager(@TempDir Path dataDir) throws Exception {
        try (LogPlatform platform = new LogPlatform(dataDir)) {
            Made made = platform.cluster(1);
            platform.agent(made.nodeId()).sendRaw(status(17, 1.5));
            platform.agent(made.nodeId()).sendRaw(status(17, 1.5));
            String path = made.path() + "/metrics";

            JsonNode node = await().until(
                            () -> platform.get(admin(1), path).json().path("nodes"), nodes -> nodes.size() == 1)
                    .path(0);
            assertThat(node.path("node_id").asText()).isEqualTo(made.nodeId());
            assertThat(node.path("live").asBoolean()).isTrue();
            assertThat(node.path("memory_limit").asLong()).isGreaterThan(1L << 30);
            assertThat(node.path("points")).hasSize(1);
            assertThat(value(platform.get(admin(1), path).json(), "cores")).isEqualTo(1.5);
            assertThat(value(platform.get(admin(1), path).json(), "sent")).isZero();
            assertThat(platform.get(admin(2), path).refusal()).isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
            assertThat(platform.get(admin(1), path + "?range=week").refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");

            platform.startAgain();

            assertThat(value(platform.get(admin(1), path).json(), "cores")).isEqualTo(1.5);
            assertThat(value(platform.get(admin(1), path + "?range=day").json(), "cores"))
                    .isEqualTo(1.5);
        }
    }

    @Test
    void blocksAreMergedCutAndForgotten() {
        try (Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager")) {
            UsageStore store = new UsageStore(database);
            var key = new Block.Key(1, "c", "n");
            NodeUsage before = new NodeUsage(key, SOURCE);
            before.add(usage(1, 1), 10_000, 5_000);
            before.add(usage(2, 1), 11_000, 5_000);
            before.flush(store);
            NodeUsage after = new NodeUsage(key, SOURCE);
            after.add(usage(3, 3), 20_000, 5_000);
            after.add(usage(4, 5), Block.LENGTH + 1, 5_000);
            after.flush(store);

            List<Block> blocks = store.ofCluster(1, "c", 0);
            assertThat(blocks).hasSize(2);
            assertThat(blocks.get(0).samples()).extracting(Sample::at).containsExactly(10_000L, 20_000L);
            assertThat(blocks.get(0).mean().values().get(0)).isEqualTo(2);
            assertThat(after.blocks()).extracting(Block::at).containsExactly(Block.LENGTH);
            assertThat(store.ofCluster(2, "c", 0)).isEmpty();
            assertThat(store.samples(new Block.Key(2, "c", "n"), 0)).isEmpty();

            store.forget(Block.LENGTH, 0);
            assertThat(store.ofCluster(1, "c", 0).get(0).samples()).isEmpty();
            store.forget(Block.LENGTH, Block.LENGTH);
            assertThat(store.ofCluster(1, "c", 0)).hasSize(1);
        }
    }

    @Test
    void aNodeThatSaysNonsenseTakesNoRoom() {
        NodeUsage node = new NodeUsage(new Block.Key(1, "c", "n"), SOURCE);

        for (int i = 0; i < 100_000; i++) {
            node.add(usage(i, i % 2 == 0 ? Double.NaN : -1), 10_000 + i, 5_000);
        }
        for (int i = 1; i < 100; i++) {
            node.add(usage(-i, Double.POSITIVE_INFINITY), 200_000 + i * Block.LENGTH, 5_000);
        }

        List<Sample> samples = new ArrayList<>();
        node.blocks().forEach(block -> samples.addAll(block.samples()));
        assertThat(samples)
                .hasSizeLessThan(50)
                .allSatisfy(sample -> assertThat(sample.values().get(0)).isZero());
    }

    private static double value(JsonNode metrics, String field) {
        int index = 1;
        for (JsonNode name : metrics.path("fields")) {
            if (name.asText().equals(field)) {
                return metrics.path("nodes")
                        .path(0)
                        .path("points")
                        .path(0)
                        .path(index)
                        .asDouble();
            }
            index++;
        }
        throw new AssertionError("There is no " + field);
    }

    private static Usage usage(long at, double cores) {
        return new Usage(at, cores, 4, 0.5, 100, 1000, 500, 10, 90, 1, 2);
    }

    private static String status(long at, double cores) {
        return "{\"t\":\"status\",\"status\":{\"driver\":\"READY\",\"parked_kernels\":0,\"kernels\":0,\"processes\":[],"
                + "\"usage\":{\"at\":" + at + ",\"cores\":" + cores + ",\"machine_cores\":4,\"memory\":12}}}";
    }
}
