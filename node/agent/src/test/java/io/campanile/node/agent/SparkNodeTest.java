package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.fake.FakeServices;
import io.campanile.node.agent.fake.Needs;
import io.campanile.node.agent.fake.TestNode;
import io.campanile.node.protocol.WorkMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole node: agent, Spark driver and Java kernel as this build packaged them. */
@Tag("slow")
final class SparkNodeTest {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final Path DRIVER = Path.of("../driver/target/runtime/jars");
    private static final Path KERNEL = Path.of("../java-kernel/target/lib");
    private static final String SESSION = "6f1d2c3b-0000-4000-8000-000000000001";

    @TempDir
    Path folder;

    private FakeServices services;
    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        Needs.packaged(DRIVER, KERNEL);
        services = new FakeServices(folder.resolve("services")).start();
        node = new TestNode(folder.resolve("node"), folder.resolve("services"))
                .withBuilt(DRIVER, KERNEL)
                .parkKernels(1)
                .start();
        await().atMost(LONG)
                .until(() -> services.status().path("driver").asText().equals("READY"));
        await().atMost(LONG)
                .until(() -> services.status().path("parked_kernels").asInt() == 1);
        services.control(TestNode.assignment(folder));
        await().atMost(LONG).until(services::working);
    }

    @AfterEach
    void stop() throws Exception {
        if (node != null) {
            node.close();
            services.close();
        }
    }

    @Test
    void javaAndSqlCellsShareOneSparkSessionAndResultsAreUploadedFirst() throws Exception {
        long began = System.nanoTime();
        services.work(execute(1, "JAVA", "System.out.println(\"hi\");\n6 * 7"));
        finished(1, "ok");
        long first = System.nanoTime();
        services.work(
                execute(2, "JAVA", "spark.range(10).createOrReplaceTempView(\"ten\");\nspark.range(1000).count()"));
        finished(2, "ok");
        long spark = System.nanoTime();
        services.takingResults = false;
        services.work(execute(3, "SQL", "SELECT id, id % 3 AS k FROM ten"));
        await().atMost(LONG)
                .until(() -> Files.list(node.nodeFolder().resolve("results")).count() == 1);
        assertThat(records(3)).extracting(WorkMessage.Record::kind).doesNotContain("display", "result", "finished");
        services.takingResults = true;
        finished(3, "ok");

        assertThat(text(1)).isEqualTo("hi\n");
        assertThat(records(2).toString()).contains("1000");
        assertThat(services.results).hasSize(1);
        assertThat(records(3).toString())
                .contains(services.results.keySet().iterator().next().replace(".arrow", ""))
                .doesNotContain("\"path\"");
        System.out.println("first cell ms " + (first - began) / 1_000_000 + ", first Spark cell ms "
                + (spark - first) / 1_000_000);
        for (JsonNode process : services.status().path("processes")) {
            System.out.println(process.path("role").asText() + " RSS kB "
                    + TestNode.rssKilobytes(process.path("pid").asLong()));
        }
    }

    @Test
    void aLostDriverEndsTheRunAndWhatComesAfterIsDeclined() throws Exception {
        services.work(execute(1, "JAVA", "System.out.println(\"in\");\nThread.sleep(600000);"));
        await().atMost(LONG).until(() -> text(1).equals("in\n"));
        long pid = 0;
        for (JsonNode process : services.status().path("processes")) {
            pid = process.path("role").asText().equals("driver")
                    ? process.path("pid").asLong()
                    : pid;
        }

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        finished(1, "error");
        assertThat(last(1).path("message").asText()).startsWith("driver lost: The driver ended (exit 137)");
        await().atMost(LONG)
                .until(() -> services.status().path("driver").asText().equals("FAILED"));
        services.work(execute(2, "JAVA", "1"));
        services.work(execute(2, "JAVA", "1"));
        await().atMost(LONG)
                .until(() -> services.work.stream()
                                .filter(frame -> frame.path("t").asText().equals("declined")
                                        && frame.path("run_id").asLong() == 2)
                                .count()
                        == 2);
    }

    @Test
    void aRunawayCellIsCanceledAndItsVariablesStay() throws Exception {
        services.work(execute(1, "JAVA", "int kept = 5;"));
        finished(1, "ok");
        services.work(execute(2, "JAVA", "System.out.println(\"in\");\nwhile (true) {}"));
        await().atMost(LONG).until(() -> text(2).equals("in\n"));

        services.work(new WorkMessage.Cancel(2));

        finished(2, "canceled");
        services.work(execute(3, "JAVA", "kept"));
        finished(3, "ok");
        assertThat(records(3).toString()).contains("\"5\"");
    }

    @Test
    void tablesBelongToTheOwnerAndOutliveTheNode() throws Exception {
        services.work(execute(1, "SQL", "CREATE TABLE kept AS SELECT 7 AS seven"));
        finished(1, "ok");

        assertThat(folder.resolve("node/data/warehouses/5/11/kept/_delta_log")).isDirectory();
        assertThat(node.nodeFolder().resolve("warehouse")).isSymbolicLink();
    }

    private static WorkMessage.Execute execute(long run, String language, String code) {
        return new WorkMessage.Execute(run, "k1", SESSION, 77, "/Users/ann/n", language, code);
    }

    private void finished(long run, String state) {
        await().atMost(LONG)
                .until(() ->
                        records(run).stream().anyMatch(record -> record.kind().equals("finished")));
        assertThat(last(run).path("state").asText()).as("%s", records(run)).isEqualTo(state);
    }

    private JsonNode last(long run) {
        return records(run).get(records(run).size() - 1).data();
    }

    private List<WorkMessage.Record> records(long run) {
        return services.records.stream().filter(record -> record.runId() == run).toList();
    }

    private String text(long run) {
        return records(run).stream()
                .filter(record -> record.kind().equals("stream"))
                .map(record -> record.data().path("text").asText())
                .collect(Collectors.joining());
    }
}
