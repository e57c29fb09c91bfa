package io.campanile.notebooks.commands;

import static io.campanile.notebooks.commands.CommandFixture.ALICE;
import static io.campanile.notebooks.commands.CommandFixture.CLUSTER;
import static io.campanile.notebooks.commands.CommandFixture.SOON;
import static io.campanile.notebooks.commands.CommandFixture.cancel;
import static io.campanile.notebooks.commands.CommandFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.Command;
import com.databricks.sdk.service.compute.CommandExecutionAPI;
import com.databricks.sdk.service.compute.CommandStatus;
import com.databricks.sdk.service.compute.CommandStatusResponse;
import com.databricks.sdk.service.compute.ContextStatus;
import com.databricks.sdk.service.compute.ContextStatusResponse;
import com.databricks.sdk.service.compute.CreateContext;
import com.databricks.sdk.service.compute.DestroyContext;
import com.databricks.sdk.service.compute.Language;
import com.databricks.sdk.service.compute.ResultType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.compute.ClusterState;
import io.campanile.notebooks.runs.FakeAgent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contexts and commands as the unmodified Java SDK uses them. */
final class CommandsApiTest {
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
    void aCommandRunsInAContextThroughTheWaitersOfTheSdk() throws Exception {
        FakeAgent agent = it.running();
        CommandExecutionAPI api = it.api(ALICE);

        ContextStatusResponse context = api.create(
                        new CreateContext().setClusterId(CLUSTER).setLanguage(Language.SQL))
                .get(SOON);
        CommandStatusResponse first = api.execute(new Command()
                        .setClusterId(CLUSTER)
                        .setContextId(context.getId())
                        .setLanguage(Language.SQL)
                        .setCommand("select 1"))
                .get(SOON);

        assertThat(context.getStatus()).isEqualTo(ContextStatus.RUNNING);
        assertThat(first.getStatus()).isEqualTo(CommandStatus.FINISHED);
        assertThat(first.getResults().getResultType()).isEqualTo(ResultType.TEXT);
        assertThat(first.getResults().getData()).isEqualTo("select 1\n");
        assertThat(first.getResults().getTruncated()).isFalse();
        WorkMessage.Execute order = agent.executes().get(0);
        assertThat(order.language()).isEqualTo("SQL");
        assertThat(order.notebookId()).isNegative();

        api.destroy(new DestroyContext().setClusterId(CLUSTER).setContextId(context.getId()));
        await().until(() -> agent.received.contains(new WorkMessage.StopKernel(order.kernelId())));
        await().untilAsserted(() -> assertThat(it.count("select count(*) from cell_run")
                        + it.count("select count(*) from command_context")
                        + it.count("select count(*) from kernel"))
                .isZero());
        assertThat(refused(() -> api.contextStatus(CLUSTER, context.getId())).getStatusCode())
                .isEqualTo(404);
        assertThat(it.count("select count(*) from audit_event where outcome = 'DONE' and action in"
                        + " ('contexts.create', 'commands.execute', 'contexts.destroy')"))
                .isEqualTo(3);
    }

