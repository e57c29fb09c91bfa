package io.campanile.notebooks.commands;

import static io.campanile.notebooks.commands.CommandFixture.ALICE;
import static io.campanile.notebooks.commands.CommandFixture.BOB;
import static io.campanile.notebooks.commands.CommandFixture.CLUSTER;
import static io.campanile.notebooks.commands.CommandFixture.EVE;
import static io.campanile.notebooks.commands.CommandFixture.cancel;
import static io.campanile.notebooks.commands.CommandFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.Command;
import com.databricks.sdk.service.compute.CommandExecutionAPI;
import com.databricks.sdk.service.compute.CommandStatus;
import com.databricks.sdk.service.compute.CreateContext;
import com.databricks.sdk.service.compute.DestroyContext;
import com.databricks.sdk.service.compute.Language;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campanile.notebooks.compute.ClusterState;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not given, to whom, and in which words. */
final class CommandRefusalsTest {
    private CommandFixture it;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        it = new CommandFixture(folder, CommandLimits.defaults());
    }

    @AfterEach
    void stop() {
        it.close();
    }

    @Test
    void aContextNeedsARunningClusterOfOnesOwnAndALanguageThatRuns() throws Exception {
        it.running();
        it.clusters.put("c-off", 1, 7, ClusterState.TERMINATED, 3, "");
        CommandExecutionAPI api = it.api(ALICE);

        DatabricksError off = refused(() -> api.create(create("c-off", Language.SQL)));
        assertThat(off.getStatusCode()).isEqualTo(400);
        assertThat(off.getErrorCode()).isEqualTo("INVALID_STATE");
        assertThat(off.getMessage()).contains("c-off is TERMINATED");
        DatabricksError none = refused(() -> api.create(create("c-none", Language.SQL)));
        assertThat(none.getStatusCode()).isEqualTo(404);
        DatabricksError python = refused(() -> api.create(create(CLUSTER, Language.PYTHON)));
        assertThat(python.getStatusCode()).isEqualTo(400);
        assertThat(python.getMessage()).contains("python has no kernel", "java or sql");
        DatabricksError others = refused(() -> it.api(BOB).create(create(CLUSTER, Language.SQL)));
        assertThat(others.getStatusCode()).isEqualTo(403);
        assertThat(others.getMessage()).contains("Only the owner of cluster c-1");
        DatabricksError elsewhere = refused(() -> it.api(EVE).create(create(CLUSTER, Language.SQL)));
        assertThat(elsewhere.getStatusCode()).isEqualTo(404);
        assertThat(it.count("select count(*) from command_context")).isZero();
        assertThat(it.count("select count(*) from audit_event where outcome = 'DENIED' and user_id = 8"))
                .isOne();
    }

    @Test
    void whatIsSomebodyElsesIsRefusedAndWhatIsOfAnotherWorkspaceDoesNotExist() throws Exception {
        it.running();
        String context = it.context("sql");
        String command = it.execute(context, "select 1");
        it.finished(context, command);

        for (var who : List.of(BOB, EVE)) {
            int status = who == BOB ? 403 : 404;
            CommandExecutionAPI api = it.api(who);
            assertThat(refused(() -> api.contextStatus(CLUSTER, context)).getStatusCode())
                    .isEqualTo(status);
            assertThat(refused(() -> api.commandStatus(CLUSTER, context, command))
                            .getStatusCode())
                    .isEqualTo(status);
            assertThat(refused(() -> api.execute(command(context, "select 2"))).getStatusCode())
                    .isEqualTo(status);
            assertThat(refused(() -> api.cancel(cancel(context, command))).getStatusCode())
                    .isEqualTo(status);
            assertThat(refused(() -> {
                                api.destroy(new DestroyContext()
                                        .setClusterId(CLUSTER)
                                        .setContextId(context));
                                return true;
                            })
                            .getStatusCode())
                    .isEqualTo(status);
        }
        assertThat(it.status(context, command).getStatus()).isEqualTo(CommandStatus.FINISHED);
        assertThat(it.count("select count(*) from cell_run")).isOne();
    }

    @Test
    void whatIsMissingOrWrongIsNamed() throws Exception {
        it.running();
        String context = it.context("sql");
        String other = it.context("sql");
        String command = it.execute(other, "select 1");

        assertThat(problem("POST", "contexts/create", "{\"language\":\"sql\"}")).contains("400", "clusterId");
        assertThat(problem("POST", "contexts/create", "{\"clusterId\":\"c-1\"}"))
                .contains("400", "language");
        assertThat(problem("POST", "contexts/create", "{\"clusterId\":\"../c\",\"language\":\"sql\"}"))
                .contains("404");
        assertThat(problem("GET", "contexts/status?clusterId=c-1", "")).contains("400", "contextId");
        assertThat(problem("GET", "contexts/status?clusterId=c-2&contextId=" + context, ""))
                .contains("404", "Context " + context + " does not exist");
        assertThat(problem("POST", "contexts/destroy", "{\"clusterId\":\"c-1\"}"))
                .contains("400", "contextId");
        assertThat(problem("POST", "commands/execute", "{\"clusterId\":\"c-1\",\"contextId\":\"" + context + "\"}"))
                .contains("400", "command");
        assertThat(problem("POST", "commands/execute", body(context, "cobol", "x")))
                .contains("400", "cobol has no kernel");
        assertThat(problem("POST", "commands/execute", body(context, "sql", "x".repeat((1 << 20) + 1))))
                .contains("400", "command may have at most 1048576 bytes");
        assertThat(problem("GET", "commands/status?clusterId=c-1&contextId=" + context, ""))
                .contains("400", "commandId");
        assertThat(problem("GET", "commands/status?clusterId=c-1&contextId=" + context + "&commandId=" + command, ""))
                .contains("404", "Command " + command + " does not exist");
        assertThat(problem("POST", "commands/cancel", "{\"clusterId\":\"c-1\",\"contextId\":\"" + context + "\"}"))
                .contains("400", "commandId");
        HttpResponse<String> words = it.send(ALICE, "POST", "/api/1.2/contexts/create", "{}");
        assertThat(words.body()).contains("\"error\":\"Missing required field: clusterId\"");
    }

    private String problem(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = it.send(ALICE, method, "/api/1.2/" + path, body);
        return answer.statusCode() + " " + answer.body();
    }

    private static String body(String context, String language, String command) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("clusterId", CLUSTER)
                .put("contextId", context)
                .put("language", language)
                .put("command", command)
                .toString();
    }

    private static CreateContext create(String cluster, Language language) {
        return new CreateContext().setClusterId(cluster).setLanguage(language);
    }

    private static Command command(String context, String text) {
        return new Command()
                .setClusterId(CLUSTER)
                .setContextId(context)
                .setLanguage(Language.SQL)
                .setCommand(text);
    }
}
