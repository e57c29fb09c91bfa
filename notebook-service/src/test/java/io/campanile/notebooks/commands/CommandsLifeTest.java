package io.campanile.notebooks.commands;

import static io.campanile.notebooks.commands.CommandFixture.ALICE;
import static io.campanile.notebooks.commands.CommandFixture.CLUSTER;
import static io.campanile.notebooks.commands.CommandFixture.EVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.service.compute.CommandStatus;
import com.databricks.sdk.service.compute.CommandStatusResponse;
import com.databricks.sdk.service.compute.ContextStatus;
import com.databricks.sdk.service.compute.ResultType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.compute.ClusterState;
import io.campanile.notebooks.runs.FakeAgent;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What contexts and commands live through: restarts of this service, of their cluster, limits, and their age. */
final class CommandsLifeTest {
    private static final CommandLimits SMALL =
            new CommandLimits(3, 2, 5, 1_000, 10, 2_000, Duration.ofHours(2), Duration.ofDays(7));

    private CommandFixture it;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        it = new CommandFixture(folder, SMALL);
    }

    @AfterEach
    void stop() {
        it.close();
    }

    @Test
    void aServiceThatStopsAndStartsGoesOnWithWhatItHadAnswered() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                node.started(execute.runId());
                node.print(execute.runId(), "before\n");
            }
        });
        String context = it.context("java");
        String running = it.execute(context, "long");
        String waiting = it.execute(context, "next");
        await().untilAsserted(() -> assertThat(status(context, running)).isEqualTo(CommandStatus.RUNNING));

        it.stop();
        long run = agent.executes().get(0).runId();
        agent.print(run, "meanwhile\n");
        agent.finish(run, "ok");
        agent.onMessage(FakeAgent::echo);
        it.start(SMALL);

        await().untilAsserted(() -> assertThat(status(context, waiting)).isEqualTo(CommandStatus.FINISHED));
        assertThat(it.status(context, running).getResults().getData()).isEqualTo("before\nmeanwhile\n");
        assertThat(it.api(ALICE).contextStatus(CLUSTER, context).getStatus()).isEqualTo(ContextStatus.RUNNING);
        assertThat(agent.executes().stream().map(WorkMessage.Execute::runId).distinct())
                .hasSize(2);
    }

    @Test
    void withItsClusterAContextIsOverAndItsCommandsSayWhy() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                node.started(execute.runId());
            }
        });
        String context = it.context("java");
        String running = it.execute(context, "one");
        String waiting = it.execute(context, "two");
        await().untilAsserted(() -> assertThat(status(context, running)).isEqualTo(CommandStatus.RUNNING));

        it.running(CLUSTER, ALICE, 2);

        for (String command : new String[] {running, waiting}) {
            await().untilAsserted(() -> assertThat(status(context, command)).isEqualTo(CommandStatus.ERROR));
            CommandStatusResponse lost = it.status(context, command);
            assertThat(lost.getResults().getResultType()).isEqualTo(ResultType.ERROR);
            assertThat(lost.getResults().getSummary()).isEqualTo("The cluster was restarted before the command ended");
        }
        assertThat(it.api(ALICE).contextStatus(CLUSTER, context).getStatus()).isEqualTo(ContextStatus.ERROR);
        assertThat(refusal(context, "three"))
                .contains("400", "INVALID_STATE", "The cluster was restarted: variables", "Create another one");
        assertThat(it.clusters.starts).isZero();

        String next = it.context("java");
        it.clusters.state(CLUSTER, ClusterState.TERMINATED, 2, "Terminated by alice");
        await().untilAsserted(() -> assertThat(
                        it.api(ALICE).contextStatus(CLUSTER, next).getStatus())
                .isEqualTo(ContextStatus.ERROR));
        assertThat(refusal(next, "x")).contains("400", "The cluster stopped: Terminated by alice");
        assertThat(it.clusters.starts).isZero();
    }

    @Test
    void whatItsNodeDropsIsNotSaidToHaveBeenCanceled() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                node.started(execute.runId());
                node.append(
                        execute.runId(),
                        "finished",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("state", "canceled")
                                .put("message", "The node stops"));
            }
        });
        String context = it.context("java");

        String command = it.execute(context, "one");

        await().untilAsserted(() -> assertThat(status(context, command)).isEqualTo(CommandStatus.ERROR));
        assertThat(it.status(context, command).getResults().getSummary()).isEqualTo("The node stops");
    }

    @Test
    void aClusterThatEndedWhileNobodyListenedIsFoundOut() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> {});
        String idle = it.context("sql");
        String busy = it.context("sql");
        String command = it.execute(busy, "x");

        it.stop();
        agent.disconnect();
        it.clusters.state(CLUSTER, ClusterState.TERMINATED, 1, "");
        it.start(SMALL);

        await().untilAsserted(() -> assertThat(status(busy, command)).isEqualTo(CommandStatus.ERROR));
        assertThat(it.api(ALICE).contextStatus(CLUSTER, idle).getStatus()).isEqualTo(ContextStatus.ERROR);
    }

    @Test
    void aClusterManagerThatIsAwayStopsNothing() throws Exception {
        it.running();
        String context = it.context("sql");
        it.clusters.away(true);

        String command = it.execute(context, "still");

        await().untilAsserted(() -> assertThat(status(context, command)).isEqualTo(CommandStatus.FINISHED));
        assertThat(it.api(ALICE).contextStatus(CLUSTER, context).getStatus()).isEqualTo(ContextStatus.RUNNING);
    }

    @Test
    void limitsAreSaidWithWhatToDo() throws Exception {
        it.running();
        String one = it.context("sql");
        String two = it.context("sql");
        String three = it.context("sql");

        String create = "{\"clusterId\":\"c-1\",\"language\":\"sql\"}";
        assertThat(text(it.send(ALICE, "POST", "/api/1.2/contexts/create", create)))
                .contains("400", "RESOURCE_LIMIT_EXCEEDED", "3 contexts and may have 3", "destroy some");
        it.execute(one, "x");
        it.execute(two, "x");
        assertThat(refusal(three, "x")).contains("400", "RESOURCE_LIMIT_EXCEEDED", "2 contexts have a kernel");
        assertThat(refusal(one, "y".repeat(1_001))).contains("400", "at most 1000 bytes");
        // One that never ran anything makes room when it is no longer new; one that did does not.
        it.execute("update command_context set used_at = now() - interval '11 minutes'");
        String four = it.context("sql");
        assertThat(it.api(ALICE).contextStatus(CLUSTER, three).getStatus()).isEqualTo(ContextStatus.ERROR);
        assertThat(it.api(ALICE).contextStatus(CLUSTER, one).getStatus()).isEqualTo(ContextStatus.RUNNING);
        String destroy = "{\"clusterId\":\"c-1\",\"contextId\":\"" + one + "\"}";
        assertThat(it.send(ALICE, "POST", "/api/1.2/contexts/destroy", destroy).statusCode())
                .isEqualTo(200);
        String command = it.execute(four, "fits now");
        await().untilAsserted(() -> assertThat(status(four, command)).isEqualTo(CommandStatus.FINISHED));
    }

    @Test
    void longTextAndLongTablesAreCutAndSaySo() throws Exception {
        FakeAgent agent = it.running();
        agent.onMessage((node, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                node.started(execute.runId());
                for (int line = 0; line < 100; line++) {
                    node.print(execute.runId(), "line " + line + " ".repeat(90) + "\n");
                }
                node.finish(execute.runId(), "ok");
            }
        });
        String context = it.context("sql");
        String printed = it.execute(context, "print");
        await().untilAsserted(() -> assertThat(status(context, printed)).isEqualTo(CommandStatus.FINISHED));
        agent.onMessage((node, message) -> it.table(node, message, 50));
        String table = it.execute(context, "select");
        await().untilAsserted(() -> assertThat(status(context, table)).isEqualTo(CommandStatus.FINISHED));

        var text = it.status(context, printed).getResults();
        assertThat(text.getTruncated()).isTrue();
        assertThat(text.getData().toString())
                .hasSizeLessThanOrEqualTo(2_000)
                .startsWith("line 0 ")
                .contains("bytes left out", "line 99 ");
        var rows = it.status(context, table).getResults();
        assertThat(rows.getTruncated()).isTrue();
        assertThat((java.util.List<?>) rows.getData()).hasSize(10);
    }

    @Test
    void idleContextsEndAndOldOnesAreForgotten() throws Exception {
        FakeAgent agent = it.running();
        it.running("c-2", EVE, 1);
        String used = it.context("sql");
        String command = it.execute(used, "x");
        await().untilAsserted(() -> assertThat(status(used, command)).isEqualTo(CommandStatus.FINISHED));
        String kernel = agent.executes().get(0).kernelId();
        agent.kernels.add(new WorkMessage.KernelInfo(kernel, 0, WorkMessage.KernelState.IDLE, null));
        agent.onMessage((node, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                node.started(execute.runId());
            }
        });
        String busy = it.context("sql");
        String running = it.execute(busy, "x");
        await().untilAsserted(() -> assertThat(status(busy, running)).isEqualTo(CommandStatus.RUNNING));
        String theirs = it.api(EVE)
                .create(new com.databricks.sdk.service.compute.CreateContext()
                        .setClusterId("c-2")
                        .setLanguage(com.databricks.sdk.service.compute.Language.SQL))
                .getResponse()
                .getId();

        it.execute("update command_context set used_at = now() - interval '3 hours' where workspace_id = 1");
        it.execute("update cell_run set finished_at = now() - interval '3 hours' where finished_at is not null");
        restarted();

        await().untilAsserted(() -> assertThat(
                        it.api(ALICE).contextStatus(CLUSTER, used).getStatus())
                .isEqualTo(ContextStatus.ERROR));
        await().until(() -> agent.received.contains(new WorkMessage.StopKernel(kernel)));
        assertThat(refusal(used, "x")).contains("400", "The context ran nothing for 2 hours");
        assertThat(status(used, command)).isEqualTo(CommandStatus.FINISHED);
        assertThat(status(busy, running)).isEqualTo(CommandStatus.RUNNING);
        assertThat(it.api(EVE).contextStatus("c-2", theirs).getStatus()).isEqualTo(ContextStatus.RUNNING);

        it.execute("update command_context set ended_at = now() - interval '8 days' where ended_at is not null");
        restarted();
        await().untilAsserted(() ->
                assertThat(it.count("select count(*) from command_context")).isEqualTo(2));
        assertThat(it.count("select count(*) from cell_run")).isOne();
        assertThat(it.api(EVE).contextStatus("c-2", theirs).getStatus()).isEqualTo(ContextStatus.RUNNING);
    }

    /** The sweep looks at the start, then every minute. */
    private void restarted() throws Exception {
        it.stop();
        it.start(SMALL);
    }

    private CommandStatus status(String context, String command) {
        return it.status(context, command).getStatus();
    }

    private String refusal(String context, String command) throws Exception {
        String body = "{\"clusterId\":\"c-1\",\"contextId\":\"" + context + "\",\"command\":\"" + command + "\"}";
        return text(it.send(ALICE, "POST", "/api/1.2/commands/execute", body));
    }

    private static String text(HttpResponse<String> answer) {
        return answer.statusCode() + " " + answer.body();
    }
}