    @Test
    void commandsOfOneContextRunInOrderAndThoseOfTwoDoNotShareAKernel() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> {});
        String one = it.context("sql");
        String two = it.context("java");

        String first = it.execute(one, "a");
        String second = it.execute(one, "b");
        it.execute(two, "c");
        await().until(() -> agent.executes().size() == 2);
        assertThat(agent.executes()).extracting(WorkMessage.Execute::code).containsExactlyInAnyOrder("a", "c");
        assertThat(it.status(one, first).getStatus()).isEqualTo(CommandStatus.QUEUED);
        agent.executes().forEach(order -> agent.started(order.runId()));
        await().untilAsserted(
                        () -> assertThat(it.status(one, first).getStatus()).isEqualTo(CommandStatus.RUNNING));
        agent.executes().forEach(order -> agent.finish(order.runId(), "ok"));
        await().until(() -> agent.executes().size() == 3);

        assertThat(agent.executes().stream().map(WorkMessage.Execute::kernelId).distinct())
                .hasSize(2);
        assertThat(agent.executes().stream().map(WorkMessage.Execute::sessionId).distinct())
                .hasSize(2);
        assertThat(agent.executes().get(2).code()).isEqualTo("b");
        assertThat(it.status(one, first).getStatus()).isEqualTo(CommandStatus.FINISHED);
        assertThat(it.status(one, second).getStatus()).isEqualTo(CommandStatus.QUEUED);
    }

    @Test
    void aTableHasItsSchemaAndItsRows() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> it.table(node, message, 12_000));
        String context = it.context("sql");
        String command = it.execute(context, "select * from numbers");

        var results = it.finished(context, command).getResults();

        assertThat(results.getResultType()).isEqualTo(ResultType.TABLE);
        assertThat(results.getSchema()).extracting(column -> column.get("name")).containsExactly("n", "text", "maybe");
        assertThat(results.getSchema())
                .extracting(column -> column.get("type"))
                .containsExactly("bigint", "string", "double");
        assertThat(results.getIsJsonSchema()).isFalse();
        assertThat(results.getPos()).isZero();
        assertThat(results.getTruncated()).isTrue();
        List<?> rows = (List<?>) results.getData();
        assertThat(rows).hasSize(10_000);
        assertThat(rows.get(1).toString()).isEqualTo("[1, t1, 0.5]");
        assertThat(((List<?>) rows.get(0)).get(2)).isNull();
    }

    @Test
    void codeThatFailsHasFinishedWithAnErrorAndTheContextGoesOn() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                node.started(execute.runId());
                boolean fails = execute.code().equals("fail");
                if (fails) {
                    ObjectNode error = JsonNodeFactory.instance
                            .objectNode()
                            .put("ename", "ArithmeticException")
                            .put("evalue", "/ by zero");
                    error.putArray("traceback").add("at cell line 1").add("at java.lang");
                    node.append(execute.runId(), "error", error);
                }
                node.finish(execute.runId(), fails ? "error" : "ok");
            }
        });
        String context = it.context("java");

        var failed = it.finished(context, it.execute(context, "fail"));
        var after = it.finished(context, it.execute(context, "fine"));

        assertThat(failed.getStatus()).isEqualTo(CommandStatus.FINISHED);
        assertThat(failed.getResults().getResultType()).isEqualTo(ResultType.ERROR);
        assertThat(failed.getResults().getSummary()).isEqualTo("ArithmeticException: / by zero");
        assertThat(failed.getResults().getCause()).isEqualTo("at cell line 1\nat java.lang");
        assertThat(after.getResults().getResultType()).isEqualTo(ResultType.TEXT);
    }

    @Test
    void imagesAreDataUrls() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                node.started(execute.runId());
                for (int image = 0; image < execute.code().length(); image++) {
                    ObjectNode data = JsonNodeFactory.instance.objectNode();
                    data.putObject("data").put("image/png", "QUJD\n").put("text/plain", "Image 1 x 1");
                    node.append(execute.runId(), "display", data);
                }
                node.finish(execute.runId(), "ok");
            }
        });
        String context = it.context("java");

        var one = it.finished(context, it.execute(context, "1")).getResults();
        var two = it.finished(context, it.execute(context, "12")).getResults();

        assertThat(one.getResultType()).isEqualTo(ResultType.IMAGE);
        assertThat(one.getFileName()).isEqualTo("data:image/png;base64,QUJD");
        assertThat(two.getResultType()).isEqualTo(ResultType.IMAGES);
        assertThat(two.getFileNames()).hasSize(2);
    }

    @Test
    void aCancelIsRecordedBeforeItIsAnswered() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                node.started(execute.runId());
            } else if (message instanceof WorkMessage.Cancel cancel) {
                node.finish(cancel.runId(), "canceled");
            }
        });
        CommandExecutionAPI api = it.api(ALICE);
        String context = it.context("java");
        String running = it.execute(context, "while (true) { }");
        String waiting = it.execute(context, "2");
        await().untilAsserted(() ->
                assertThat(it.status(context, running).getStatus()).isEqualTo(CommandStatus.RUNNING));

        api.cancel(cancel(context, waiting));
        assertThat(it.status(context, waiting).getStatus()).isEqualTo(CommandStatus.CANCELLED);
        assertThat(it.status(context, waiting).getResults()).isNull();
        CommandStatusResponse ended = api.cancel(cancel(context, running)).get(SOON);

        assertThat(ended.getStatus()).isEqualTo(CommandStatus.CANCELLED);
        assertThat(agent.executes()).hasSize(1);
        // Again: it stays as it is. What has finished cannot be canceled any more.
        api.cancel(cancel(context, running));
        agent.onMessage(FakeAgent::echo);
        String done = it.execute(context, "3");
        it.finished(context, done);
        DatabricksError late = refused(() -> api.cancel(cancel(context, done)));
        assertThat(late.getErrorCode()).isEqualTo("INVALID_STATE");
        assertThat(late.getMessage()).contains(done, "has ended");
    }

    @Test
    void aContextWhoseNodeHasNotComeIsPendingUntilItHas() throws Exception {
        it.clusters.put(CLUSTER, 1, 7, ClusterState.RUNNING, 1, "");
        String context = it.context("java");
        String command = it.execute(context, "early");
        assertThat(it.api(ALICE).contextStatus(CLUSTER, context).getStatus()).isEqualTo(ContextStatus.PENDING);

        it.running();

        assertThat(it.api(ALICE)
                        .waitContextStatusCommandExecutionRunning(CLUSTER, context, SOON, response -> {})
                        .getStatus())
                .isEqualTo(ContextStatus.RUNNING);
        assertThat(it.finished(context, command).getResults().getData()).isEqualTo("early\n");
    }
}
