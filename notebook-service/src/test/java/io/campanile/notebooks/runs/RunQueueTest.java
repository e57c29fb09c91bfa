package io.campanile.notebooks.runs;

import static io.campanile.notebooks.runs.ExecutionFixture.ALICE;
import static io.campanile.notebooks.runs.ExecutionFixture.NOTEBOOK;
import static io.campanile.notebooks.runs.ExecutionFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.access.Permission;
import io.campanile.notebooks.compute.ClusterState;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunQueueTest {
    @TempDir
    Path dataDir;

    private ExecutionFixture service;

    @BeforeEach
    void start() throws Exception {
        service = new ExecutionFixture(dataDir);
        service.document(WORKSPACE, NOTEBOOK, "one", "%md text", "two", "three");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void cellsRunOneAfterTheOtherInTheOrderTheyWereAskedFor() throws Exception {
        FakeAgent agent = service.runningCluster();

        List<Long> first = service.run("r1", "c3", "c1");
        List<Long> second = service.run("r2", "c4");
        await().until(() -> agent.executes().size() == 1);
        assertThat(agent.executes().get(0).code()).isEqualTo("two");
        assertThat(agent.executes().get(0).notebookPath()).isEqualTo("/Users/alice/first");
        agent.onMessage(FakeAgent::echo);
        FakeAgent.echo(agent, agent.executes().get(0));

        await().untilAsserted(() -> assertThat(service.state(second.get(0))).isEqualTo("ok"));
        assertThat(agent.executes()).extracting(WorkMessage.Execute::code).containsExactly("two", "one", "three");
        assertThat(agent.executes()).extracting(WorkMessage.Execute::runId).isSorted();
        assertThat(agent.executes().stream().map(WorkMessage.Execute::sessionId).distinct())
                .hasSize(1);
        assertThat(service.printed(first.get(1))).isEqualTo("one\n");
        await().untilAsserted(
                        () -> assertThat(agent.acknowledged(second.get(0))).isEqualTo(3));
        assertThat(service.shown(second.get(0)).path("count").asLong()).isEqualTo(1);
    }

    @Test
    void allAboveAndBelowLeaveMarkdownOut() {
        assertThat(cellsOf("{'t':'run','id':'a','mode':'all'}")).containsExactly("c1", "c3", "c4");
        assertThat(cellsOf("{'t':'run','id':'b','mode':'above','cell':'c4'}")).containsExactly("c1", "c3");
        assertThat(cellsOf("{'t':'run','id':'c','mode':'below','cell':'c2'}")).containsExactly("c3", "c4");
    }

    @Test
    void aFailedCellCancelsTheRestOfItsBatchAndNothingElse() throws Exception {
        service.document(WORKSPACE, NOTEBOOK, "one", "fail", "three");
        service.runningCluster().onMessage(FakeAgent::echo);

        List<Long> all = service.run("r1", "c1", "c2", "c3");
        List<Long> after = service.run("r2", "c1");

        await().untilAsserted(() -> assertThat(service.state(after.get(0))).isEqualTo("ok"));
        assertThat(service.state(all.get(0))).isEqualTo("ok");
        assertThat(service.state(all.get(1))).isEqualTo("error");
        assertThat(service.state(all.get(2))).isEqualTo("canceled");
        assertThat(service.message(all.get(2))).isEqualTo("A cell before it failed");
    }

    @Test
    void aRequestThatComesTwiceRunsOnce() throws Exception {
        FakeAgent agent = service.runningCluster();
        agent.onMessage(FakeAgent::echo);

        List<Long> first = service.run("same", "c1");
        await().untilAsserted(() -> assertThat(service.state(first.get(0))).isEqualTo("ok"));
        List<Long> again = service.run("same", "c1");
        List<Long> concurrent = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> service.run("other", "c3"))
                .flatMap(List::stream)
                .distinct()
                .toList();

        assertThat(again).isEqualTo(first);
        assertThat(concurrent).hasSize(1);
        await().untilAsserted(() -> assertThat(service.state(concurrent.get(0))).isEqualTo("ok"));
        assertThat(agent.executes()).hasSize(2);
    }

    @Test
    void whoMayOnlyReadMayNotRunCancelOrClear() {
        JsonNode run = service.send(ALICE, Permission.CAN_READ, "{\"t\":\"run\",\"id\":\"x\",\"cells\":[\"c1\"]}")
                .get(0);
        assertThat(run.path("t").asText()).isEqualTo("run_nack");
        assertThat(run.path("error_code").asText()).isEqualTo("PERMISSION_DENIED");

        for (String frame : List.of("cancel", "restart", "clear", "attach", "start", "stop")) {
            JsonNode answer = service.send(ALICE, Permission.CAN_READ, "{\"t\":\"" + frame + "\"}")
                    .get(0);
            assertThat(answer.path("error_code").asText()).as(frame).isEqualTo("PERMISSION_DENIED");
        }
        assertThat(service.snapshot(ALICE, NOTEBOOK).path("runs")).isEmpty();
    }

    @Test
    void aFullQueueSaysWhatToDo() throws Exception {
        service.stop();
        service.start(new RunService.Limits(3, 4));

        service.run("r1", "c1", "c3");
        JsonNode refused = service.send(ALICE, Permission.CAN_RUN, "{\"t\":\"run\",\"id\":\"r2\",\"mode\":\"all\"}")
                .get(0);

        assertThat(refused.path("error_code").asText()).isEqualTo("REQUEST_LIMIT_EXCEEDED");
        assertThat(refused.path("message").asText()).contains("at most 3 cells", "cancel them");
    }

    @Test
    void theFirstRunStartsTheDefaultClusterAndWaitsForIt() throws Exception {
        long run = service.run("r1", "c1").get(0);
        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("starting"));
        await().untilAsserted(() -> assertThat(service.snapshot(ALICE, NOTEBOOK)
                        .path("compute")
                        .path("data_state")
                        .asText())
                .isEqualTo("starting"));

        service.clusters.state("default-7", ClusterState.RUNNING, 1, "");
        FakeAgent agent = service.agent(WORKSPACE, "default-7", 1).onMessage(FakeAgent::echo);
        agent.connect(service.port());

        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("ok"));
        assertThat(service.clusters.starts).isEqualTo(1);
    }

    @Test
    void aRunSaysWhetherItWaitsForComputeOrForItsKernel() throws Exception {
        long run = service.run("r1", "c1").get(0);
        await().untilAsserted(() -> assertThat(waitsFor(run)).isEqualTo("compute"));

        service.clusters.state("default-7", ClusterState.RUNNING, 1, "");
        FakeAgent agent = service.agent(WORKSPACE, "default-7", 1);
        agent.connect(service.port());
        await().until(() -> !agent.executes().isEmpty());

        await().untilAsserted(() -> assertThat(waitsFor(run)).isEqualTo("kernel"));
        agent.started(run);
        await().untilAsserted(() -> assertThat(waitsFor(run)).isEmpty());
        assertThat(service.state(run)).isEqualTo("running");
    }

    private String waitsFor(long run) {
        for (JsonNode shown : service.snapshot(ALICE, NOTEBOOK).path("runs")) {
            if (shown.path("run_id").asLong() == run) {
                return shown.path("waits_for").asText();
            }
        }
        throw new AssertionError("The run is not shown");
    }

    @Test
    void aRunThatItsNodeDeclinesGoesToTheNextNode() throws Exception {
        FakeAgent dying = service.runningCluster().onMessage((agent, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                agent.send(new WorkMessage.Declined(execute.runId()));
            }
        });
        long run = service.run("r1", "c1").get(0);
        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("queued"));
        long second = service.run("r2", "c3").get(0);

        service.clusters.state("c-1", ClusterState.RESTARTING, 2, "");
        service.clusters.state("c-1", ClusterState.RUNNING, 2, "");
        service.agent(WORKSPACE, "c-1", 2).onMessage(FakeAgent::echo).connect(service.port());

        await().untilAsserted(() -> assertThat(service.state(second)).isEqualTo("ok"));
        assertThat(service.state(run)).isEqualTo("ok");
        assertThat(service.printed(run)).isEqualTo("one\n");
        assertThat(dying.executes()).hasSize(1);
    }

    @Test
    void aRunThatBeganIsNotTakenBack() throws Exception {
        FakeAgent agent = service.runningCluster().onMessage((node, message) -> {
            if (message instanceof WorkMessage.Execute execute) {
                node.started(execute.runId());
                node.send(new WorkMessage.Declined(execute.runId()));
            }
        });

        long run = service.run("r1", "c1").get(0);
        await().until(() -> !agent.executes().isEmpty());
        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("running"));
        agent.finish(run, "ok");

        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("ok"));
    }

    @Test
    void aClusterThatCannotStartFailsTheRunWithItsReason() {
        List<Long> runs = service.run("r1", "c1", "c3");
        await().untilAsserted(() -> assertThat(service.state(runs.get(0))).isEqualTo("starting"));
        await().until(() -> service.clusters.starts == 1);
        service.clusters.state("default-7", ClusterState.ERROR, 1, "No node had enough memory");

        await().untilAsserted(() -> assertThat(service.state(runs.get(1))).isEqualTo("canceled"));
        assertThat(service.state(runs.get(0))).isEqualTo("error");
        assertThat(service.message(runs.get(0)))
                .isEqualTo("The cluster could not be started: No node had enough memory");
        assertThat(service.clusters.starts).isEqualTo(1);
    }

    @Test
    void aServiceThatStopsBetweenCommitAndExecuteExecutesAfterItsRestart() throws Exception {
        service.clusters.put("c-1", WORKSPACE, 7, ClusterState.RUNNING, 1, "");
        service.attach(ALICE, NOTEBOOK, "c-1");
        long queued = service.run("r1", "c1").get(0);
        long given = service.run("r2", "c3").get(0);
        service.stop();
        // As a crash right after the commit that gave the first run to the node would have left it.
        service.database
                .acrossWorkspaces("a test")
                .execute("insert into kernel values (1, 100, 'c-1', 'k-1', 's-1', 1, 'none', null, now())");
        service.database
                .acrossWorkspaces("a test")
                .execute(
                        "update cell_run set state='starting', cluster_id='c-1', kernel_id='k-1', epoch=1 where run_id="
                                + queued);
        service.start(RunService.Limits.DEFAULT);
        FakeAgent agent = service.agent(WORKSPACE, "c-1", 1).onMessage(FakeAgent::echo);
        agent.connect(service.port());

        await().untilAsserted(() -> assertThat(service.state(given)).isEqualTo("ok"));
        assertThat(agent.executes()).extracting(WorkMessage.Execute::runId).containsExactly(queued, given);
        assertThat(agent.executes().get(0).kernelId()).isEqualTo("k-1");
    }

    private List<String> cellsOf(String frame) {
        return service.send(ALICE, Permission.CAN_RUN, frame.replace('\'', '"'))
                .get(0)
                .path("runs")
                .findValuesAsText("cell");
    }
}
