package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.cluster.EventType;
import io.campanile.clusters.node.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters whose load decides how many workers they have. */
final class AutoscaleTest {
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
    void itStartsWithTheFewestAndFollowsItsLoadUpAndDown() {
        String id = running();
        assertThat(rig.workersOf(id)).hasSize(1);

        rig.spark.pendingTasks = 1_000;
        rig.spark.runningTasks = 2;
        rig.spark.busy.addAll(List.of("0", "1", "2", "3", "4", "5"));
        rig.settle();
        rig.settle();

        assertThat(rig.workersOf(id)).hasSize(4);
        assertThat(rig.events(id)).contains("AUTOSCALING_STATS_REPORT", "RESIZING", "UPSIZE_COMPLETED");
        assertThat(Clusters.details(rig.clusters, ADMIN, id, EventType.AUTOSCALING_STATS_REPORT))
                .first()
                .satisfies(details -> assertThat(details)
                        .containsEntry("pending_tasks", 1_000)
                        .containsEntry("running_tasks", 2)
                        .containsEntry("min_workers", 1)
                        .containsEntry("max_workers", 4)
                        .containsEntry("current_num_workers", 1)
                        .containsEntry("target_num_workers", 3)
                        .containsEntry("cause", "AUTOSCALE"));

        rig.spark.pendingTasks = 0;
        rig.spark.runningTasks = 1;
        rig.spark.busy.retainAll(List.of("2"));
        idleFor(Duration.ofMinutes(5));

        assertThat(rig.workersOf(id).stream().map(Node::executorId))
                .as("the one that works stays")
                .containsExactly(2);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.events(id)).doesNotContain("NODES_LOST");
    }

    @Test
    void aRestartedManagerKeepsTheSizeUntilItHasSeenEnough() {
        String id = running();
        rig.spark.pendingTasks = 1_000;
        rig.settle();
        rig.settle();
        assertThat(rig.workersOf(id)).hasSize(4);
        rig.spark.pendingTasks = 0;
        idleFor(Duration.ofSeconds(60));

        rig.restartManager();
        idleFor(Duration.ofSeconds(60));
        assertThat(rig.workersOf(id)).hasSize(4);
        idleFor(Duration.ofMinutes(2));

        assertThat(rig.workersOf(id)).hasSize(1);
    }

    @Test
    void aResizeToOtherBoundsIsFollowed() {
        String id = running();

        ObjectNode body = io.campanile.common.json.Json.MAPPER.createObjectNode();
        body.putObject("autoscale").put("min_workers", 2).put("max_workers", 3);
        Clusters.resize(rig.sizes, ADMIN, id, body);
        rig.settle();
        assertThat(rig.workersOf(id)).hasSize(2);
        Clusters.resize(rig.sizes, ADMIN, id, 1, false);
        rig.settle();

        assertThat(rig.workersOf(id)).hasSize(1);
        assertThat(rig.cluster(id).spec().workers().autoscale()).isNull();
    }

    private void idleFor(Duration time) {
        for (long left = time.toSeconds(); left > 0; left -= 2) {
            rig.tick();
            rig.allReady();
        }
    }

    private String running() {
        ObjectNode spec = Rig.spec("local.small");
        spec.remove("num_workers");
        spec.putObject("autoscale").put("min_workers", 1).put("max_workers", 4);
        String id = Clusters.create(rig.clusters, ADMIN, spec, null);
        rig.settle();
        return id;
    }
}
