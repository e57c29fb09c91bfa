package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.cluster.EventType;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.provider.NodeRequest;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Secret;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.DriverState;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters with workers: placed, joined, lost and replaced. */
final class WorkersTest {
    private static final Caller OTHER = new Caller(2, 8, "bob@example.com", true, null, "request-1");

    @TempDir
    Path dataDir;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(dataDir, ClusterConfig.defaults().withWarmPool(0));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aClusterComesUpWithItsWorkers() {
        String id = running(3);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).status().workers().current()).isEqualTo(3);
        assertThat(rig.events(id)).startsWith("CREATING", "RUNNING").doesNotContain("NODES_LOST", "ADD_NODES_FAILED");
        List<NodeRequest> requests = rig.provider.requests();
        assertThat(requests).hasSize(4);
        assertThat(requests.get(0).executorId()).isNull();
        assertThat(requests.stream().skip(1).map(NodeRequest::executorId)).containsExactly(0, 1, 2);
        assertThat(requests.stream().skip(1)).allSatisfy(request -> {
            assertThat(request.shape().cores()).isPositive();
            assertThat(request.shape().sparkConf()).isEmpty();
        });
        assertThat(rig.spark.joined.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        rig.workersOf(id).stream().map(Node::nodeId).toList());
    }

    @Test
    void theSecretIsOfOneClusterAndEpochAndStandsInNoTable() {
        String one = running(1);
        running(1);
        Clusters.restart(rig.clusters, ADMIN, one);
        rig.settle();

        Set<String> secrets = new HashSet<>();
        for (NodeRequest request : rig.provider.requests()) {
            secrets.add(requireNonNull(request.clusterSecret()).value());
            assertThat(request.toString())
                    .doesNotContain(request.clusterSecret().value());
        }
        assertThat(secrets).hasSize(3).allSatisfy(secret -> assertThat(secret).hasSize(43));
        assertThat(rig.provider.requests().stream().filter(request -> request.executorId() != null))
                .hasSize(3);
        String tables = rig.dump();
        assertThat(secrets).noneMatch(tables::contains);
    }

    @Test
    void aDriverWithWorkersIsNeverTakenFromTheWarmPool() {
        try (Rig warm = new Rig(dataDir.resolve("warm"), ClusterConfig.defaults())) {
            warm.ticks(2);
            warm.allReady();
            String pooled = warm.nodes.live().get(0).nodeId();

            String id = Clusters.create(warm.clusters, ADMIN, spec(1).put("node_type_id", "local.medium"), null);
            warm.settle();

            assertThat(warm.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
            assertThat(warm.nodeOf(id).nodeId()).isNotEqualTo(pooled);
        }
    }

    @Test
    void aClusterRunsOnceItsFirstExecutorServes() {
        String id = Clusters.create(rig.clusters, ADMIN, spec(2), null);
        rig.ticks(2);
        report(rig.nodeOf(id));
        rig.ticks(5);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.PENDING);

        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
    }

    @Test
    void aClusterWhoseExecutorsDoNotComeRunsAfterAWhileWithoutThem() {
        String id = Clusters.create(rig.clusters, ADMIN, spec(1), null);
        rig.ticks(2);

        for (int i = 0; i < 35; i++) {
            report(rig.nodeOf(id));
            rig.tick();
        }

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).status().workers().current()).isZero();
        rig.settle();
        assertThat(rig.events(id)).containsSubsequence("RUNNING", "UPSIZE_COMPLETED");
    }

    @Test
    void workersThatDoNotFitAreSaidToBeMissingAndComeWhenThereIsRoom() {
        // A driver of 1792 MiB, one worker of 1472 MiB and the 1024 MiB that stay free.
        rig.freeMb = 1792 + 1472 + 1024 + 100;

        String id = running(3);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).status().message()).startsWith("Runs with 1 of 3 workers: Not enough memory");
        assertThat(rig.events(id)).containsOnlyOnce("ADD_NODES_FAILED");
        assertThat(Clusters.details(rig.clusters, ADMIN, id, EventType.ADD_NODES_FAILED))
                .singleElement()
                .satisfies(details -> assertThat(details)
                        .containsEntry("target_num_workers", 3)
                        .hasEntrySatisfying(
                                "did_not_expand_reason",
                                why -> assertThat(why).asString().startsWith("Not enough memory")));
        rig.freeMb = 64_000;
        rig.settle();

        assertThat(rig.workersOf(id)).hasSize(3);
        assertThat(rig.cluster(id).status().message()).isEmpty();
        assertThat(rig.events(id)).endsWith("UPSIZE_COMPLETED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "silent", "gone", "agent"})
    void aLostWorkerIsReplacedUnderAnotherExecutorIdAndTheDriverGoesOn(String how) {
        String id = running(2);
        String driver = rig.nodeOf(id).nodeId();
        Node lost = rig.workersOf(id).get(0);

        lose(how, lost);
        rig.settle();

        assertThat(rig.events(id)).containsOnlyOnce("NODES_LOST").doesNotContain("DRIVER_UNAVAILABLE");
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).epoch()).isEqualTo(1);
        assertThat(rig.nodeOf(id).nodeId()).isEqualTo(driver);
        assertThat(rig.workersOf(id).stream().map(Node::executorId)).containsExactly(1, 2);
        assertThat(rig.provider.nodeIds()).hasSize(3).doesNotContain(lost.nodeId());
        assertThat(rig.events(id)).endsWith("UPSIZE_COMPLETED");
    }

    @Test
    void workersThatKeepFailingAreTriedLessAndLessOftenAndTheReasonIsSaid() {
        String id = running(1);

        for (int i = 0; i < 150; i++) {
            rig.workersOf(id).forEach(node -> rig.report(node.nodeId(), DriverState.FAILED, "no such class"));
            report(rig.nodeOf(id));
            rig.tick();
        }

        assertThat(rig.provider.requests()).hasSizeBetween(5, 12);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).status().message()).contains("Runs with 0 of 1 workers", "no such class");
        assertThat(rig.cluster(id).epoch()).isEqualTo(1);
    }

    @Test
    void aNewEpochsDriverComesOnlyAfterTheWorkersOfTheOldOneAreGone() {
        String id = running(2);
        List<String> before = rig.provider.nodeIds();
        rig.links.deaf = true;

        Clusters.restart(rig.clusters, ADMIN, id);
        rig.ticks(2);
        assertThat(rig.provider.nodeIds()).isEqualTo(before);
        rig.links.deaf = false;
        rig.settle();

        assertThat(rig.cluster(id).epoch()).isEqualTo(2);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.provider.nodeIds()).hasSize(3).doesNotContainAnyElementsOf(before);
        assertThat(rig.workersOf(id).stream().map(Node::executorId)).containsExactly(0, 1);
    }

    @Test
    void aLostDriverTakesItsWorkersWithIt() {
        String id = running(2);
        List<String> before = rig.provider.nodeIds();

        rig.provider.lose(rig.nodeOf(id).nodeId());
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).epoch()).isEqualTo(2);
        assertThat(rig.provider.nodeIds()).hasSize(3).doesNotContainAnyElementsOf(before);
    }

    @Test
    void workersJoinTheDriverOfTheirOwnClusterOnly() {
        String mine = running(2);
        String theirs = Clusters.create(rig.clusters, OTHER, spec(2), null);
        rig.settle();

        for (Node node : rig.nodes.live()) {
            if (node.worker()) {
                var join = requireNonNull(rig.spark.joined.get(node.nodeId()));
                assertThat(join.appId()).isEqualTo("app-" + node.clusterId());
                assertThat(node.workspaceId()).isEqualTo(mine.equals(node.clusterId()) ? 1 : 2);
            }
        }
        assertThat(rig.spark.joined).hasSize(4);
        assertThat(rig.nodes.live().stream().filter(node -> theirs.equals(node.clusterId())))
                .hasSize(3);
    }

    @Test
    void aWorkerThatComesBackIsToldItsDriverAgainAndOneOfAnOlderEpochToStop() {
        String id = running(1);
        Node worker = rig.workersOf(id).get(0);

        assertThat(hello(worker, 1))
                .anySatisfy(answer -> assertThat(answer)
                        .isEqualTo(new ControlMessage.Join(
                                "spark://" + rig.nodeOf(id).nodeId(), "app-" + id)));
        Clusters.restart(rig.clusters, ADMIN, id);
        rig.tick();

        assertThat(hello(worker, 1)).singleElement().isInstanceOf(ControlMessage.Stop.class);
        rig.settle();
        assertThat(hello(rig.workersOf(id).get(0), 1))
                .as("a worker that says it is of another epoch")
                .singleElement()
                .isInstanceOf(ControlMessage.Stop.class);
    }

    private List<ControlMessage> hello(Node worker, long epoch) {
        var told = new ControlMessage.Assignment(
                String.valueOf(worker.clusterId()), "c", worker.workspaceId(), 7, "ann@example.com", epoch, "/files");
        return rig.service.hello(
                worker.nodeId(),
                new ControlMessage.Hello(
                        worker.nodeId(), 1, 1, told, rig.spark.statusOf(worker, rig.nodes.live(), null)));
    }

    @Test
    void aWorkersTokenIsForFilesAlone() {
        running(1);

        List<String> tokens =
                rig.assigned.stream().map(ControlMessage.Assign::workToken).toList();

        assertThat(tokens).hasSize(2);
        assertThat(tokens)
                .allMatch(token -> rig.tokens.claims(token, "node-files").isPresent());
        assertThat(tokens.stream()
                        .filter(token ->
                                rig.tokens.claims(token, "notebook-service").isPresent()))
                .as("the driver's")
                .hasSize(1);
    }

    @Test
    void terminatedWhenNothingOfDriverAndWorkersIsLeft() {
        String id = running(2);
        rig.links.deaf = true;
        rig.provider.ignoresTermination(true);

        Clusters.terminate(rig.clusters, ADMIN, id);
        rig.ticks(6);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATING);
        rig.ticks(8);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(rig.provider.nodeIds()).isEmpty();
        assertThat(rig.nodes.live()).isEmpty();
        assertThat(rig.cluster(id).status().workers().target()).isZero();
    }

    @Test
    void secretsOfTheEnvironmentReachWorkersAndThoseOfSparkSettingsDoNot() {
        ObjectNode spec = spec(1);
        spec.putObject("spark_conf").put("spark.password", "{{secrets/s/conf}}");
        spec.putObject("spark_env_vars").put("TOKEN", "{{secrets/s/env}}");

        Clusters.create(rig.clusters, ADMIN, spec, null);
        rig.settle();

        NodeRequest worker = rig.provider.requests().get(1);
        assertThat(worker.executorId()).isZero();
        assertThat(worker.secrets()).containsOnlyKeys("{{secrets/s/env}}").containsValue(new Secret("value"));
        assertThat(rig.provider.requests().get(0).secrets()).hasSize(2);
    }

    private void lose(String how, Node worker) {
        switch (how) {
            case "failed" -> {
                rig.spark.failed.add(worker.nodeId());
                rig.allReady();
            }
            case "gone" -> rig.provider.lose(worker.nodeId());
            case "agent" -> rig.provider.loseAgent(worker.nodeId());
            default -> {
                for (int i = 0; i < 62; i++) {
                    rig.tick();
                    rig.nodes.live().stream()
                            .filter(node -> !node.nodeId().equals(worker.nodeId()))
                            .forEach(this::report);
                }
                rig.tick();
            }
        }
    }

    private void report(Node node) {
        rig.links.connected.add(node.nodeId());
        rig.service.status(node.nodeId(), rig.spark.statusOf(node, rig.nodes.live(), null));
    }

    private String running(int workers) {
        String id = Clusters.create(rig.clusters, ADMIN, spec(workers), null);
        rig.settle();
        return id;
    }

    static ObjectNode spec(int workers) {
        return Rig.spec("local.small").put("num_workers", workers);
    }
}
