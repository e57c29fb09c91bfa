package io.campanile.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.agent.fake.FakeServices;
import io.campanile.node.agent.fake.Needs;
import io.campanile.node.agent.fake.TestNode;
import io.campanile.node.protocol.NodeJson;
import io.campanile.node.protocol.WorkMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A planted value on a whole node: it reaches the cell that asks, and nothing that leaves the node or stays on it. */
@Tag("slow")
final class SecretsOnNodesTest {
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final Path DRIVER = Path.of("../driver/target/runtime/jars");
    private static final Path KERNEL = Path.of("../java-kernel/target/lib");
    private static final String CANARY = "canary<4711>&" + "long".repeat(20);

    private static final String IN_SETTINGS = "settingscanary-4712";
    private static final String IN_ENVIRONMENT = "environmentcanary-4713";
    private static final Set<String> MAY_HOLD_SETTINGS = Set.of("node.json", "driver.json");

    @TempDir
    Path folder;

    private FakeServices services;
    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        Needs.packaged(DRIVER, KERNEL);
        services = new FakeServices(folder.resolve("services")).start();
        services.secrets = SecretsOnNodesTest::answer;
        // So that the spool keeps every record and can be looked at.
        services.acknowledging = false;
        node = new TestNode(folder.resolve("node"), folder.resolve("services"))
                .withBuilt(DRIVER, KERNEL)
                .parkKernels(1)
                .settings(
                        Map.of("spark.password", "{{secrets/s/k}}"),
                        Map.of("{{secrets/s/k}}", IN_SETTINGS, "{{secrets/s/e}}", IN_ENVIRONMENT))
                .environment(Map.of("TOKEN", "{{secrets/s/e}}", "STAGE", "test"))
                .start();
        await().atMost(LONG)
                .until(() -> services.status().path("driver").asText().equals("READY"));
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

    private static JsonNode answer(JsonNode question) {
        ObjectNode answer = NodeJson.MAPPER.createObjectNode();
        switch (question.path("what").asText()) {
            case "list" -> answer.putArray("names").add("key").add("other");
            case "scopes" -> answer.putArray("names").add("scope");
            default -> {
                if (question.path("key").asText().equals("key")) {
                    answer.put("value", Base64.getEncoder().encodeToString(CANARY.getBytes(StandardCharsets.UTF_8)));
                } else {
                    answer.put("error_code", "PERMISSION_DENIED").put("message", "needs the permission READ");
                }
            }
        }
        return answer;
    }

    @Test
    void aCellGetsTheValueAndNobodyElseDoes() throws Exception {
        run(1, "JAVA", """
                String secret = dbutils.secrets().get("scope", "key");
                System.out.println(secret.length() + " " + secret);
                System.err.print("half " + secret.substring(0, 9));
                System.err.println(secret.substring(9));
                display(List.of(Map.of("column", secret)));
                displayHTML("<b>" + secret + "</b>");
                secret
                """);
        run(2, "JAVA", "new String(dbutils.secrets().getBytes(\"scope\", \"key\")).hashCode() == secret.hashCode()");
        run(3, "JAVA", "dbutils.secrets().list(\"scope\") + \" \" + dbutils.secrets().listScopes()");
        run(4, "JAVA", "display(spark.sql(\"select '\" + secret + \"', array('x\" + secret + \"y') a, 1 as n\"));");
        run(5, "JAVA", "spark.createDataset(List.of(secret), Encoders.STRING()).createOrReplaceTempView(\"t\");");
        run(6, "SQL", "select value, named_struct('s', value) from t");
        finish(7, "JAVA", "throw new IllegalStateException(\"with \" + secret);", "error");
        finish(8, "SQL", "select raise_error(value) from t", "error");
        finish(9, "JAVA", "dbutils.notebook().exit(\"left \" + secret);", "ok");
        finish(10, "JAVA", "dbutils.secrets().get(\"scope\", \"other\")", "error");

        assertThat(text(1)).contains(CANARY.length() + " [REDACTED]\n").contains("half [REDACTED]");
        assertThat(records(1).toString()).contains("<td>[REDACTED]</td>", "<b>[REDACTED]</b>");
        assertThat(records(2).toString()).contains("\"true\"");
        assertThat(records(3).toString()).contains("SecretMetadata[key=key]", "SecretScope[name=scope]");
        assertThat(records(4).toString()).contains("\"name\":\"[REDACTED]\"", "x[REDACTED]y");
        assertThat(records(7).toString()).contains("with [REDACTED]");
        assertThat(records(8).toString()).contains("[REDACTED]");
        assertThat(last(9).path("exit_value").asText()).isEqualTo("left [REDACTED]");
        assertThat(last(10).path("message").asText()).contains("SecurityException: needs the permission READ");
        assertThat(services.results).hasSize(2);
        services.results.values().forEach(file -> {
            assertThat(new String(file, StandardCharsets.UTF_8)).contains("[REDACTED]");
            clean("result", new String(file, StandardCharsets.UTF_8));
        });
        clean("records", services.records.toString());
        clean("frames", services.work.toString() + services.control);
        nothingOnDisk();
        nothingInProcesses();
    }

