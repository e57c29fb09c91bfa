package io.campanile.clusters.log;

import static io.campanile.clusters.log.LogPlatform.admin;
import static io.campanile.clusters.log.LogPlatform.bob;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.ClusterAccessControlRequest;
import com.databricks.sdk.service.compute.ClusterPermissionLevel;
import com.databricks.sdk.service.compute.ClusterPermissionsRequest;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.log.LogPlatform.Answer;
import io.campanile.clusters.log.LogPlatform.Made;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Logs over HTTP, from the nodes that send them to the people who read them; a workspace for each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LogsApiTest {
    private LogPlatform platform;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        platform = new LogPlatform(dataDir);
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    @Test
    void whatANodeSendsIsListedReadAndDownloaded() throws Exception {
        Made made = platform.cluster(1);
        Caller ann = admin(1);

        assertThat(platform.put(made.nodeId(), "stderr", "").json().path("next").asLong())
                .isZero();
        assertThat(platform.put(made.nodeId(), "stderr?offset=0", "one\ntwo\n")
                        .json()
                        .path("next")
                        .asLong())
                .isEqualTo(8);
        platform.put(made.nodeId(), "stderr?offset=8", "three\n");

        JsonNode log =
                platform.get(ann, made.path() + "/logs").json().path("logs").path(0);
        assertThat(log.path("node_id").asText()).isEqualTo(made.nodeId());
        assertThat(log.path("role").asText()).isEqualTo("DRIVER");
        assertThat(log.path("stream").asText()).isEqualTo("stderr");
        assertThat(log.path("epoch").asLong()).isPositive();
        assertThat(log.path("size").asLong()).isEqualTo(14);
        assertThat(log.path("live").asBoolean()).isTrue();
        assertThat(log.path("last_at").asLong())
                .isGreaterThanOrEqualTo(log.path("first_at").asLong());
        String path = made.path() + "/logs/" + made.nodeId() + "/stderr";
        assertThat(page(ann, path)).isEqualTo("0-14 true one\ntwo\nthree\n");
        assertThat(page(ann, path + "?offset=0&limit=7")).isEqualTo("0-4 false one\n");
        assertThat(page(ann, path + "?offset=4&limit=100")).isEqualTo("4-14 true two\nthree\n");
        assertThat(page(ann, path + "?limit=9")).isEqualTo("8-14 true three\n");
        assertThat(page(ann, path + "?before=8&limit=5")).isEqualTo("4-8 false two\n");
        assertThat(page(ann, path + "?offset=14")).isEqualTo("14-14 true ");
        assertThat(page(ann, path + "?offset=1000")).isEqualTo("14-14 true ");
        Answer whole = platform.get(ann, path + "/download");
        assertThat(whole.text()).isEqualTo("one\ntwo\nthree\n");
        assertThat(whole.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(whole.header("content-disposition")).startsWith("attachment; filename=");
        assertThat(platform.get(ann, path + "?offset=-1").refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
        assertThat(platform.get(ann, path + "?limit=0").refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
        assertThat(platform.get(ann, path + "?limit=x").refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
    }

    @Test
    void everyChunkIsKeptOnceThoughTheManagerEnds() throws Exception {
        Made made = platform.cluster(2);
        StringBuilder sent = new StringBuilder();

        for (int chunk = 0; chunk < 20; chunk++) {
            String text = "chunk " + chunk + " " + "x".repeat(700) + "\n";
            assertThat(platform.put(made.nodeId(), "log4j?offset=" + sent.length(), text)
                            .status())
                    .isEqualTo(200);
            // Its answer was lost: the node sends it again, and is told where the log goes on.
            Answer again = platform.put(made.nodeId(), "log4j?offset=" + sent.length(), text);
            sent.append(text);
            assertThat(again.refusal()).isEqualTo("409 RESOURCE_CONFLICT");
            assertThat(again.json().path("details").path(0).path("next").asLong())
                    .isEqualTo(sent.length());
            if (chunk % 8 == 4) {
                platform.startAgain();
                assertThat(platform.put(made.nodeId(), "log4j", "")
                                .json()
                                .path("next")
                                .asLong())
                        .isEqualTo(sent.length());
            }
        }

        String path = made.path() + "/logs/" + made.nodeId() + "/log4j";
        assertThat(platform.get(admin(2), path + "/download").text()).isEqualTo(sent.toString());
        StringBuilder read = new StringBuilder();
        for (JsonNode page = next(path, 0);
                ;
                page = next(path, page.path("next").asLong())) {
            read.append(page.path("text").asText());
            if (page.path("end").asBoolean()) {
                break;
            }
        }
        assertThat(read.toString()).isEqualTo(sent.toString());
    }

    @Test
    void aChunkThatTheManagerDiedOverIsWrittenAnew() throws Exception {
        Made made = platform.cluster(3);
        platform.put(made.nodeId(), "stderr?offset=0", "kept\n");
        var key = new NodeLog.Key(3, made.clusterId(), made.nodeId(), "stderr");
        new LogFiles(platform.dataDir(), LogPlatform.SEGMENT)
                .write(key, 5, "a chunk that nobody was told of\n".getBytes(StandardCharsets.UTF_8));

        String path = made.path() + "/logs/" + made.nodeId() + "/stderr";
        assertThat(page(admin(3), path)).isEqualTo("0-5 true kept\n");
        platform.put(made.nodeId(), "stderr?offset=5", "told\n");

        assertThat(platform.get(admin(3), path + "/download").text()).isEqualTo("kept\ntold\n");
    }

    @Test
    void logsAreForThoseWhoManageTheClusterAndMetricsForThoseWhoSeeIt() throws Exception {
        Made made = platform.cluster(4);
        platform.put(made.nodeId(), "stderr?offset=0", "private\n");
        String logs = made.path() + "/logs";
        String log = logs + "/" + made.nodeId() + "/stderr";
        List<String> all = List.of(logs, log, log + "/download");

        for (String target : all) {
            assertThat(platform.get(bob(4), target).refusal()).isEqualTo("403 PERMISSION_DENIED");
            assertThat(platform.get(admin(5), target).refusal()).isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
        }
        assertThat(platform.get(bob(4), made.path() + "/metrics").refusal()).isEqualTo("403 PERMISSION_DENIED");
        grant(4, made, ClusterPermissionLevel.CAN_RESTART);
        for (String target : all) {
            assertThat(platform.get(bob(4), target).refusal()).isEqualTo("403 PERMISSION_DENIED");
        }
        assertThat(platform.get(bob(4), made.path() + "/metrics").status()).isEqualTo(200);
        grant(4, made, ClusterPermissionLevel.CAN_MANAGE);
        for (String target : all) {
            assertThat(platform.get(bob(4), target).status()).isEqualTo(200);
        }
        assertThat(platform.get(admin(4), logs + "/nobody/stderr").refusal()).isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
        assertThat(platform.get(admin(4), "/api/campanile/v1/clusters/nothing/logs")
                        .refusal())
                .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
        // A node of another cluster is not one of this.
        Made other = platform.cluster(4);
        assertThat(platform.get(admin(4), other.path() + "/logs/" + made.nodeId() + "/stderr")
                        .refusal())
                .isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void aHostileNodeHarmsNobody() throws Exception {
        Made made = platform.cluster(6);
        Made other = platform.cluster(6);
        String node = made.nodeId();

        assertThat(platform.put(node + ".wrong", node, "stderr?offset=0", new byte[0])
                        .refusal())
                .isEqualTo("401 UNAUTHENTICATED");
        assertThat(platform.put(node, "stderr?offset=7", "x").refusal()).isEqualTo("409 RESOURCE_CONFLICT");
        assertThat(platform.put(node, "stderr?offset=-1", "x").refusal()).isEqualTo("409 RESOURCE_CONFLICT");
        assertThat(platform.put(node, "stderr?offset=9223372036854775807", "x").refusal())
                .isEqualTo("409 RESOURCE_CONFLICT");
        assertThat(platform.put(node, "stderr?offset=x", "x").refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
        assertThat(platform.put(node, "stderr", "x").refusal()).isEqualTo("400 INVALID_PARAMETER_VALUE");
        for (String stream : List.of("%2E%2E%2F..%2Fx", "a.b", "a%00", "x".repeat(65))) {
            assertThat(platform.put(node, stream + "?offset=0", "x").refusal())
                    .as(stream)
                    .isEqualTo("400 INVALID_PARAMETER_VALUE");
        }
        assertThat(platform.put(node, "stderr?offset=0", new byte[LogService.LARGEST_CHUNK + 1])
                        .refusal())
                .isEqualTo("413 REQUEST_TOO_LARGE");
        assertThat(platform.get(admin(6), other.path() + "/logs").json().path("logs"))
                .isEmpty();
        assertThat(platform.get(admin(6), made.path() + "/logs").json().path("logs"))
                .isEmpty();
    }

    @Test
    void bytesThatAreNoTextStayWhatTheyAre() throws Exception {
        Made made = platform.cluster(7);
        var bytes = new ByteArrayOutputStream();
        bytes.write("\u001b[31mred\u001b[0m \u001b]0;title\u0007 <script>\n".getBytes(StandardCharsets.UTF_8));
        bytes.write(new byte[] {0, (byte) 0xFF, (byte) 0xC3, '\n'});

        assertThat(platform.put(made.nodeId(), "stderr?offset=0", bytes.toByteArray())
                        .status())
                .isEqualTo(200);

        String path = made.path() + "/logs/" + made.nodeId() + "/stderr";
        assertThat(platform.get(admin(7), path).json().path("text").asText())
                .isEqualTo("\u001b[31mred\u001b[0m \u001b]0;title\u0007 <script>\n\u0000\uFFFD\uFFFD\n");
        assertThat(platform.get(admin(7), path + "/download").body()).isEqualTo(bytes.toByteArray());
    }

    @Test
    void theBeginningIsThrownAwayBeyondTheLimitAndTheLogSaysSo() throws Exception {
        Made made = platform.cluster(8);
        String line = "y".repeat(1023) + "\n";
        long offset = 0;

        for (int chunk = 0; chunk < 16; chunk++) {
            Answer answer = platform.put(made.nodeId(), "stderr?offset=" + offset, line.repeat(8));
            assertThat(answer.status()).isEqualTo(200);
            offset = answer.json().path("next").asLong();
        }

        JsonNode log = platform.get(admin(8), made.path() + "/logs")
                .json()
                .path("logs")
                .path(0);
        long first = log.path("first_offset").asLong();
        assertThat(log.path("size").asLong()).isBetween(LogPlatform.CLUSTER_BYTES / 2, LogPlatform.CLUSTER_BYTES);
        assertThat(first).isEqualTo(offset - log.path("size").asLong()).isPositive();
        String path = made.path() + "/logs/" + made.nodeId() + "/stderr";
        assertThat(page(admin(8), path + "?offset=0&limit=1024"))
                .isEqualTo(first + "-" + (first + 1024) + " false " + LogPage.thrownAway(first) + line);
        assertThat(onDisk(8)).isLessThanOrEqualTo(LogPlatform.CLUSTER_BYTES);
    }

    @Test
    void aNodeThatSendsTooFastHasToWait() throws Exception {
        Made made = platform.cluster(9);
        byte[] chunk = "z".repeat(LogService.LARGEST_CHUNK - 1).concat("\n").getBytes(StandardCharsets.UTF_8);

        Answer last = platform.put(made.nodeId(), "stderr?offset=0", chunk);
        int taken = 0;
        while (last.status() == 200 && taken < 40) {
            taken++;
            last = platform.put(
                    made.nodeId(), "stderr?offset=" + last.json().path("next").asLong(), chunk);
        }

        assertThat(taken).isBetween(4, 30);
        assertThat(last.refusal()).isEqualTo("429 REQUEST_LIMIT_EXCEEDED");
        assertThat(last.header("retry-after")).isEqualTo("1");
        assertThat(onDisk(9)).isLessThan(2L * LogService.LARGEST_CHUNK);
    }

    @Test
    void logsGoWithTheirClusterAndWithTheirWorkspace() throws Exception {
        Made made = platform.cluster(10);
        Made kept = platform.cluster(11);
        platform.put(made.nodeId(), "stderr?offset=0", "gone\n");
        platform.put(kept.nodeId(), "stderr?offset=0", "kept\n");

        platform.client(admin(10)).clusters().permanentDelete(made.clusterId());

        assertThat(platform.get(admin(10), made.path() + "/logs").refusal()).isEqualTo("404 RESOURCE_DOES_NOT_EXIST");
        assertThat(platform.put(made.nodeId(), "stderr?offset=5", "more\n").status())
                .isIn(401, 404);
        try (Database database =
                Database.open(platform.environment().environment().database(), "cluster_manager", "cluster-manager")) {
            LogStore store = new LogStore(database);
            var files = new LogFiles(platform.dataDir(), LogPlatform.SEGMENT);
            var retention = new LogRetention(store, files, LogPlatform.CLUSTER_BYTES);
            new LogSweep(retention, Duration.ofDays(30), Clock.systemUTC()).sweep();

            assertThat(store.ofCluster(10, made.clusterId())).isEmpty();
            assertThat(store.ofCluster(11, kept.clusterId())).hasSize(1);
            assertThat(onDisk(10)).isZero();
            assertThat(onDisk(11)).isEqualTo(5);

            Caller identity = new Caller(11, 0, "", false, "identity", "request-1");
            assertThat(platform.post(identity, "/internal/workspaces/erase", "{}")
                            .status())
                    .isEqualTo(200);
            assertThat(store.ofCluster(11, kept.clusterId())).isEmpty();
            assertThat(platform.dataDir().resolve("logs/11")).doesNotExist();
        }
    }

    @Test
    void oldLogsAreSweptAndEarlierStartsGoFirst(@TempDir Path folder) throws Exception {
        try (Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager")) {
            LogStore store = new LogStore(database);
            var files = new LogFiles(folder, 4);
            var retention = new LogRetention(store, files, 20);
            add(store, files, "old", 1, 100, 12);
            add(store, files, "new", 2, 200, 16);
            assertThat(store.find(key(21, "old"))).isEmpty();
            assertThat(store.ofCluster(21, "c")).isEmpty();

            retention.fit(20, "c");

            assertThat(store.find(key(20, "old")).orElseThrow().firstOffset()).isEqualTo(8);
            assertThat(store.find(key(20, "new")).orElseThrow().firstOffset()).isZero();
            assertThat(folder.resolve("logs/20/c/old/stderr/0")).doesNotExist();
            assertThat(folder.resolve("logs/20/c/old/stderr/2")).exists();
            assertThat(store.quietSince(150, 10))
                    .extracting(log -> log.key().nodeId())
                    .containsExactly("old");
            retention.sweep(150);
            assertThat(folder.resolve("logs/20/c/old")).doesNotExist();
            // Its cluster is not there for anybody.
            assertThat(store.ofCluster(20, "c")).isEmpty();
        }
    }

    private static void add(LogStore store, LogFiles files, String node, long epoch, long at, int bytes)
            throws Exception {
        files.write(key(20, node), 0, new byte[bytes]);
        store.insert(new NodeLog(key(20, node), new NodeLog.Source(epoch, "DRIVER", null), 0, bytes, at, at));
    }

    private static NodeLog.Key key(long workspaceId, String node) {
        return new NodeLog.Key(workspaceId, "c", node, "stderr");
    }

    private JsonNode next(String path, long offset) throws Exception {
        return platform.get(admin(2), path + "?limit=1000&offset=" + offset).json();
    }

    private String page(Caller caller, String target) throws Exception {
        JsonNode page = platform.get(caller, target).json();
        return page.path("offset").asLong() + "-" + page.path("next").asLong() + " "
                + page.path("end").asBoolean() + " " + page.path("text").asText();
    }

    private void grant(long workspaceId, Made made, ClusterPermissionLevel level) {
        platform.client(admin(workspaceId))
                .clusters()
                .setPermissions(new ClusterPermissionsRequest()
                        .setClusterId(made.clusterId())
                        .setAccessControlList(List.of(new ClusterAccessControlRequest()
                                .setUserName("bob@example.com")
                                .setPermissionLevel(level))));
    }

    private long onDisk(long workspaceId) throws Exception {
        Path folder = platform.dataDir().resolve("logs/" + workspaceId);
        if (!Files.exists(folder)) {
            return 0;
        }
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
