package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.cluster.EventType;
import io.campanile.clusters.node.Node;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More and fewer workers of a cluster that runs. */
final class ResizeTest {
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
    void moreWorkersComeWhileTheDriverGoesOn() {
        String id = running(1);
        String driver = rig.nodeOf(id).nodeId();

        resize(id, 3);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESIZING);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.workersOf(id)).hasSize(3);
        assertThat(rig.nodeOf(id).nodeId()).isEqualTo(driver);
        assertThat(rig.cluster(id).epoch()).isEqualTo(1);
        assertThat(rig.events(id)).endsWith("RESIZING", "UPSIZE_COMPLETED");
        assertThat(Clusters.details(rig.clusters, ADMIN, id, EventType.RESIZING))
                .singleElement()
                .satisfies(details -> assertThat(details)
                        .containsEntry("cause", "USER_REQUEST")
                        .containsEntry("user", "ann@example.com")
                        .containsEntry("current_num_workers", 1)
                        .containsEntry("target_num_workers", 3));
    }

    @Test
    void thoseWithTheLeastToLoseAreTakenOutAndTheirNodesStayUntilTheyHaveEnded() {
        String id = running(4);
        rig.spark.mayLeave = false;
        rig.spark.busy.add("0");
        rig.spark.cachedBytes.put("1", 5_000_000L);
        rig.spark.idleSince.put("2", 500_000L);
        rig.allReady();

        resize(id, 2);
        rig.settle();

        assertThat(rig.spark.decommissions)
                .isNotEmpty()
                .allSatisfy(sent -> assertThat(sent.executorIds()).containsExactly("1", "3"));
        assertThat(rig.provider.nodeIds()).hasSize(5);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESIZING);
        rig.spark.mayLeave = true;
        rig.settle();

        assertThat(rig.workersOf(id).stream().map(Node::executorId)).containsExactly(0, 2);
        assertThat(rig.provider.nodeIds()).hasSize(3);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.events(id)).doesNotContain("NODES_LOST");
    }

    @Test
    void anExecutorThatDoesNotLeaveIsEndedAfterAWhile() {
        String id = running(2);
        rig.spark.mayLeave = false;
        resize(id, 1);
        rig.settle();
        assertThat(rig.provider.nodeIds()).hasSize(3);

        for (int i = 0; i < 10; i++) {
            rig.clock.advance(Duration.ofSeconds(65));
            rig.allReady();
            rig.tick();
        }
        rig.settle();

        assertThat(rig.provider.nodeIds()).hasSize(2);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.events(id)).doesNotContain("NODES_LOST");
    }

    @Test
    void workersThatHaveNotJoinedJustEnd() {
        String id = running(1);
        resize(id, 3);
        rig.tick();
        assertThat(rig.provider.nodeIds()).hasSize(4);

        resize(id, 1);
        rig.settle();

        assertThat(rig.provider.nodeIds()).hasSize(2);
        assertThat(rig.spark.decommissions).isEmpty();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
    }

    @Test
    void theLastOfTwoResizesIsDone() {
        String id = running(1);

        resize(id, 4);
        rig.tick();
        resize(id, 2);
        rig.settle();

        assertThat(rig.workersOf(id)).hasSize(2);
        assertThat(rig.provider.nodeIds()).hasSize(3);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).status().workers().current()).isEqualTo(2);
    }

    @Test
    void terminationEndsAResize() {
        String id = running(1);
        resize(id, 4);
        rig.tick();

        Clusters.terminate(rig.clusters, ADMIN, id);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(rig.provider.nodeIds()).isEmpty();
        assertThat(rig.cluster(id).spec().workers().single()).isFalse();
    }

    @Test
    void aRestartedManagerFinishesAResize() {
        String id = running(1);
        resize(id, 3);
        rig.tick();

        rig.restartManager();
        rig.settle();

        assertThat(rig.workersOf(id)).hasSize(3);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.provider.requests()).hasSize(4);
    }

    @Test
    void onlyWhatRunsIsResized() {
        String id = Clusters.create(rig.clusters, ADMIN, WorkersTest.spec(1), null);
        invalidState(() -> resize(id, 2));
        rig.settle();
        Clusters.restart(rig.clusters, ADMIN, id);
        invalidState(() -> resize(id, 2));
        Clusters.terminate(rig.clusters, ADMIN, id);
        invalidState(() -> resize(id, 2));
        rig.settle();

        invalidState(() -> resize(id, 2));
    }

    @Test
    void betweenASingleNodeAndWorkersTheDriverRestartsUnlessACommandRuns() {
        String id = running(0);
        // allReady says that a command runs.
        assertThatThrownBy(() -> resize(id, 2))
                .hasMessageContaining("runs a command")
                .hasMessageContaining("force");
        rig.driverSays(id, rig.clock.millis());

        resize(id, 2);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
        rig.settle();

        assertThat(rig.cluster(id).epoch()).isEqualTo(2);
        assertThat(rig.workersOf(id)).hasSize(2);
        assertThat(rig.events(id)).containsSubsequence("RESIZING", "RESTARTING", "RUNNING");
        invalidState(() -> resize(id, 0));
        Clusters.resize(rig.sizes, ADMIN, id, 0, true);
        rig.settle();
        assertThat(rig.cluster(id).epoch()).isEqualTo(3);
        assertThat(rig.provider.nodeIds()).hasSize(1);
    }

    @Test
    void anEditOfTheSizeAloneResizesAndOneOfTheTypeRestarts() {
        String id = running(1);

        Clusters.edit(rig.clusters, ADMIN, WorkersTest.spec(2), id);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESIZING);
        rig.settle();
        assertThat(rig.cluster(id).epoch()).isEqualTo(1);
        ObjectNode larger =
                WorkersTest.spec(2).put("node_type_id", "local.medium").put("driver_node_type_id", "local.small");
        Clusters.edit(rig.clusters, ADMIN, larger, id);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
        rig.settle();

        assertThat(rig.nodeOf(id).shape().nodeTypeId()).isEqualTo("local.small");
        assertThat(rig.workersOf(id))
                .hasSize(2)
                .allMatch(node -> node.shape().nodeTypeId().equals("local.medium"));
        assertThat(rig.events(id)).containsSubsequence(List.of("EDITED", "RESIZING", "UPSIZE_COMPLETED", "EDITED"));
    }

    @Test
    void workersAreLostAndReplacedWhileOthersCome() {
        String id = running(2);
        resize(id, 3);
        rig.tick();

        rig.provider.lose(rig.workersOf(id).get(0).nodeId());
        rig.settle();

        assertThat(rig.workersOf(id)).hasSize(3);
        assertThat(rig.provider.nodeIds()).hasSize(4);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.events(id)).contains("NODES_LOST");
    }

    private void resize(String id, int workers) {
        Clusters.resize(rig.sizes, ADMIN, id, workers, false);
    }

    private static void invalidState(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_STATE));
    }

    private String running(int workers) {
        String id = Clusters.create(rig.clusters, ADMIN, WorkersTest.spec(workers), null);
        rig.settle();
        return id;
    }
}