    private void run(long run, String language, String code) {
        finish(run, language, code, "ok");
    }

    private void finish(long run, String language, String code, String state) {
        services.work(new WorkMessage.Execute(
                run, "k1", "6f1d2c3b-0000-4000-8000-000000000002", 77, "/Users/ann/n", language, code));
        await().atMost(LONG)
                .until(() -> records(run).stream().anyMatch(r -> r.kind().equals("finished")));
        assertThat(last(run).path("state").asText()).as(records(run).toString()).isEqualTo(state);
    }

    @Test
    void aSettingHasTheValueAndIsInNoLogOrProcessList() throws Exception {
        run(1, "JAVA", "spark.conf().get(\"spark.password\").hashCode()");
        run(2, "JAVA", "spark.conf().get(\"spark.password\").length()");
        run(3, "JAVA", """
                System.out.println("set to " + spark.conf().get("spark.password"));
                displayHTML("<b>" + spark.conf().get("spark.password") + "</b>");
                spark.conf().get("spark.password")
                """);
        run(5, "JAVA", "System.out.println(System.getenv(\"STAGE\") + \" \" + System.getenv(\"TOKEN\"));");
        // What a child prints goes to the kernel's log, past its output.
        run(6, "JAVA", """
                new ProcessBuilder("/bin/sh", "-c", "echo past the kernel $TOKEN").inheritIO().start().waitFor()
                """);
        finish(
                4,
                "JAVA",
                "throw new IllegalStateException(\"with \" + spark.conf().get(\"spark.password\"));",
                "error");

        assertThat(records(1).toString()).contains("\"" + IN_SETTINGS.hashCode() + "\"");
        assertThat(text(5)).isEqualTo("test [REDACTED]\n");
        assertThat(text(3)).contains("set to [REDACTED]\n");
        assertThat(records(3).toString()).contains("<b>[REDACTED]</b>");
        assertThat(records(4).toString()).contains("with [REDACTED]");
        await().atMost(LONG)
                .until(() -> services.logs.streams().stream()
                        .anyMatch(stream -> services.logs.text(stream).contains("past the kernel [REDACTED]")));
        nothingInProcesses();
        nothingOnDisk();
        clean("frames", services.work.toString() + services.control + services.records);
    }

    /** Spool, logs, results, temporary files; not the jars. */
    private void nothingOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).anyMatch(file -> file.toString().contains("spool"));
            for (Path file : all) {
                if (MAY_HOLD_SETTINGS.contains(String.valueOf(file.getFileName()))) {
                    assertThat(Files.readString(file)).doesNotContain("canary<4711>");
                    continue;
                }
                clean(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        await().atMost(LONG).until(() -> !services.logs.text("log4j").isEmpty());
        services.logs.streams().forEach(stream -> clean("the log " + stream, services.logs.text(stream)));
    }

    private void nothingInProcesses() throws IOException {
        List<ProcessHandle> processes = node.process().descendants().toList();
        assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
        for (ProcessHandle process : processes) {
            for (String file : List.of("cmdline", "environ")) {
                Path path = Path.of("/proc", Long.toString(process.pid()), file);
                String text = Files.readString(path, StandardCharsets.ISO_8859_1);
                // An environment is where the owner wanted it; only processes of the same user read it there.
                clean(path.toString(), file.equals("environ") ? text.replace(IN_ENVIRONMENT, "") : text);
            }
        }
    }

    private static void clean(String what, String text) {
        for (String planted : List.of("canary<4711>", "canary&lt;4711", "longlonglong", IN_SETTINGS, IN_ENVIRONMENT)) {
            int at = text.indexOf(planted);
            String around = at < 0 ? "" : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 200));
            assertThat(at).as("the value is in %s: %s", what, around).isNegative();
        }
    }

    private List<WorkMessage.Record> records(long run) {
        return services.records.stream().filter(r -> r.runId() == run).toList();
    }

    private JsonNode last(long run) {
        List<WorkMessage.Record> records = records(run);
        return records.get(records.size() - 1).data();
    }

    private String text(long run) {
        StringBuilder text = new StringBuilder();
        records(run).stream()
                .filter(r -> r.kind().equals("stream"))
                .forEach(r -> text.append(r.data().path("text").asText()));
        return text.toString();
    }
}
