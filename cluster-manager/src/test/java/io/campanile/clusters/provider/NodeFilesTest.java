package io.campanile.clusters.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Secret;
import io.campanile.common.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeFilesTest {
    @TempDir
    Path dataDir;

    private NodeFiles files;
    private Path node;
    private Path tables;

    @BeforeEach
    void aNode() throws Exception {
        files = new NodeFiles(dataDir, 1, 900);
        node = Files.createDirectories(files.folder("n1"));
        Files.createDirectories(node.resolve("logs"));
        Files.writeString(node.resolve("logs/agent.log"), "said");
        Files.writeString(node.resolve("node.json"), "secret");
        Files.createDirectories(node.resolve("local/blockmgr"));
        Files.writeString(node.resolve("local/blockmgr/shuffle"), "scratch");
        tables = Files.createDirectories(dataDir.resolve("warehouses/1/7"));
        Files.writeString(tables.resolve("part"), "rows");
        Files.createSymbolicLink(node.resolve("warehouse"), tables);
    }

    @Test
    void onlyTheLogsOfANodeStayAndItsOwnersTablesAreNotTouched() throws Exception {
        files.clear("n1");
        files.clear("n1");
        files.clear("never-was");

        try (var left = Files.list(node)) {
            assertThat(left).containsExactly(node.resolve("logs"));
        }
        assertThat(node.resolve("logs/agent.log")).hasContent("said");
        assertThat(tables.resolve("part")).hasContent("rows");
    }

    @Test
    void valuesOfSecretsAreForTheOwnerOfTheFileAlone() throws Exception {
        NodeShape shape = new NodeShape(
                "local.small",
                1024,
                "4.0.1",
                Map.of("spark.password", "{{secrets/s/k}}"),
                Map.of("TOKEN", "{{secrets/s/k}}"));
        Path file = files.write(new NodeRequest(
                "n3", "d", shape, null, new Secret("s3cret"), null, Map.of("{{secrets/s/k}}", new Secret("canary"))));

        var driver = Json.MAPPER.readTree(file.toFile()).path("driver");
        assertThat(driver.path("spark_conf").path("spark.password").asText()).isEqualTo("{{secrets/s/k}}");
        assertThat(driver.path("environment").path("TOKEN").asText()).isEqualTo("{{secrets/s/k}}");
        assertThat(driver.path("secrets").path("{{secrets/s/k}}").asText()).isEqualTo("canary");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aWorkerIsToldItsExecutorAndTheSecretOfItsCluster() throws Exception {
        NodeShape shape = new NodeShape("local.small", 1024, "4.0.1", Map.of(), Map.of("STAGE", "test"), 2);
        Path file = files.write(
                new NodeRequest("n4", "d", shape, 3, new Secret("s3cret"), new Secret("of the cluster"), Map.of()));

        var content = Json.MAPPER.readTree(file.toFile());
        assertThat(content.has("driver")).isFalse();
        assertThat(content.path("park_kernels").asInt()).isZero();
        assertThat(content.path("worker").toString())
                .isEqualTo("{\"cluster_secret\":\"of the cluster\",\"cores\":2,\"environment\":{\"STAGE\":\"test\"},"
                        + "\"executor_id\":\"3\",\"heap_mb\":1024,\"runtime\":\"4.0.1\",\"secrets\":{}}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void logsGoWithTimeButNeverThoseOfANodeThatIsThere() throws Exception {
        Path other = Files.createDirectories(files.folder("n2"));
        Files.createDirectories(other.resolve("logs"));

        files.dropLogs(Instant.now().minusSeconds(60));
        assertThat(other).exists();
        files.dropLogs(Instant.now().plusSeconds(60));

        assertThat(other).doesNotExist();
        assertThat(node.resolve("node.json")).exists();
    }
}
