package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.fake.FakeBucket;
import io.campanile.node.agent.fake.Listeners;
import io.campanile.node.agent.fake.TestCluster;
import io.campanile.node.agent.fake.TestCluster.Member;
import io.campanile.node.protocol.NodeJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real driver with real executors, each process on a node of its own. */
@Tag("slow")
final class WorkersTest {
    private static final Duration LONG = Duration.ofSeconds(120);
    /** Takes its milliseconds for every row. */
    private static final String SLOWLY = " WHERE reflect('java.lang.Thread', 'sleep', %dL) IS DISTINCT FROM 'never'";

    private static final Pattern SECOND_ATTEMPT = Pattern.compile("in stage \\d+\\.[1-9]");
    private static final int CELLS = 24;

    @TempDir
    static Path folder;

    static TestCluster cluster;
    static long early;
    static JsonNode before;

    @BeforeAll
    static void start() throws Exception {
        long began = System.nanoTime();
        cluster = TestCluster.start(folder, 1).awaitDriver();
        long driver = System.nanoTime();
        early = cluster.begin("SQL", "SELECT concat('early ', sum(id)) FROM range(0, 1000, 1, 8)");
        await().atMost(LONG)
                .until(() -> cluster.driver()
                                .status()
                                .path("load")
                                .path("pending_tasks")
                                .asInt()
                        > 0);
        before = cluster.driver().status().path("load");
        cluster.workers(2);
        System.out.println("driver ms " + (driver - began) / 1_000_000 + ", then two workers ms "
                + (System.nanoTime() - driver) / 1_000_000);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aCellThatCameBeforeTheFirstExecutorHasWaitedForIt() {
        // The cell's eight and no other: a kernel asks for none when it attaches, a driver's warm-up for none either
        // (as long as its EXPLAIN was sent as a query, its one row was a ninth).
        assertThat(before.path("pending_tasks").asInt()).isEqualTo(8);
        assertThat(before.path("running_tasks").asInt()).isZero();
        assertThat(before.path("executors")).isEmpty();
        assertThat(cluster.finish(early)).startsWith("ok").contains("early 499500");
    }

    @Test
    void aShuffleRunsOnBothExecutors() throws Exception {
        List<Member> two = cluster.workers(2);
        long first = shuffleBytes(two.get(0));
        long second = shuffleBytes(two.get(1));

        String shown = cluster.run(
                "SQL",
                "SELECT concat('groups ', count(*), ', rows ', sum(c)) FROM (SELECT k, count(*) AS c FROM (SELECT id % 1000"
                        + " AS k FROM range(0, 100000, 1, 8)) GROUP BY k)");

        assertThat(shown).startsWith("ok").contains("groups 1000, rows 100000");
        // What each has written for the second stage: both had tasks of the first.
        await().atMost(LONG).until(() -> shuffleBytes(two.get(0)) > first && shuffleBytes(two.get(1)) > second);
        await().atMost(LONG)
                .until(() -> two.stream()
                        .map(cluster::executor)
                        .allMatch(each -> each.path("running_tasks").asInt() == 0
                                && each.path("idle_since").asLong() > 0
                                && each.path("cores").asInt() == 1));
        assertThat(cluster.driver().status().path("load").path("pending_tasks").asInt())
                .isZero();
    }

    @Test
    void executorsHaveTheWorkspacesFilesAndTheOwnersVariables() throws Exception {
        cluster.workers(2);
        Files.createDirectories(TestCluster.files(folder).resolve("Volumes/main/default/v"));

        String written = cluster.run(
                "SQL",
                "INSERT OVERWRITE DIRECTORY '/Volumes/main/default/v/p' USING parquet SELECT id FROM range(0, 100, 1, 4)");
        String read = cluster.run("SQL", "SELECT sum(id) AS s FROM parquet.`dbfs:/Volumes/main/default/v/p`");
        cluster.run("SQL", "CREATE TABLE kept AS SELECT id AS seven FROM range(8) WHERE id = 7");
        String variable = cluster.run(
                "SQL", "SELECT DISTINCT reflect('java.lang.System', 'getenv', 'STAGE') v FROM range(0, 8, 1, 8)");

        assertThat(written).startsWith("ok");
        assertThat(read).startsWith("ok").contains("4950");
        assertThat(cluster.run("SQL", "SELECT seven FROM kept")).contains("7");
        assertThat(variable).startsWith("ok").contains("test");
        assertThat(TestCluster.files(folder).resolve("Volumes/main/default/v/p/_SUCCESS"))
                .exists();
    }

    @Test
    void executorsAskForFilesInABucketAsTheirOwnNode() throws Exception {
        List<Member> two = cluster.workers(2);
        Path mark = TestCluster.files(folder).resolveSibling(".storage");

        Files.writeString(mark, "s3\n");
        try {
            for (Member member : cluster.members()) {
                await().atMost(LONG)
                        .until(() -> Files.exists(member.node().nodeFolder().resolve("files-access.json")));
            }

            assertThat(cluster.run("SQL", "SELECT concat('read ', value) FROM text.`dbfs:" + FakeBucket.PATH + "`"))
                    .startsWith("ok")
                    .contains("read a line of the bucket");
        } finally {
            Files.delete(mark);
        }
        assertThat(cluster.driver().services().bucket.asked).contains("status").doesNotContain("content");
        assertThat(two.stream()
                        .flatMap(worker -> worker.services().bucket.asked.stream())
                        .toList())
                .contains("content");
    }

    /** The cells that the kernel's own tests run against Spark's executors, as many as there is time for. */
    @Test
    void classesAndVariablesOfCellsReachTheExecutors() throws Exception {
        cluster.workers(2);
        Path list = Path.of("../java-kernel/src/test/resources/lambda-cells.txt");
        List<String> failures = new ArrayList<>();

        for (String cell : List.of(Files.readString(list).split("(?m)^//%%$")).subList(0, CELLS)) {
            int mark = cell.indexOf("//=");
            String expected = mark < 0 ? "" : cell.substring(mark + 3).strip();
            String shown = cluster.run("JAVA", mark < 0 ? cell : cell.substring(0, mark));
            if (mark < 0 ? !shown.startsWith("ok") : !shown.equals("ok " + expected)) {
                failures.add(cell.strip() + "\n was " + shown);
            }
        }

        assertThat(failures).isEmpty();
    }

    @Test
    void aKilledExecutorCostsTimeAndNotTheResult() throws Exception {
        Member victim = cluster.workers(2).get(1);
        long others = shuffleBytes(victim);
        long run = cluster.begin(
                "SQL",
                "SELECT concat('groups ', count(*), ', rows ', sum(c)) FROM (SELECT k, count(*) AS c FROM (SELECT id % 1000"
                        + " AS k FROM range(0, 100000, 1, 8)) GROUP BY k)" + SLOWLY.formatted(8));
        await().atMost(LONG)
                .until(() ->
                        cluster.executor(victim).path("running_tasks").asInt() > 0 && shuffleBytes(victim) > others);

        ProcessHandle.of(victim.pid("executor")).orElseThrow().destroyForcibly();

        assertThat(cluster.finish(run)).startsWith("ok").contains("groups 1000, rows 100000");
        victim.awaitState("FAILED");
        assertThat(victim.status().path("driver_message").asText()).contains("exit 137");
        await().atMost(LONG).until(() -> cluster.executor(victim).isMissingNode());
    }

    @Test
    void aDecommissionedExecutorHandsOnItsBlocksAndEnds() throws Exception {
        List<Member> two = cluster.workers(2);
        Member stays = two.get(0);
        Member leaves = two.get(1);
        cluster.run("SQL", "CACHE TABLE c AS SELECT id FROM range(0, 100000, 1, 8)");
        await().atMost(LONG)
                .until(() -> two.stream()
                        .allMatch(each ->
                                cluster.executor(each).path("cached_bytes").asLong() > 0));
        long cached = cluster.executor(stays).path("cached_bytes").asLong()
                + cluster.executor(leaves).path("cached_bytes").asLong();
        int before = cluster.driverLog().length();
        long others = shuffleBytes(leaves);
        long run = cluster.begin(
                "SQL",
                "SELECT concat('keys ', count(*), ', rows ', sum(a.c + b.c)) FROM (SELECT k, count(*) AS c FROM (SELECT id"
                        + " % 100 AS k FROM range(0, 10000, 1, 8)) GROUP BY k) a JOIN (SELECT k, count(*) AS c FROM"
                        + " (SELECT id % 100 AS k FROM range(0, 1000, 1, 20)" + SLOWLY.formatted(10)
                        + ") GROUP BY k) b USING (k)");
        await().atMost(LONG)
                .until(() -> shuffleBytes(leaves) > others
                        && cluster.driver()
                                        .status()
                                        .path("load")
                                        .path("pending_tasks")
                                        .asInt()
                                > 0);

        long began = System.nanoTime();
        cluster.decommission(leaves);
        await().atMost(LONG)
                .until(() -> cluster.executor(leaves).path("leaving").asBoolean());

        leaves.awaitState("ENDED");
        System.out.println("decommissioned ms " + (System.nanoTime() - began) / 1_000_000);
        assertThat(cluster.finish(run)).startsWith("ok").contains("keys 100, rows 11000");
        assertThat(cluster.run("SQL", "SELECT concat('sum ', sum(id)) FROM c")).contains("sum 4999950000");
        assertThat(cluster.driverLog().substring(before))
                .doesNotContainPattern(SECOND_ATTEMPT)
                .doesNotContain("FetchFailed");
        assertThat(TestCluster.executorLog(leaves)).contains("all blocks migrated, stopping");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                cluster.executor(stays).path("cached_bytes").asLong())
                        .isEqualTo(cached));
        assertThat(cluster.executor(leaves).isMissingNode()).isTrue();
        cluster.run("SQL", "UNCACHE TABLE c");
    }

    @Test
    void whoDoesNotKnowTheSecretIsRefusedAndItStandsNowhere() throws Exception {
        cluster.workers(2);
        Member stranger = cluster.worker("not-the-secret-0123456789");

        cluster.join(stranger);

        stranger.awaitState("FAILED");
        assertThat(cluster.executor(stranger).isMissingNode()).isTrue();
        assertThat(cluster.run("SQL", "SET spark.authenticate.secret")).doesNotContain(TestCluster.SECRET);
        assertThat(cluster.run("JAVA", "spark.conf().get(\"spark.authenticate.secret\")"))
                .startsWith("ok not here: ");
        assertThat(cluster.filesWith(TestCluster.SECRET))
                .allMatch(List.of("node.json", "driver.json", "executor.json")::contains);
        for (long pid : cluster.pids()) {
            for (String view : List.of("cmdline", "environ")) {
                assertThat(Files.readString(Path.of("/proc/" + pid + "/" + view), StandardCharsets.ISO_8859_1))
                        .isNotEmpty()
                        .doesNotContain(TestCluster.SECRET);
            }
        }
    }

    @Test
    void valuesThatCellsAskForStayOutOfTheExecutorsLogs() throws Exception {
        List<Member> two = cluster.workers(2);
        String canary = "canary-of-a-cell-4711";
        cluster.driver().services().secrets = question -> NodeJson.MAPPER.valueToTree(
                Map.of("value", Base64.getEncoder().encodeToString(canary.getBytes(StandardCharsets.UTF_8))));

        String shown = cluster.run("JAVA", """
                import org.apache.spark.api.java.function.MapFunction;
                import org.apache.spark.sql.Encoders;
                String value = dbutils.secrets().get("scope", "key");
                spark.range(0, 8, 1, 8).map((MapFunction<Long, Long>) x -> {
                    System.out.println("printed " + value);
                    throw new IllegalStateException("with " + value);
                }, Encoders.LONG()).collectAsList()
                """);

        assertThat(shown).startsWith("error").contains("with [REDACTED]");
        assertThat(TestCluster.executorLog(two.get(0)) + TestCluster.executorLog(two.get(1)))
                .contains("with [REDACTED]");
        await().atMost(LONG).until(() -> cluster.filesWith("printed [REDACTED]").contains("executor.err"));
        assertThat(cluster.filesWith(canary)).isEmpty();
    }

    @Test
    void everyPortIsOnLoopback() throws Exception {
        cluster.workers(2);

        List<String> listening = new ArrayList<>();
        for (long pid : cluster.pids()) {
            listening.addAll(Listeners.of(pid));
        }

        assertThat(listening).hasSizeGreaterThan(5).allMatch(address -> Listeners.LOOPBACK.contains(address));
    }

    private static long shuffleBytes(Member worker) {
        return cluster.executor(worker).path("shuffle_bytes").asLong();
    }
}
