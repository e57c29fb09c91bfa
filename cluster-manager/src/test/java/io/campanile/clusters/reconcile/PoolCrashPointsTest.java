package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.pool.PoolNodes.Counts;
import io.campanile.clusters.pool.Pools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manager dies at each point of each act of a pool of three: nothing leaks, no fourth node is ever there. */
final class PoolCrashPointsTest {
    private static final int MOST = 3;

    @TempDir
    Path dataDir;

    private int most;
    private final Set<String> idleAgain = new HashSet<>();

    @ParameterizedTest
    @CsvSource({
        "list, fill",
        "before create, fill",
        "after create, fill",
        "list, take",
        "before create, fresh",
        "after create, fresh",
        "before terminate, fresh",
        "after terminate, fresh",
        "forget, fresh",
        "before terminate, shrink",
        "forget, shrink",
        "forget, delete",
        "before terminate, end",
        "after terminate, end",
        "forget, end"
    })
    void nothingLeaksAndThePoolIsNeverTooLarge(String point, String act) {
        try (Rig rig = new Rig(dataDir, ClusterConfig.defaults().withWarmPool(0))) {
            String bystander = rig.create();
            watch(rig, 12);
            String healthy = rig.nodeOf(bystander).nodeId();
            String pool = Pools.create(rig.pools, ADMIN, Pools.wish("p", 2, MOST));
            String id = "";
            if (!act.equals("fill")) {
                watch(rig, 12);
                rig.links.deaf = !act.equals("take");
            }
            if (act.equals("end")) {
                id = Clusters.create(rig.clusters, ADMIN, InstancePoolsTest.spec(pool), null);
                watch(rig, 3);
            }

            rig.provider.crashAt(point);
            id = act(rig, act, pool, id);
            watch(rig, 24);
            rig.links.deaf = false;
            rig.clock.advance(Duration.ofSeconds(20));
            watch(rig, 12);

            assertThat(rig.provider.crashed()).isTrue();
            assertThat(most).isLessThanOrEqualTo(MOST);
            assertThat(idleAgain).isEmpty();
            assertThat(rig.nodeOf(bystander).nodeId()).isEqualTo(healthy);
            assertThat(rig.provider.calls()).doesNotContain("terminate " + healthy, "kill " + healthy);
            assertThat(rig.nodes.live().stream().map(Node::nodeId))
                    .containsExactlyInAnyOrderElementsOf(rig.provider.nodeIds());
            switch (act) {
                case "take", "fresh" -> {
                    assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
                    assertThat(Pools.counts(rig.pools, ADMIN, pool)).isEqualTo(new Counts(2, 1, 0, 0));
                }
                case "shrink", "delete" -> assertThat(rig.provider.nodeIds()).containsExactly(healthy);
                case "end" -> {
                    assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATED);
                    assertThat(Pools.counts(rig.pools, ADMIN, pool)).isEqualTo(new Counts(2, 0, 0, 0));
                }
                default -> assertThat(Pools.counts(rig.pools, ADMIN, pool)).isEqualTo(new Counts(2, 0, 0, 0));
            }
        }
    }

    private static String act(Rig rig, String act, String pool, String id) {
        switch (act) {
            case "take" -> {
                return Clusters.create(rig.clusters, ADMIN, InstancePoolsTest.spec(pool), null);
            }
            case "fresh" -> {
                // Of three places two are idle and one is free; with one idle node more there is none.
                Pools.edit(rig.pools, ADMIN, pool, Pools.wish("p", 2, 2));
                var spec = InstancePoolsTest.spec(pool);
                spec.putObject("spark_env_vars").put("STAGE", "test");
                String made = Clusters.create(rig.clusters, ADMIN, spec, null);
                rig.tickOrCrash();
                Pools.edit(rig.pools, ADMIN, pool, Pools.wish("p", 2, MOST));
                return made;
            }
            case "shrink" ->
                Pools.edit(
                        rig.pools,
                        ADMIN,
                        pool,
                        Pools.wish("p", 0, MOST).put("idle_instance_autotermination_minutes", 0));
            case "delete" -> Pools.delete(rig.pools, ADMIN, pool);
            case "end" -> Clusters.terminate(rig.clusters, ADMIN, id);
            default -> assertThat(act).isEqualTo("fill");
        }
        return id;
    }

    /** Looks so often; a crash begins a new manager. Nodes of the pool are counted where they are: at the provider. */
    private void watch(Rig rig, int looks) {
        for (int i = 0; i < looks; i++) {
            rig.tickOrCrash();
            rig.allReady();
            int there = 0;
            for (String nodeId : rig.provider.nodeIds()) {
                Node node = rig.nodes.find(nodeId).orElseThrow();
                there += node.poolId() == null ? 0 : 1;
                String clusterId = node.clusterId();
                if (clusterId == null && node.life().assignSentAt() != null) {
                    idleAgain.add(nodeId);
                }
            }
            most = Math.max(most, there);
        }
    }
}
