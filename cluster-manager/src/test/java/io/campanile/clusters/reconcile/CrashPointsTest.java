package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manager dies at each point of each act; the next one must leak nothing and kill nothing that is healthy. */
final class CrashPointsTest {
    @TempDir
    Path dataDir;

    @ParameterizedTest
    @CsvSource({
        "list, create",
        "before create, create",
        "after create, create",
        "list, terminate",
        "before terminate, terminate",
        "after terminate, terminate",
        "forget, terminate",
        "list, restart",
        "before terminate, restart",
        "after terminate, restart",
        "forget, restart",
        "before create, restart",
        "after create, restart",
        "before terminate, delete",
        "after terminate, delete",
        "forget, delete"
    })
    void nothingLeaksAndNothingHealthyEnds(String point, String act) {
        try (Rig rig = new Rig(dataDir, ClusterConfig.defaults().withWarmPool(0))) {
            String bystander = rig.create();
            rig.settle();
            String healthy = rig.nodeOf(bystander).nodeId();
            String id = rig.create();
            if (!act.equals("create")) {
                rig.settle();
                // Deaf agents make the provider do the ending.
                rig.links.deaf = true;
            }

            rig.provider.crashAt(point);
            act(rig, act, id);
            rig.settle();
            rig.links.deaf = false;
            rig.settle();

            assertThat(rig.provider.crashed()).isTrue();
            assertThat(rig.nodeOf(bystander).nodeId()).isEqualTo(healthy);
            assertThat(rig.provider.calls()).doesNotContain("terminate " + healthy, "kill " + healthy);
            boolean runs = act.equals("create") || act.equals("restart");
            assertThat(rig.provider.nodeIds()).hasSize(runs ? 2 : 1).contains(healthy);
            assertThat(rig.nodes.live()).hasSize(runs ? 2 : 1);
            if (runs) {
                assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
            } else if (act.equals("terminate")) {
                assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATED);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "list, start",
        "before create, start",
        "after create, start",
        "list, more",
        "before create, more",
        "after create, more",
        "list, fewer",
        "before terminate, fewer",
        "after terminate, fewer",
        "forget, fewer",
        "before create, lost",
        "after create, lost",
        "forget, lost",
        "before terminate, terminate",
        "after terminate, terminate",
        "forget, terminate"
    })
    void noWorkerLeaksOrIsThereTwice(String point, String act) {
        try (Rig rig = new Rig(dataDir, ClusterConfig.defaults().withWarmPool(0))) {
            String bystander = Clusters.create(rig.clusters, ADMIN, WorkersTest.spec(1), null);
            rig.settle();
            List<String> healthy = rig.provider.nodeIds();
            String id = Clusters.create(rig.clusters, ADMIN, WorkersTest.spec(2), null);
            if (act.equals("start")) {
                // Its driver is there; the workers are next.
                rig.tick();
            } else {
                rig.settle();
                rig.links.deaf = true;
            }

            rig.provider.crashAt(point);
            int wanted = actOnWorkers(rig, act, id);
            rig.settle();
            rig.settle();
            rig.links.deaf = false;
            rig.settle();

            assertThat(rig.provider.crashed()).isTrue();
            assertThat(rig.provider.nodeIds()).containsAll(healthy).hasSize(2 + wanted);
            assertThat(rig.nodes.live()).hasSize(2 + wanted);
            assertThat(rig.workersOf(bystander)).hasSize(1);
            assertThat(rig.provider.calls())
                    .doesNotContainAnyElementsOf(
                            healthy.stream().map(node -> "kill " + node).toList());
            assertThat(rig.cluster(id).state()).isEqualTo(wanted == 0 ? ClusterState.TERMINATED : ClusterState.RUNNING);
            assertThat(rig.provider.requests().stream()
                            .map(request -> request.nodeId())
                            .distinct())
                    .hasSameSizeAs(rig.provider.requests());
        }
    }

    /** Answers how many nodes the cluster is to have in the end. */
    private static int actOnWorkers(Rig rig, String act, String id) {
        switch (act) {
            case "more" -> Clusters.resize(rig.sizes, ADMIN, id, 3, false);
            case "fewer" -> Clusters.resize(rig.sizes, ADMIN, id, 1, false);
            case "lost" -> rig.provider.lose(rig.workersOf(id).get(0).nodeId());
            case "terminate" -> Clusters.terminate(rig.clusters, ADMIN, id);
            default -> assertThat(act).isEqualTo("start");
        }
        return switch (act) {
            case "more" -> 4;
            case "fewer" -> 2;
            case "terminate" -> 0;
            default -> 3;
        };
    }

    private static void act(Rig rig, String act, String id) {
        switch (act) {
            case "terminate" -> Clusters.terminate(rig.clusters, ADMIN, id);
            case "restart" -> Clusters.restart(rig.clusters, ADMIN, id);
            case "delete" -> Clusters.deleteForGood(rig.clusters, ADMIN, id);
            default -> assertThat(act).isEqualTo("create");
        }
    }
}
