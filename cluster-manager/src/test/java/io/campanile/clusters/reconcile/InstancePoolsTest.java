package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.pool.PoolNodes.Counts;
import io.campanile.clusters.pool.Pools;
import io.campanile.clusters.provider.NodeRequest;
import io.campanile.common.auth.Caller;
import io.campanile.node.protocol.ControlMessage.DriverState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Idle nodes of instance pools, and clusters that are made of them. */
final class InstancePoolsTest {
    private static final Caller EVE = new Caller(2, 9, "eve@example.com", true, null, "request-2");

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
    void idleNodesAreKeptAndAClusterIsUpAtOnce() {
        String pool = pool("kept", 2, 5);
        rig.settle();
        List<String> idle = rig.provider.nodeIds();
        assertThat(idle).hasSize(2);
        assertThat(counts(pool)).isEqualTo(new Counts(2, 0, 0, 0));

        String id = cluster(pool);
        rig.ticks(2);

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(idle).contains(rig.nodeOf(id).nodeId());
        assertThat(counts(pool)).isEqualTo(new Counts(1, 1, 0, 0));
        rig.clock.advance(Duration.ofSeconds(15));
        rig.settle();
        assertThat(counts(pool)).isEqualTo(new Counts(2, 1, 0, 0));
        assertThat(rig.metrics.timer("campanile.clusters.start", "node", "warm").count())
                .isEqualTo(1);
    }

