package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.provider.NodeOwner;
import io.campanile.node.protocol.ControlMessage.DriverState;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WarmPoolTest {
    @TempDir
    Path dataDir;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(dataDir, ClusterConfig.defaults());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aDefaultClusterTakesTheWarmNodeAndThePoolIsFilledAgain() {
        String warm = warmNode().nodeId();

        String id = Clusters.defaultOf(rig.clusters, ADMIN, true);
        rig.ticks(2);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.nodeOf(id).nodeId()).isEqualTo(warm);
        assertThat(rig.provider.opened()).containsEntry(warm, new NodeOwner(1, ADMIN.userId(), null));
        rig.clock.advance(Duration.ofSeconds(15));
        rig.tick();
        assertThat(rig.provider.nodeIds()).hasSize(2);
        assertThat(warmNode().nodeId()).isNotEqualTo(warm);
    }

    @Test
    void aWarmNodeThatCannotBeGivenAwayIsReplaced() {
        String warm = warmNode().nodeId();
        rig.provider.openFails(true);

        String id = Clusters.defaultOf(rig.clusters, ADMIN, true);
        rig.ticks(2);
        rig.provider.openFails(false);
        rig.ticks(4);

        assertThat(rig.nodeOf(id).nodeId()).isNotEqualTo(warm);
        assertThat(rig.provider.nodeIds()).doesNotContain(warm);
    }

    @Test
    void theFirstCellsOnATakenNodeDoNotShareTheMachineWithTheNextOnesStart() {
        warmNode();
        Clusters.defaultOf(rig.clusters, ADMIN, true);

        rig.ticks(6);
        assertThat(rig.provider.nodeIds()).hasSize(1);
        rig.ticks(4);

        assertThat(rig.provider.nodeIds()).hasSize(2);
    }

    @Test
    void aNodeIsParkedWhenItsDriverAndAKernelAreUp() {
        rig.tick();
        String warm = rig.nodes.live().get(0).nodeId();
        rig.report(warm, DriverState.STARTING, null);
        assertThat(rig.nodes.live()).noneMatch(Node::parked);

        rig.report(warm, DriverState.READY, null);

        assertThat(rig.nodes.live()).allMatch(Node::parked);
        rig.tick();
        Clusters.defaultOf(rig.clusters, ADMIN, true);
        rig.tick();
        assertThat(rig.nodes.live().stream().filter(Node::parked).map(Node::nodeId))
                .doesNotContain(warm);
    }

    @Test
    void aNodeIsGivenOnce() {
        warmNode();

        String first = Clusters.defaultOf(rig.clusters, ADMIN, true);
        String second = Clusters.create(rig.clusters, ADMIN, Rig.spec("local.medium"), null);
        rig.settle();

        assertThat(rig.cluster(first).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(second).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.nodeOf(first).nodeId()).isNotEqualTo(rig.nodeOf(second).nodeId());
    }

    @Test
    void aStartingNodeIsTakenToo() {
        rig.tick();
        String starting = rig.nodes.live().get(0).nodeId();

        String id = Clusters.defaultOf(rig.clusters, ADMIN, true);
        rig.tick();
        assertThat(rig.nodeOf(id).nodeId()).isEqualTo(starting);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.nodeOf(id).nodeId()).isEqualTo(starting);
    }

    @Test
    void aDeadWarmNodeIsReplacedAndAFailingOneNotTooOften() {
        String first = warmNode().nodeId();

        rig.provider.lose(first);
        rig.ticks(5);
        assertThat(warmNode().nodeId()).isNotEqualTo(first);
        for (int i = 0; i < 100; i++) {
            rig.nodes.live().forEach(node -> rig.report(node.nodeId(), DriverState.FAILED, "no main class"));
            rig.tick();
        }

        assertThat(rig.provider.requests().size()).isLessThan(12);
    }

    @Test
    void nodesWhoseAgentDoesNotLiveAreStartedLessAndLessOften() {
        for (int i = 0; i < 150; i++) {
            rig.provider.nodeIds().forEach(rig.provider::lose);
            rig.tick();
        }

        assertThat(rig.provider.requests().size()).isBetween(3, 9);
    }

    @Test
    void aProviderThatRefusesIsAskedLessAndLessOften() {
        rig.provider.createFails(true);

        rig.ticks(150);

        assertThat(rig.provider.calls().stream().filter(call -> call.startsWith("create")))
                .hasSizeBetween(3, 9);
    }

    @Test
    void thePoolGivesItsMemoryToAStartThatNeedsIt() {
        warmNode();
        rig.freeMb = 4000;

        String id = Clusters.create(rig.clusters, ADMIN, Rig.spec("local.large"), null);
        rig.tick();
        assertThat(rig.provider.nodeIds()).isEmpty();
        rig.freeMb = 7000;
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.provider.nodeIds()).hasSize(1);
    }

    @Test
    void noPoolWithoutMemory() {
        rig.freeMb = 3500;

        rig.ticks(5);

        assertThat(rig.provider.requests()).isEmpty();
    }

    @Test
    void goingDownEndsClustersAndPoolAndStartsNothing() {
        warmNode();
        String id = Clusters.defaultOf(rig.clusters, ADMIN, true);
        rig.settle();

        rig.clusters.stopAll();
        rig.settle();
        rig.clock.advance(Duration.ofMinutes(1));
        rig.ticks(3);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(rig.provider.nodeIds()).isEmpty();
        assertThat(rig.nodes.live()).isEmpty();
    }

    @Test
    void aRestartedManagerKeepsItsWarmNodes() {
        String warm = warmNode().nodeId();

        rig.restartManager();
        rig.ticks(3);

        assertThat(rig.provider.nodeIds()).containsExactly(warm);
    }

    private Node warmNode() {
        rig.tick();
        rig.allReady();
        return rig.nodes.live().stream().filter(Node::pooled).findFirst().orElseThrow();
    }
}
