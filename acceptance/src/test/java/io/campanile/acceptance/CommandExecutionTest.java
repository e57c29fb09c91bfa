package io.campanile.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.CancelCommand;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.Command;
import com.databricks.sdk.service.compute.CommandExecutionAPI;
import com.databricks.sdk.service.compute.CommandStatus;
import com.databricks.sdk.service.compute.CommandStatusResponse;
import com.databricks.sdk.service.compute.ContextStatus;
import com.databricks.sdk.service.compute.ContextStatusResponse;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.CreateContext;
import com.databricks.sdk.service.compute.DestroyContext;
import com.databricks.sdk.service.compute.Language;
import com.databricks.sdk.service.compute.ResultType;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Contexts and commands on a real cluster, through the SDK: the kernels and the queue are those of notebooks. */
@Tag("slow")
@OnSharedInstallation
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CommandExecutionTest {
    private static final Duration COLD = Duration.ofMinutes(4);
    private static final Duration WARM = Duration.ofSeconds(90);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Installation installation;
    private static CommandExecutionAPI api;
    private static String cluster;
    private static String context;

    @BeforeAll
    static void start(Installation shared) throws Exception {
        installation = shared;
        Person person = Person.signIn(installation);
        api = person.sdk().commandExecution();
        ClusterDetails running = person.sdk()
                .clusters()
                .create(new CreateCluster()
                        .setClusterName("commands")
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small")
                        .setNumWorkers(0L))
                .get(COLD);
        cluster = running.getClusterId();
        ContextStatusResponse made = api.create(
                        new CreateContext().setClusterId(cluster).setLanguage(Language.SQL))
                .get(WARM);
        assertThat(made.getStatus()).isEqualTo(ContextStatus.RUNNING);
        context = made.getId();
    }

    @Test
    @Order(1)
    void sqlShowsATableAndJavaOfTheSameContextTheSameSession() throws Exception {
        CommandStatusResponse view =
                sql("create or replace temp view numbers as select id, id * 2 as twice from range(5)");
        CommandStatusResponse table = sql("select * from numbers order by id");
        CommandStatusResponse java = java("System.out.println(\"printed\");\nspark.table(\"numbers\").count() * 2");

        assertThat(view.getResults().getResultType())
                .as("%s", view.getResults())
                .isNotEqualTo(ResultType.ERROR);
        assertThat(table.getStatus()).isEqualTo(CommandStatus.FINISHED);
        assertThat(table.getResults().getResultType())
                .as("%s", table.getResults())
                .isEqualTo(ResultType.TABLE);
        assertThat(table.getResults().getSchema())
                .extracting(column -> column.get("name"))
                .containsExactly("id", "twice");
        assertThat(table.getResults().getData().toString()).isEqualTo("[[0, 0], [1, 2], [2, 4], [3, 6], [4, 8]]");
        assertThat(java.getResults().getResultType()).isEqualTo(ResultType.TEXT);
        assertThat(java.getResults().getData().toString().strip()).isEqualTo("printed\n10");
    }

    @Test
    @Order(2)
    void anErrorHasASummaryAndACause() throws Exception {
        CommandStatusResponse failed = java("int zero = 0;\n1 / zero");
        CommandStatusResponse unknown = sql("select * from nowhere_at_all");

        assertThat(failed.getStatus()).isEqualTo(CommandStatus.FINISHED);
        assertThat(failed.getResults().getResultType()).isEqualTo(ResultType.ERROR);
        assertThat(failed.getResults().getSummary()).contains("ArithmeticException", "/ by zero");
        assertThat(failed.getResults().getCause()).isNotBlank();
        assertThat(unknown.getResults().getResultType()).isEqualTo(ResultType.ERROR);
        assertThat(unknown.getResults().getSummary()).contains("nowhere_at_all");
    }

    @Test
    @Order(2)
    void whatTheDriverLogsAndTakesIsShownWhileItRuns() throws Exception {
        Person person = Person.signIn(installation);
        String path = "/api/campanile/v1/clusters/" + cluster;

        JsonNode log = Awaitility.await()
                .atMost(WARM)
                .until(
                        () -> log4j(person.get(path + "/logs")),
                        found -> found.path("size").asLong() > 0);
        JsonNode node = Awaitility.await()
                .atMost(WARM)
                .until(
                        () -> person.get(path + "/metrics").path("nodes").path(0),
                        found -> !found.path("points").isEmpty());

        assertThat(log.path("live").asBoolean()).isTrue();
        String text = path + "/logs/" + log.path("node_id").asText() + "/log4j";
        assertThat(person.get(text).path("text").asText()).contains(" INFO ");
        assertThat(person.text(text + "/download")).contains(" INFO ");
        assertThat(node.path("node_id")).isEqualTo(log.path("node_id"));
        // The time, the cores and the machine's; then the machine's share and the memory of the node.
        assertThat(node.path("points").path(0).path(4).asLong()).isGreaterThan(100L << 20);
    }

    private static JsonNode log4j(JsonNode answer) {
        for (JsonNode log : answer.path("logs")) {
            if (log.path("stream").asText().equals("log4j")) {
                return log;
            }
        }
        return answer;
    }

    @Test
    @Order(3)
    void aRunawayLoopIsCanceledAndVariablesStayInTheirContext() throws Exception {
        java("int kept = 41;");
        String loop = executeJava(context, "while (true) { }");
        awaitStatus(loop, CommandStatus.RUNNING);

        CommandStatusResponse canceled = api.cancel(new CancelCommand()
                        .setClusterId(cluster)
                        .setContextId(context)
                        .setCommandId(loop))
                .get(WARM);
        CommandStatusResponse after = java("kept + 1");
        String other = api.create(new CreateContext().setClusterId(cluster).setLanguage(Language.SQL))
                .get(WARM)
                .getId();
        CommandStatusResponse elsewhere = ended(other, executeJava(other, "kept + 1"));
        CommandStatusResponse view = ended(
                other,
                api.execute(new Command()
                                .setClusterId(cluster)
                                .setContextId(other)
                                .setLanguage(Language.SQL)
                                .setCommand("select * from numbers"))
                        .getResponse()
                        .getId());

        assertThat(canceled.getStatus()).isEqualTo(CommandStatus.CANCELLED);
        assertThat(after.getResults().getData().toString().strip()).isEqualTo("42");
        assertThat(elsewhere.getResults().getResultType()).isEqualTo(ResultType.ERROR);
        assertThat(view.getResults().getResultType()).isEqualTo(ResultType.ERROR);
        api.destroy(new DestroyContext().setClusterId(cluster).setContextId(other));
        DatabricksError gone =
                Assertions.catchThrowableOfType(DatabricksError.class, () -> api.contextStatus(cluster, other));
        assertThat(gone.getStatusCode()).isEqualTo(404);
    }

    @Test
    @Order(4)
    void aCommandGoesOnToItsEndOverKillsOfTheControlPlaneAndTheDatabase() throws Exception {
        for (List<String> victims :
                List.of(List.of("control-plane"), List.of("postgres"), List.of("control-plane", "postgres"))) {
            String command = executeJava(
                    context,
                    "for (int i = 0; i < 400; i++) { System.out.println(\"line \" + i); Thread.sleep(25); }\n\"end\"");
            String next = executeJava(context, "\"after \" + kept");
            awaitStatus(command, CommandStatus.RUNNING);

            for (String victim : victims) {
                assertThat(installation.kill(victim)).as(victim).isEqualTo(1);
            }
            installation.up();

            CommandStatusResponse ended = ended(context, command);
            assertThat(ended.getStatus()).as("%s", ended).isEqualTo(CommandStatus.FINISHED);
            StringBuilder lines = new StringBuilder();
            for (int line = 0; line < 400; line++) {
                lines.append("line ").append(line).append('\n');
            }
            assertThat(ended.getResults().getData().toString()).isEqualTo(lines + "end");
            assertThat(ended(context, next).getResults().getData().toString().strip())
                    .isEqualTo("after 41");
        }
    }

    @Test
    @Order(5)
    void aHundredAndFiftyContextsAreRowsUntilTheyRunSomething() throws Exception {
        int kernels = installation.processes("kernel").size();
        long began = System.nanoTime();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            made.add(api.create(new CreateContext().setClusterId(cluster).setLanguage(Language.SQL))
                    .getResponse()
                    .getId());
        }
        long millis = (System.nanoTime() - began) / 1_000_000;

        for (String one : made) {
            assertThat(api.contextStatus(cluster, one).getStatus()).isEqualTo(ContextStatus.RUNNING);
        }
        assertThat(installation.processes("kernel")).hasSize(kernels);
        String last = made.get(149);
        assertThat(ended(last, executeJava(last, "6 * 7"))
                        .getResults()
                        .getData()
                        .toString()
                        .strip())
                .isEqualTo("42");
        System.out.printf(
                "150 contexts made in %d ms; kernels %d before, %d after one ran, of %s MiB%n",
                millis,
                kernels,
                installation.processes("kernel").size(),
                installation.processes("kernel").stream()
                        .map(CommandExecutionTest::residentMib)
                        .toList());
        for (String one : made) {
            api.destroy(new DestroyContext().setClusterId(cluster).setContextId(one));
        }
    }

    private static long residentMib(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    @Order(6)
    void withItsClusterAContextIsOver() throws Exception {
        String command = executeJava(context, "Thread.sleep(600_000);");
        awaitStatus(command, CommandStatus.RUNNING);

        Person.signIn(installation).sdk().clusters().delete(cluster).get(WARM);

        CommandStatusResponse ended = ended(context, command);
        assertThat(ended.getStatus()).isEqualTo(CommandStatus.ERROR);
        assertThat(ended.getResults().getSummary()).isNotBlank();
        assertThat(api.contextStatus(cluster, context).getStatus()).isEqualTo(ContextStatus.ERROR);
    }

    private static CommandStatusResponse sql(String text) throws Exception {
        return api.execute(new Command()
                        .setClusterId(cluster)
                        .setContextId(context)
                        .setLanguage(Language.SQL)
                        .setCommand(text))
                .get(WARM);
    }

    private static CommandStatusResponse java(String code) throws Exception {
        return ended(context, executeJava(context, code));
    }

    /** The SDK has no word for this language, the API has. */
    private static String executeJava(String where, String code) throws Exception {
        String body = Installation.JSON.writeValueAsString(
                Map.of("clusterId", cluster, "contextId", where, "language", "java", "command", code));
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(installation.url() + "/api/1.2/commands/execute"))
                        .header(
                                "Authorization",
                                "Bearer " + installation.admin().path("token").asText())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode read = Installation.JSON.readTree(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return read.path("id").asText();
    }

    private static CommandStatusResponse ended(String where, String command) throws Exception {
        return api.waitCommandStatusCommandExecutionFinishedOrError(cluster, command, where, COLD, status -> {});
    }

    private static void awaitStatus(String command, CommandStatus wanted) {
        Awaitility.await()
                .atMost(WARM)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> api.commandStatus(cluster, context, command).getStatus() == wanted);
    }
}
