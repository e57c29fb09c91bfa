package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.provider.ProviderException;
import io.campanile.common.auth.Caller;
import io.campanile.node.protocol.ControlMessage.DriverState;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReconcilerTest {
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
    void aNewClusterComesUpWithoutEverBeingTerminated() {
        String id = rig.create();

        rig.tick();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.PENDING);
        assertThat(rig.provider.nodeIds()).hasSize(1);
        rig.allReady();
        rig.ticks(2);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).observedGeneration())
                .isEqualTo(rig.cluster(id).generation());
        assertThat(rig.events(id)).containsExactly("CREATING", "RUNNING");
        assertThat(rig.assigned).singleElement().satisfies(assign -> {
            assertThat(assign.assignment().clusterId()).isEqualTo(id);
            assertThat(assign.assignment().epoch()).isEqualTo(1);
            assertThat(assign.assignment().ownerUserName()).isEqualTo("ann@example.com");
        });
    }

    @Test
    void terminatedOnlyWhenNothingOfTheNodeIsLeft() {
        String id = running();
        rig.links.deaf = true;
        rig.provider.ignoresTermination(true);

        Clusters.terminate(rig.clusters, ADMIN, id);
        rig.ticks(6);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATING);
        assertThat(rig.provider.calls()).anyMatch(call -> call.startsWith("terminate "));
        rig.ticks(8);

        assertThat(rig.provider.calls()).anyMatch(call -> call.startsWith("kill "));
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(rig.termination(id).code()).isEqualTo("USER_REQUEST");
        assertThat(rig.provider.nodeIds()).isEmpty();
    }

    @Test
    void aRestartGivesANewEpochOnlyAfterTheOldNodeIsGone() {
        String id = running();
        String first = rig.nodeOf(id).nodeId();
        rig.links.deaf = true;

        Clusters.restart(rig.clusters, ADMIN, id);
        rig.ticks(2);
        assertThat(rig.provider.nodeIds()).containsExactly(first);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
        rig.links.deaf = false;
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).epoch()).isEqualTo(2);
        assertThat(rig.nodeOf(id).nodeId()).isNotEqualTo(first);
    }

    @Test
    void aStartDuringTerminationHappensAfterwards() {
        String id = running();
        Clusters.terminate(rig.clusters, ADMIN, id);

        Clusters.ensureRunning(rig.clusters, rig.cluster(id));
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).epoch()).isEqualTo(2);
        assertThat(rig.provider.nodeIds()).hasSize(1);
    }

    @Test
    void aLostNodeIsSeenAndReplacedUnderANewEpoch() {
        String id = running();
        rig.provider.loseAgent(rig.nodeOf(id).nodeId());

        rig.ticks(3);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
        assertThat(rig.events(id)).contains("NODES_LOST", "DRIVER_UNAVAILABLE", "RESTARTING");
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).epoch()).isEqualTo(2);
        assertThat(rig.provider.nodeIds()).hasSize(1);
    }

    @Test
    void aDriverThatDiesAgainAndAgainIsGivenUpWithItsReason() {
        String id = running();

        for (int i = 0; i < 4; i++) {
            rig.report(rig.nodeOf(id).nodeId(), DriverState.FAILED, "java.lang.OutOfMemoryError: Java heap space");
            rig.tick();
            rig.settle();
        }

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(rig.termination(id).code()).isEqualTo("DRIVER_UNREACHABLE");
        assertThat(rig.cluster(id).status().message()).contains("OutOfMemoryError");
        assertThat(rig.provider.nodeIds()).isEmpty();
    }

    @Test
    void aSilentNodeIsSaidNotToRespondWithinThirtySecondsAndGivenUpLater() {
        String id = running();

        rig.ticks(10);
        assertThat(rig.events(id)).contains("DRIVER_NOT_RESPONDING");
        rig.allReady();
        rig.tick();
        assertThat(rig.events(id)).contains("DRIVER_HEALTHY");
        rig.ticks(60);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
        assertThat(rig.cluster(id).status().message()).contains("not heard");
    }

    @Test
    void aManagerThatWasAwayDoesNotTakeItsOwnSilenceForTheNodes() {
        String id = running();
        rig.clock.advance(Duration.ofHours(1));

        rig.restartManager();
        rig.ticks(3);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.events(id)).containsExactly("CREATING", "RUNNING");
    }

    @Test
    void aStartThatFailsEndsInErrorWithTheDriversLastLines() {
        String id = rig.create();
        rig.tick();

        rig.report(rig.nodeOf(id).nodeId(), DriverState.FAILED, "Error: Could not find or load main class");
        rig.ticks(5);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.ERROR);
        assertThat(rig.cluster(id).status().message()).contains("Could not find or load main class");
        assertThat(rig.termination(id).type()).isEqualTo("SERVICE_FAULT");
        assertThat(rig.provider.nodeIds()).isEmpty();
        assertThat(rig.events(id)).doesNotContain("RUNNING");
    }

    @Test
    void aStartThatTakesTooLongEndsInError() {
        String id = rig.create();
        rig.tick();
        rig.report(rig.nodeOf(id).nodeId(), DriverState.STARTING, "loading jars");

        rig.ticks(95);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.ERROR);
        assertThat(rig.termination(id).code()).isEqualTo("DRIVER_LAUNCH_TIMEOUT");
        assertThat(rig.cluster(id).status().message()).contains("loading jars");
    }

    @Test
    void aProviderWithoutRoomIsTriedTwiceThenTheReasonIsTold() {
        rig.provider.createFails(true);
        String id = rig.create();

        rig.ticks(10);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.ERROR);
        assertThat(rig.cluster(id).status().message()).contains("No room");
        assertThat(rig.provider.calls().stream().filter(call -> call.startsWith("create")))
                .hasSize(2);
    }

    @Test
    void idleIsWhatTheAgentSaysAndEndsTheCluster() {
        String id = running();
        String node = rig.nodeOf(id).nodeId();

        keepBusy(node, Duration.ofHours(80));
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        long idleSince = rig.clock.millis();
        rig.clock.advance(Duration.ofHours(72).plusMinutes(1));
        rig.report(node, DriverState.READY, null, idleSince);
        rig.tick();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATING);
        assertThat(rig.termination(id).code()).isEqualTo("INACTIVITY");
    }

    @Test
    void aStartWaitsForMemoryAndThenTellsWhoHoldsIt() {
        String holder = running();
        rig.freeMb = 3000;
        String id = Clusters.create(rig.clusters, ADMIN, Rig.spec("local.medium"), null);

        rig.tick();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.PENDING);
        assertThat(rig.cluster(id).status().message()).contains("Not enough memory", holder);
        rig.clock.advance(Duration.ofSeconds(121));
        rig.allReady();
        rig.ticks(3);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.ERROR);
        assertThat(rig.termination(id).type()).isEqualTo("CLOUD_FAILURE");
        assertThat(rig.cluster(holder).state()).isEqualTo(ClusterState.RUNNING);
    }

    @Test
    void whoHoldsTheMemoryIsNotToldAcrossWorkspaces() {
        String holder = running();
        rig.freeMb = 3000;
        Caller stranger = new Caller(2, 9, "bob@example.com", true, null, "request-2");

        String id = Clusters.create(rig.clusters, stranger, Rig.spec("local.medium"), null);
        rig.tick();

        assertThat(rig.clusterStore.find(2, id).orElseThrow().status().message())
                .contains("1 node of others")
                .doesNotContain(holder);
    }

    @Test
    void anUnreadableProviderChangesNothing() {
        String id = running();
        rig.provider.listFails(true);

        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(rig::tick).isInstanceOf(ProviderException.class);
        }

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.provider.nodeIds()).hasSize(1);
    }

    @Test
    void aStrayNodeIsEndedAfterItsAgeAndAnotherInstallationsIsNot() {
        String id = running();
        rig.provider.plant("nstray", rig.nodes.deploymentId());
        rig.provider.plant("nforeign", "another-deployment");

        rig.tick();
        assertThat(rig.provider.nodeIds()).hasSize(3);
        rig.clock.advance(Duration.ofMinutes(6));
        rig.allReady();
        rig.ticks(2);

        assertThat(rig.provider.nodeIds())
                .containsExactlyInAnyOrder("nforeign", rig.nodeOf(id).nodeId());
    }

    @Test
    void theWorkTokenIsRenewedAfterTwelveHours() {
        String id = running();

        keepBusy(rig.nodeOf(id).nodeId(), Duration.ofHours(13));

        assertThat(rig.assigned).hasSize(2);
        assertThat(rig.assigned.get(1).assignment())
                .isEqualTo(rig.assigned.get(0).assignment());
    }

    @Test
    void anEditRestartsOnlyWhenTheNodeMustBeAnother() {
        String id = running();

        Clusters.edit(rig.clusters, ADMIN, Rig.spec("local.small").put("cluster_name", "other"), id);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        Clusters.edit(rig.clusters, ADMIN, Rig.spec("local.medium"), id);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.nodeOf(id).shape().heapMb()).isEqualTo(2048);
        assertThat(rig.events(id)).contains("EDITED");
    }

    @Test
    void aPermanentlyDeletedClusterLeavesNothing() {
        String id = running();

        Clusters.deleteForGood(rig.clusters, ADMIN, id);
        assertThat(rig.clusterStore.find(1, id)).isEmpty();
        rig.settle();

        assertThat(rig.provider.nodeIds()).isEmpty();
        assertThat(rig.nodes.live()).isEmpty();
        assertThat(rig.clusterStore.active()).isEmpty();
    }

    private String running() {
        String id = rig.create();
        rig.tick();
        rig.allReady();
        rig.ticks(2);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        return id;
    }

    private void keepBusy(String node, Duration time) {
        for (int minutes = 0; minutes < time.toMinutes(); minutes += 30) {
            rig.clock.advance(Duration.ofMinutes(30));
            rig.report(node, DriverState.READY, null);
            rig.tick();
        }
    }
}
