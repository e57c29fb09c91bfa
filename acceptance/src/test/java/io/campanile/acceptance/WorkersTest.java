package io.campanile.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.service.compute.AutoScale;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ClusterEvent;
import com.databricks.sdk.service.compute.ClustersAPI;
import com.databricks.sdk.service.compute.Command;
import com.databricks.sdk.service.compute.CommandExecutionAPI;
import com.databricks.sdk.service.compute.CommandStatus;
import com.databricks.sdk.service.compute.CommandStatusResponse;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.CreateContext;
import com.databricks.sdk.service.compute.EventType;
import com.databricks.sdk.service.compute.GetEvents;
import com.databricks.sdk.service.compute.Language;
import com.databricks.sdk.service.compute.ResizeCluster;
import com.databricks.sdk.service.compute.State;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A cluster with workers on a real installation: every worker a node of its own with one executor of real Spark. */
@Tag("slow")
@OnSharedInstallation
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class WorkersTest {
    private static final Duration COLD = Duration.ofMinutes(4);
    /** Two stages of many tasks with a shuffle between them; some seconds on two executors. */
    private static final String SHUFFLE = "select count(*), sum(n) from (select id % 1000 as k, count(*) as n"
            + " from range(0, 30000000, 1, 16) group by id % 1000)";

    private static final String ANSWER = "[[1000, 30000000]]";

    private static Installation installation;
    private static ClustersAPI clusters;
    private static CommandExecutionAPI commands;
    private static String cluster;
    private static String context;

    @BeforeAll
    static void start(Installation shared) throws Exception {
        installation = shared;
        Person person = Person.signIn(installation);
        clusters = person.sdk().clusters();
        commands = person.sdk().commandExecution();
        ClusterDetails running = clusters.create(new CreateCluster()
                        .setClusterName("workers")
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small")
                        .setNumWorkers(2L))
                .get(COLD);
        cluster = running.getClusterId();
        context = commands.create(new CreateContext().setClusterId(cluster).setLanguage(Language.SQL))
                .get(COLD)
                .getId();
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            clusters.permanentDelete(cluster);
        }
    }

    @Test
    @Order(1)
    void tasksRunOnEveryWorker() throws Exception {
        awaitWorkers(2);

        CommandStatusResponse ended = ended(execute(SHUFFLE));

        assertThat(ended.getResults().getData()).hasToString(ANSWER);
        assertThat(pids("executor")).hasSize(2);
        assertThat(pids("driver")).hasSize(1);
    }

    @Test
    @Order(2)
    void aWorkerThatIsKilledUnderAQueryChangesNothingOfItsResult() throws Exception {
        ClusterDetails before = clusters.get(cluster);
        String query = execute(SHUFFLE.replace("30000000", "300000000"));
        soon().until(() -> commands.commandStatus(cluster, context, query).getStatus() == CommandStatus.RUNNING);
        long victim = pids("executor").get(0);

        assertThat(ProcessHandle.of(victim).orElseThrow().destroyForcibly()).isTrue();

        assertThat(ended(query).getResults().getData()).hasToString("[[1000, 300000000]]");
        awaitWorkers(2);
        assertThat(pids("executor")).hasSize(2).doesNotContain(victim);
        assertThat(clusters.get(cluster).getSparkContextId())
                .as("the driver goes on")
                .isEqualTo(before.getSparkContextId());
        assertThat(events(EventType.NODES_LOST)).isNotEmpty();
    }

    @Test
    @Order(3)
    void itIsResizedWhileACommandRuns() throws Exception {
        String query = execute(SHUFFLE.replace("30000000", "300000000"));
        clusters.resize(new ResizeCluster().setClusterId(cluster).setNumWorkers(1L));

        assertThat(ended(query).getResults().getData()).hasToString("[[1000, 300000000]]");
        awaitWorkers(1);
        await().atMost(COLD)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(pids("executor")).hasSize(1));
        assertThat(events(EventType.RESIZING)).isNotEmpty();
    }

    @Test
    @Order(4)
    void itGrowsByItselfWhenTasksWait() throws Exception {
        clusters.resize(new ResizeCluster()
                .setClusterId(cluster)
                .setAutoscale(new AutoScale().setMinWorkers(1L).setMaxWorkers(2L)));

        String query = execute(SHUFFLE.replace("30000000", "1000000000"));
        awaitWorkers(2);

        assertThat(events(EventType.AUTOSCALING_STATS_REPORT)).isNotEmpty();
        assertThat(ended(query).getResults().getData()).hasToString("[[1000, 1000000000]]");
    }

    @Test
    @Order(5)
    void nothingOfItStaysWhenItIsTerminated() throws Exception {
        clusters.delete(cluster).get(COLD);

        assertThat(pids("executor")).isEmpty();
        assertThat(pids("driver")).isEmpty();
        assertThat(pids("agent")).isEmpty();
    }

    private static void awaitWorkers(int count) {
        await().atMost(COLD).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            ClusterDetails now = clusters.get(cluster);
            assertThat(now.getState()).isEqualTo(State.RUNNING);
            assertThat(now.getExecutors()).hasSize(count);
        });
    }

    private static List<ClusterEvent> events(EventType type) {
        return StreamSupport.stream(
                        clusters.events(new GetEvents().setClusterId(cluster).setEventTypes(List.of(type)))
                                .spliterator(),
                        false)
                .toList();
    }

    private static String execute(String sql) {
        return commands.execute(new Command()
                        .setClusterId(cluster)
                        .setContextId(context)
                        .setLanguage(Language.SQL)
                        .setCommand(sql))
                .getResponse()
                .getId();
    }

    private static CommandStatusResponse ended(String command) throws Exception {
        CommandStatusResponse ended = commands.waitCommandStatusCommandExecutionFinishedOrError(
                cluster, command, context, COLD, status -> {});
        assertThat(ended.getStatus()).as("%s", ended.getResults()).isEqualTo(CommandStatus.FINISHED);
        return ended;
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100));
    }

    /** Processes of the cluster's nodes, as the installation lists them. */
    private static List<Long> pids(String role) throws IOException {
        List<Long> pids = new ArrayList<>();
        for (JsonNode row : Installation.JSON
                .readTree(installation.dataDir().resolve("run/state.json").toFile())
                .path("processes")) {
            if (row.path("role").asText().equals(role)
                    && row.path("cluster_id").asText().equals(cluster)) {
                pids.add(row.path("pid").asLong());
            }
        }
        return pids;
    }
}