    /** What a node was started with is all it can carry: no secret, no setting and no name of anybody. */
    @Test
    void aNodeIsUsedOnceAndAnIdleOneKnowsNobody() {
        String pool = pool("once", 1, 1);
        rig.settle();
        String first = rig.nodes.live().get(0).nodeId();
        String id = cluster(pool);
        rig.ticks(2);
        assertThat(rig.nodeOf(id).nodeId()).isEqualTo(first);

        Clusters.terminate(rig.clusters, ADMIN, id);
        rig.ticks(1);
        assertThat(rig.nodes.live()).noneMatch(Node::pooled);
        rig.clock.advance(Duration.ofSeconds(15));
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATED);
        Node next = rig.nodes.live().get(0);
        assertThat(next.nodeId()).isNotEqualTo(first);
        assertThat(next.pooled()).isTrue();
        assertThat(rig.nodes.find(first).orElseThrow().live()).isFalse();
        assertThat(rig.provider.calls()).contains("forget " + first);
        NodeRequest request = rig.provider.requests().get(1);
        assertThat(request.nodeId()).isEqualTo(next.nodeId());
        assertThat(request.secrets()).isEmpty();
        assertThat(request.clusterSecret()).isNull();
        assertThat(request.shape().sparkConf()).isEmpty();
        assertThat(request.secret()).isNotEqualTo(rig.provider.requests().get(0).secret());
        assertThat(rig.assigned)
                .singleElement()
                .satisfies(assign -> assertThat(assign.assignment().clusterId()).isEqualTo(id));
    }

    @Test
    void anotherWorkspaceGetsNoNodeOfIt() {
        String pool = pool("ours", 1, 5);
        rig.settle();
        String idle = rig.nodes.live().get(0).nodeId();

        String theirs = Clusters.create(rig.clusters, EVE, Rig.spec("local.small"), null);
        String ours = rig.create();
        rig.settle();

        assertThat(rig.nodes.live().stream().filter(node -> theirs.equals(node.clusterId())))
                .noneMatch(node -> node.nodeId().equals(idle));
        assertThat(rig.nodeOf(ours).nodeId()).isNotEqualTo(idle);
        assertThat(counts(pool)).isEqualTo(new Counts(1, 0, 0, 0));
        assertThat(rig.nodeOf(cluster(pool, 2)).nodeId()).isEqualTo(idle);
    }

    @Test
    void aClusterOfAnotherShapeGetsAFreshNodeAndAnIdleOneMakesRoom() {
        String pool = pool("full", 2, 2);
        rig.settle();
        List<String> idle = rig.provider.nodeIds();
        ObjectNode wish = spec(pool);
        wish.putObject("spark_conf").put("spark.sql.shuffle.partitions", "7");

        String id = Clusters.create(rig.clusters, ADMIN, wish, null);
        rig.tick();
        assertThat(rig.cluster(id).status().message()).contains("ends to make room");
        int most = 0;
        for (int i = 0; i < 12; i++) {
            rig.tick();
            rig.allReady();
            most = Math.max(most, rig.provider.nodeIds().size());
        }

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(most).isEqualTo(2);
        assertThat(idle).doesNotContain(rig.nodeOf(id).nodeId());
        assertThat(rig.provider.nodeIds()).containsAnyElementsOf(idle);
        assertThat(counts(pool)).isEqualTo(new Counts(1, 1, 0, 0));
    }

    @Test
    void ofTwentyAtOnceThreeRunAndTheOthersAreToldWhy() {
        String pool = pool("three", 1, 3);
        rig.settle();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(cluster(pool));
        }

        int most = 0;
        for (int i = 0; i < 30; i++) {
            rig.tick();
            rig.allReady();
            most = Math.max(most, rig.nodes.live().size());
        }
        assertThat(most).isEqualTo(3);
        assertThat(ids.stream().filter(id -> rig.cluster(id).state() == ClusterState.RUNNING))
                .hasSize(3);
        String ended = ids.stream()
                .filter(id -> rig.cluster(id).state() == ClusterState.RUNNING)
                .findFirst()
                .orElseThrow();
        Clusters.terminate(rig.clusters, ADMIN, ended);
        rig.settle();
        assertThat(ids.stream().filter(id -> rig.cluster(id).state() == ClusterState.RUNNING))
                .as("the place of one that ended is given to one that waits")
                .hasSize(3);
        rig.clock.advance(Duration.ofSeconds(61));
        rig.settle();

        List<String> failed = ids.stream()
                .filter(id -> rig.cluster(id).state() == ClusterState.ERROR)
                .toList();
        assertThat(failed).hasSize(16);
        assertThat(failed).allSatisfy(id -> {
            assertThat(rig.termination(id).code()).isEqualTo("INSTANCE_POOL_MAX_CAPACITY_REACHED");
            assertThat(rig.termination(id).type()).isEqualTo("CLIENT_ERROR");
            assertThat(rig.cluster(id).status().message())
                    .contains("All 3 nodes of instance pool three (" + pool + ") are in use", "raise max_capacity");
        });
        assertThat(rig.provider.nodeIds()).hasSize(3);
        assertThat(rig.provider.requests()).hasSize(4);
    }

    @Test
    void workersComeFromThePoolAndItsCapacityHolds() {
        String pool = pool("workers", 3, 3);
        rig.settle();

        String id = Clusters.create(rig.clusters, ADMIN, spec(pool).put("num_workers", 4), null);
        for (int i = 0; i < 8; i++) {
            rig.settle();
        }

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.workersOf(id)).hasSize(2).allMatch(node -> pool.equals(node.poolId()));
        assertThat(rig.nodeOf(id).poolId()).isEqualTo(pool);
        assertThat(rig.cluster(id).status().message()).contains("Runs with", "instance pool workers");
        assertThat(counts(pool)).isEqualTo(new Counts(0, 3, 0, 0));
    }

    @Test
    void aDriverHasAPoolOfItsOwn() {
        String ofWorkers = pool("of workers", 0, 2);
        String ofDriver = pool("of drivers", 0, 1);

        String id = Clusters.create(
                rig.clusters,
                ADMIN,
                spec(ofWorkers).put("driver_instance_pool_id", ofDriver).put("num_workers", 1),
                null);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.nodeOf(id).poolId()).isEqualTo(ofDriver);
        assertThat(rig.workersOf(id))
                .singleElement()
                .satisfies(node -> assertThat(node.poolId()).isEqualTo(ofWorkers));
    }

    @Test
    void aDeletedPoolEndsWhatIdlesAndLeavesWhatRuns() {
        String pool = pool("deleted", 2, 5);
        rig.settle();
        String id = cluster(pool);
        rig.ticks(2);
        String node = rig.nodeOf(id).nodeId();

        Pools.delete(rig.pools, ADMIN, pool);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.provider.nodeIds()).containsExactly(node);
        Clusters.restart(rig.clusters, ADMIN, id);
        rig.settle();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.ERROR);
        assertThat(rig.termination(id).code()).isEqualTo("INSTANCE_POOL_NOT_FOUND");
        assertThat(rig.cluster(id).status().message()).contains(pool, "was deleted");
        assertThat(rig.provider.nodeIds()).isEmpty();
    }

    @Test
    void whatIsMoreThanIsToBeKeptEndsAfterItsIdleTime() {
        String pool = pool("shrinks", 3, 5);
        rig.settle();

        Pools.edit(
                rig.pools, ADMIN, pool, Pools.wish("shrinks", 1, 5).put("idle_instance_autotermination_minutes", 10));
        rig.settle();
        assertThat(rig.provider.nodeIds()).hasSize(3);
        rig.clock.advance(Duration.ofMinutes(10));
        rig.allReady();
        rig.settle();

        assertThat(rig.provider.nodeIds()).hasSize(1);
        assertThat(counts(pool)).isEqualTo(new Counts(1, 0, 0, 0));
    }

    @Test
    void whatIsInTheWayOfIdleNodesIsTold() {
        rig.freeMb = 3_000;
        String pool = pool("crowded", 3, 5);

        rig.settle();
        assertThat(rig.provider.nodeIds()).hasSize(1);
        assertThat(Pools.troubles(rig.pools, ADMIN, pool))
                .singleElement()
                .asString()
                .contains("Not enough memory", "local.small");
        rig.freeMb = 64_000;
        rig.settle();

        assertThat(rig.provider.nodeIds()).hasSize(3);
        assertThat(Pools.troubles(rig.pools, ADMIN, pool)).isEmpty();
    }

    @Test
    void nodesThatFailAreStartedLessAndLessOftenAndSaidWhy() {
        String pool = pool("failing", 1, 5);

        for (int i = 0; i < 100; i++) {
            rig.nodes.live().forEach(node -> rig.report(node.nodeId(), DriverState.FAILED, "no main class"));
            rig.tick();
        }

        assertThat(rig.provider.requests().size()).isBetween(3, 12);
        assertThat(Pools.troubles(rig.pools, ADMIN, pool))
                .singleElement()
                .asString()
                .contains("no main class");
    }

    @Test
    void idleNodesGiveTheirMemoryToAClusterOfTheirWorkspaceAlone() {
        String pool = pool("gives", 1, 5);
        rig.settle();
        String idle = rig.nodes.live().get(0).nodeId();
        rig.freeMb = 3_500;

        Clusters.create(rig.clusters, EVE, Rig.spec("local.medium"), null);
        rig.ticks(3);
        assertThat(rig.provider.nodeIds()).containsExactly(idle);
        String id = Clusters.create(rig.clusters, ADMIN, Rig.spec("local.medium"), null);
        rig.ticks(2);

        assertThat(rig.provider.nodeIds()).doesNotContain(idle);
        rig.freeMb = 64_000;
        rig.settle();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
    }

    @Test
    void whereANodeCannotBeGivenLaterNoneIdlesAndTheCapacityHolds() {
        String pool = pool("closed", 1, 1);
        rig.settle();
        rig.provider.opens(false);
        rig.restartManager();

        rig.settle();
        assertThat(rig.provider.nodeIds()).isEmpty();
        assertThat(Pools.troubles(rig.pools, ADMIN, pool))
                .singleElement()
                .asString()
                .contains("root");
        String first = cluster(pool);
        rig.settle();
        String second = cluster(pool);
        rig.settle();

        assertThat(rig.cluster(first).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(second).status().message()).contains("are in use");
        assertThat(rig.provider.nodeIds()).hasSize(1);
    }

    @Test
    void anEditToAnotherPoolMovesARunningCluster() {
        String first = pool("first", 0, 5);
        String second = pool("second", 0, 5);
        String id = cluster(first);
        rig.settle();

        Clusters.edit(rig.clusters, ADMIN, spec(second), id);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RESTARTING);
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.nodeOf(id).poolId()).isEqualTo(second);
        assertThat(counts(first)).isEqualTo(new Counts(0, 0, 0, 0));
    }

    @Test
    void goingDownEndsIdleNodesAndAClosedWorkspaceToo() {
        pool("ends", 2, 5);
        Pools.create(rig.pools, EVE, Pools.wish("theirs", 1, 5));
        rig.settle();
        assertThat(rig.provider.nodeIds()).hasSize(3);

        assertThat(Clusters.close(rig.clusters, 2)).isEqualTo(1);
        rig.settle();
        assertThat(rig.provider.nodeIds()).hasSize(2);
        assertThat(Clusters.close(rig.clusters, 2)).isZero();
        rig.clusters.stopAll();
        rig.settle();

        assertThat(rig.nodes.live()).isEmpty();
        assertThat(rig.provider.nodeIds()).isEmpty();
    }

    private String pool(String name, int idle, int most) {
        return Pools.create(rig.pools, ADMIN, Pools.wish(name, idle, most));
    }

    private Counts counts(String pool) {
        return Pools.counts(rig.pools, ADMIN, pool);
    }

    private String cluster(String pool) {
        return Clusters.create(rig.clusters, ADMIN, spec(pool), null);
    }

    private String cluster(String pool, int ticks) {
        String id = cluster(pool);
        rig.ticks(ticks);
        return id;
    }

    static ObjectNode spec(String pool) {
        ObjectNode spec = Rig.spec("local.small");
        spec.remove("node_type_id");
        return spec.put("instance_pool_id", pool);
    }
}
