package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.provider.ProviderException;
import io.campanile.common.auth.Secret;
import io.campanile.node.protocol.ControlMessage.DriverState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with one cluster, with this manager or with its clock is not the clusters' end. */
final class TroubleTest {
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
    void aStepThatFailsStopsNoOtherClusterAndIsTriedAgain() {
        rig.secrets = (cluster, reference) -> {
            throw new IllegalStateException("nobody thought of this");
        };
        String broken = withSecret(0);
        String other = rig.create();
        String ending = rig.create();
        Clusters.terminate(rig.clusters, ADMIN, ending);

        rig.settle();

        assertThat(rig.cluster(other).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(ending).state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(rig.cluster(broken).state()).isEqualTo(ClusterState.PENDING);
        assertThat(rig.metrics
                        .counter("campanile.clusters.reconcile.step.failures")
                        .count())
                .isEqualTo(12);
        rig.secrets = (cluster, reference) -> new Secret("value");
        rig.settle();
        assertThat(rig.cluster(broken).state()).isEqualTo(ClusterState.RUNNING);
    }

    @Test
    void aLookThatCanDoNothingForAnyClusterFails() {
        rig.secrets = (cluster, reference) -> {
            throw new IllegalStateException("nobody thought of this");
        };
        withSecret(0);
        withSecret(0);

        assertThatThrownBy(rig::tick).isInstanceOf(IllegalStateException.class).hasMessage("nobody thought of this");
    }

    @Test
    void aNodeThatCannotBeTakenAwayStopsNothingElse() {
        String ending = running(0);
        rig.provider.forgetFails(true);
        Clusters.terminate(rig.clusters, ADMIN, ending);

        String other = running(0);
        assertThat(rig.cluster(ending).state()).isEqualTo(ClusterState.TERMINATING);
        rig.provider.forgetFails(false);
        rig.tick();

        assertThat(rig.cluster(ending).state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(rig.cluster(other).state()).isEqualTo(ClusterState.RUNNING);
    }

    @Test
    void lastWordsWithoutEndAreNoTrouble() {
        String id = rig.create();
        rig.settle();

        rig.report(rig.nodeOf(id).nodeId(), DriverState.FAILED, "at java.base/java.lang.Thread.run\n".repeat(300));
        rig.tick();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
    }

    @Test
    void aMasterKeyThatIsAwayIsWaitedFor() throws IOException {
        String id = running(1);
        Path key = dataDir.resolve("keys/master.key");
        Path away = Files.move(key, dataDir.resolve("away"));

        String starting = Clusters.create(rig.clusters, ADMIN, WorkersTest.spec(1), null);
        Clusters.resize(rig.sizes, ADMIN, id, 2, false);
        rig.settle();

        assertThat(rig.cluster(starting).state()).isEqualTo(ClusterState.PENDING);
        assertThat(rig.cluster(starting).status().message()).contains("keys/master.key");
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(id).status().message()).contains("Runs with 1 of 2 workers", "keys/master.key");
        Files.move(away, key);
        // Workers are tried again after a minute.
        for (int i = 0; i < 4; i++) {
            rig.settle();
        }

        assertThat(rig.cluster(starting).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.workersOf(id)).hasSize(2);
    }

    @Test
    void aManagerThatWasSuspendedDoesNotTakeItsOwnSilenceForTheNodes() {
        String id = running(2);
        List<String> before = rig.provider.nodeIds();

        rig.clock.advance(Duration.ofMinutes(10));
        rig.tick();
        rig.allReady();
        rig.settle();

        assertThat(rig.provider.nodeIds()).isEqualTo(before);
        assertThat(rig.cluster(id).epoch()).isEqualTo(1);
        assertThat(rig.events(id)).doesNotContain("NODES_LOST", "DRIVER_NOT_RESPONDING", "DRIVER_UNAVAILABLE");
        silent(rig.workersOf(id).get(0), 59);
        assertThat(rig.events(id)).doesNotContain("NODES_LOST");
        silent(rig.workersOf(id).get(0), 2);
        assertThat(rig.events(id)).contains("NODES_LOST");
    }

    @Test
    void aStartIsNotGivenUpForTheTimeWeWereSuspended() {
        String id = rig.create();
        rig.tick();
        rig.report(rig.nodeOf(id).nodeId(), DriverState.STARTING, "loading jars");

        rig.clock.advance(Duration.ofMinutes(10));
        rig.tick();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.PENDING);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.provider.requests()).hasSize(1);
    }

    @Test
    void aNodeThatIsSilentAfterwardsIsGivenUpAfterTheTimeWeListened() {
        String id = running(0);

        rig.clock.advance(Duration.ofMinutes(10));
        rig.ticks(61);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        rig.tick();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
    }

    @Test
    void aClockThatIsSetBackEndsNothingAndHidesNoSilence() {
        String id = running(2);
        List<String> before = rig.provider.nodeIds();

        rig.clock.advance(Duration.ofHours(-1));
        rig.tick();
        rig.settle();
        assertThat(rig.provider.nodeIds()).isEqualTo(before);
        assertThat(rig.events(id)).doesNotContain("NODES_LOST", "DRIVER_NOT_RESPONDING");
        rig.clock.advance(Duration.ofHours(-1));
        rig.ticks(61);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        rig.tick();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
    }

    @Test
    void looksThatFailedListenToNobody() {
        String id = running(0);

        rig.provider.listFails(true);
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(rig::tick).isInstanceOf(ProviderException.class);
        }
        rig.provider.listFails(false);
        rig.tick();

        assertThat(rig.events(id)).doesNotContain("DRIVER_NOT_RESPONDING", "DRIVER_UNAVAILABLE");
    }

    @Test
    void whatAnotherManagerDidAfterTheLookIsNotDoneTwice() {
        rig.create();
        rig.create();
        Reconciler another = rig.newReconciler();
        rig.provider.onCreate(request -> {
            rig.provider.onCreate(next -> {});
            another.tick();
        });

        rig.tick();
        assertThat(rig.provider.requests()).as("one for each cluster").hasSize(2);
        rig.settle();

        assertThat(rig.provider.requests()).hasSize(2);
        assertThat(rig.clusterStore.active()).allMatch(cluster -> cluster.state() == ClusterState.RUNNING);
    }

    private void silent(Node worker, int looks) {
        for (int i = 0; i < looks; i++) {
            rig.tick();
            List<Node> there = rig.nodes.live();
            there.stream()
                    .filter(node -> !node.nodeId().equals(worker.nodeId()))
                    .forEach(node -> rig.service.status(node.nodeId(), rig.spark.statusOf(node, there, null)));
        }
    }

    private String running(int workers) {
        String id = Clusters.create(rig.clusters, ADMIN, WorkersTest.spec(workers), null);
        rig.settle();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        return id;
    }

    private String withSecret(int workers) {
        ObjectNode spec = WorkersTest.spec(workers);
        spec.putObject("spark_env_vars").put("TOKEN", "{{secrets/s/env}}");
        return Clusters.create(rig.clusters, ADMIN, spec, null);
    }
}
