package io.campanile.notebooks.runs;

import static io.campanile.notebooks.runs.ExecutionFixture.ALICE;
import static io.campanile.notebooks.runs.ExecutionFixture.EVE;
import static io.campanile.notebooks.runs.ExecutionFixture.NOTEBOOK;
import static io.campanile.notebooks.runs.ExecutionFixture.WORKSPACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.access.Permission;
import io.campanile.notebooks.compute.ClusterState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordsTest {
    @TempDir
    Path dataDir;

    private ExecutionFixture service;
    private FakeAgent agent;

    @BeforeEach
    void start() throws Exception {
        service = new ExecutionFixture(dataDir);
        service.document(WORKSPACE, NOTEBOOK, "one", "two", "three");
        agent = service.runningCluster();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void recordsSentTwiceAreStoredOnceAndAcknowledgedAgain() {
        long run = begin();
        agent.print(run, "a\n");
        agent.send(stream(run, 2, "a\n"));
        agent.print(run, "b\u0000\n");
        agent.finish(run, "ok");

        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("ok"));
        await().untilAsserted(() -> assertThat(agent.acknowledged(run)).isEqualTo(4));
        assertThat(service.printed(run)).isEqualTo("a\nb\u0000\n");
    }

    /** The database may have died at the commit of the first time: then nobody was told. */
    @Test
    void recordsThatComeAgainAreToldAgain() {
        long run = begin();
        agent.print(run, "a\n");
        agent.finish(run, "ok");
        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("ok"));
        await().until(() -> service.broadcast.stream()
                .anyMatch(frame -> frame.path("run").path("state").asText().equals("ok")));
        service.broadcast.clear();

        agent.send(stream(run, 2, "a\n"));

        await().untilAsserted(() -> assertThat(service.broadcast.toString())
                .contains("\"t\":\"outputs\"", "\"text\":\"a\\n\"", "\"state\":\"ok\""));
        assertThat(service.printed(run)).isEqualTo("a\n");
    }

    /** As code would that took its node's token: the agent itself stops before. */
    @Test
    void aNodeThatSendsMoreThanARunMayPrintIsHeardToTheEndAndNotKept() {
        long run = begin();
        String mebibyte = "x".repeat(1 << 20);
        for (int i = 0; i < 20; i++) {
            agent.print(run, mebibyte);
        }
        for (int i = 0; i < 50; i++) {
            agent.started(run);
        }
        agent.print(run, "small\n");
        agent.finish(run, "ok");

        await().atMost(java.time.Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(service.state(run)).isEqualTo("ok"));
        await().untilAsserted(() -> assertThat(agent.acknowledged(run)).isEqualTo(73));
        var kept = service.database
                .acrossWorkspaces("a test")
                .fetchSingle(
                        "select count(*), sum(bytes), max(case when kind = 'stream' then seq end) from cell_output"
                                + " where run_id = ?",
                        run);
        assertThat(kept.get(0, Integer.class)).isEqualTo(19);
        assertThat(kept.get(1, Long.class)).isBetween(16L << 20, OutputAllowance.OUTPUTS);
        assertThat(kept.get(2, Long.class)).isEqualTo(18);
        assertThat(service.printed(run)).endsWith("This run printed more than 16 MiB: the rest is not shown.\n");
    }

    @Test
    void aGapClosesTheStreamAndNothingOfItIsStored() throws Exception {
        long run = begin();
        agent.send(stream(run, 4, "too early\n"));

        await().until(() -> !agent.connected());
        assertThat(service.printed(run)).isEmpty();
        agent.print(run, "b\n");
        agent.finish(run, "ok");
        agent.connect(service.port());
        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("ok"));
        assertThat(service.printed(run)).isEqualTo("b\n");
    }

    @Test
    void aNodeThatWasAwaySendsTheRestAndIsNotToldToRunAgain() throws Exception {
        long run = begin();
        agent.disconnect();
        agent.print(run, "while away\n");
        service.restart();
        agent.connect(service.port());
        agent.finish(run, "ok");

        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("ok"));
        assertThat(service.printed(run)).isEqualTo("while away\n");
        assertThat(agent.executes()).hasSize(1);
    }

    @Test
    void aRunThatItsNodeNoLongerKnowsIsLost() throws Exception {
        long run = begin();
        agent.disconnect();
        agent.loseSpool();
        agent.connect(service.port());

        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("lost"));
        assertThat(agent.executes()).hasSize(1);
    }

    @Test
    void aRestartedClusterLosesTheRunAndWhatItsOldNodeStillSendsChangesNothing() throws Exception {
        long run = begin();
        service.clusters.state("c-1", ClusterState.RESTARTING, 2, "");
        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("lost"));

        agent.print(run, "too late\n");
        agent.finish(run, "ok");

        await().untilAsserted(() -> assertThat(agent.acknowledged(run)).isEqualTo(3));
        assertThat(service.state(run)).isEqualTo("lost");
        assertThat(service.printed(run)).isEmpty();
    }

    @Test
    void aCancellationWinsOnlyWhenItIsRecordedFirst() {
        List<Long> runs = new ArrayList<>(service.run("r1", "c1"));
        runs.addAll(service.run("r2", "c2"));
        await().until(() -> agent.executes().size() == 1);
        agent.started(runs.get(0));
        service.send(ALICE, Permission.CAN_RUN, "{\"t\":\"cancel\"}");
        await().until(() -> agent.wasCanceled(runs.get(0)));
        agent.finish(runs.get(0), "ok");

        await().untilAsserted(() -> assertThat(service.state(runs.get(0))).isEqualTo("canceled"));
        assertThat(service.state(runs.get(1))).isEqualTo("canceled");
        assertThat(agent.executes()).hasSize(1);

        long late = begin();
        agent.finish(late, "ok");
        await().untilAsserted(() -> assertThat(service.state(late)).isEqualTo("ok"));
        service.send(ALICE, Permission.CAN_RUN, "{\"t\":\"cancel\",\"run_id\":" + late + "}");
        service.run("r9", "c3");
        await().until(() -> agent.executes().size() == 3);
        assertThat(service.state(late)).isEqualTo("ok");
    }

    @Test
    void theNodeAndThePeopleOfAnotherWorkspaceReachNothing() throws Exception {
        long run = begin();
        service.document(EVE.workspaceId(), 200, "hers");
        FakeAgent other = service.agent(EVE.workspaceId(), "c-1", 1).connect(service.port());
        other.send(new WorkMessage.Record(
                run, 2, 1, "finished", JsonNodeFactory.instance.objectNode().put("state", "ok")));

        await().untilAsserted(() -> assertThat(other.acknowledged(run)).isEqualTo(2));
        ObjectNode answer = service.send(
                        EVE, 200, Permission.CAN_MANAGE, "{\"t\":\"fetch\",\"run_id\":" + run + ",\"after\":0}")
                .get(0);
        assertThat(answer.path("error_code").asText()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
        assertThat(service.state(run)).isEqualTo("running");
        assertThat(service.snapshot(EVE, 200).path("runs")).isEmpty();
    }

    @Test
    void longOutputIsFoldedInASnapshotAndWholeByFetchAndBrowsersGetItInFewFrames() {
        long run = begin();
        String line = "x".repeat(99) + "\n";
        for (int i = 0; i < 5_000; i++) {
            agent.print(run, line);
        }
        agent.finish(run, "ok");

        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("ok"));
        assertThat(service.printed(run).length()).isBetween(80_000, 140_000);
        assertThat(service.snapshot(ALICE, NOTEBOOK).path("outputs").toString()).contains("\"elided\"");
        long after = 0;
        long read = 0;
        boolean more = true;
        while (more) {
            ObjectNode page = service.send(
                            ALICE,
                            Permission.CAN_READ,
                            "{\"t\":\"fetch\",\"run_id\":" + run + ",\"after\":" + after + "}")
                    .get(0);
            read += page.path("items").size();
            after = page.path("items")
                    .get(page.path("items").size() - 1)
                    .path("n")
                    .asLong();
            more = page.path("more").asBoolean();
        }
        assertThat(read).isEqualTo(5_000);
        assertThat(service.broadcast.stream()
                        .filter(frame -> frame.path("t").asText().equals("outputs")))
                .hasSizeLessThan(1_000);
    }

    @Test
    void theServiceAddsLittleBetweenARequestAndItsExecutionAndBetweenARecordAndItsBroadcast() {
        List<Long> requests = new ArrayList<>();
        List<Long> records = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int executed = agent.executes().size();
            long asked = System.nanoTime();
            long run = service.run("m" + i, "c1").get(0);
            await().pollInterval(java.time.Duration.ofNanos(200_000))
                    .until(() -> agent.executes().size() > executed);
            requests.add(System.nanoTime() - asked);
            agent.started(run);
            long printed = System.nanoTime();
            agent.print(run, "x" + i + "\n");
            String text = "x" + i + "\\n";
            await().pollInterval(java.time.Duration.ofNanos(200_000))
                    .until(() -> service.broadcast.stream()
                            .anyMatch(frame -> frame.toString().contains(text)));
            records.add(System.nanoTime() - printed);
            agent.finish(run, "ok");
            await().until(() -> service.state(run).equals("ok"));
            service.broadcast.clear();
        }

        System.out.println(
                "run to execute p50 " + median(requests) + " ms, record to broadcast p50 " + median(records) + " ms");
        assertThat(median(requests)).isLessThan(500);
    }

    private static double median(List<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2] / 100_000 / 10.0;
    }

    private long begin() {
        int before = agent.executes().size();
        long run = service.run("begin" + before, "c1").get(0);
        await().until(() -> agent.executes().size() == before + 1);
        agent.started(run);
        await().untilAsserted(() -> assertThat(service.state(run)).isEqualTo("running"));
        return run;
    }

    private static WorkMessage.Record stream(long run, long seq, String text) {
        return new WorkMessage.Record(
                run,
                seq,
                1,
                "stream",
                JsonNodeFactory.instance.objectNode().put("name", "stdout").put("text", text));
    }
}
