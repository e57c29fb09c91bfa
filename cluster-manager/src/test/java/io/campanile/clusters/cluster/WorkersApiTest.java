package io.campanile.clusters.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.AutoScale;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ClusterEvent;
import com.databricks.sdk.service.compute.ClustersAPI;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.EditCluster;
import com.databricks.sdk.service.compute.EventDetailsCause;
import com.databricks.sdk.service.compute.EventType;
import com.databricks.sdk.service.compute.GetEvents;
import com.databricks.sdk.service.compute.ResizeCluster;
import com.databricks.sdk.service.compute.State;
import io.campanile.clusters.testing.TestManager;
import io.campanile.common.auth.Caller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sizes of clusters, driven by the public SDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkersApiTest {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private TestManager manager;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        manager = new TestManager(dataDir, null);
    }

    @AfterAll
    void stop() {
        manager.close();
    }

    @Test
    void aClusterIsMadeResizedAndShownWithItsExecutors() throws Exception {
        ClustersAPI clusters = clusters(admin(1));

        ClusterDetails made =
                clusters.create(sized("workers").setNumWorkers(2L)).get(SOON);
        String id = made.getClusterId();
        await(clusters, id, 2);
        ClusterDetails two = clusters.get(id);
        ClusterDetails three = clusters.resize(
                        new ResizeCluster().setClusterId(id).setNumWorkers(3L))
                .get(SOON);
        ClusterDetails one = clusters.resize(
                        new ResizeCluster().setClusterId(id).setNumWorkers(1L))
                .get(SOON);

        assertThat(two.getNumWorkers()).isEqualTo(2);
        assertThat(two.getAutoscale()).isNull();
        assertThat(two.getIsSingleNode()).isFalse();
        assertThat(two.getClusterCores()).isEqualTo(3.0 * CORES);
        assertThat(two.getClusterMemoryMb()).isEqualTo(3 * 1024);
        assertThat(two.getExecutors()).hasSize(2).allSatisfy(node -> {
            assertThat(node.getNodeId()).isNotEqualTo(two.getDriver().getNodeId());
            assertThat(node.getStartTimestamp()).isPositive();
        });
        assertThat(three.getState()).isEqualTo(State.RUNNING);
        assertThat(three.getExecutors()).hasSize(3);
        assertThat(one.getExecutors()).hasSize(1);
        assertThat(one.getSparkContextId()).isEqualTo(two.getSparkContextId());
        assertThat(events(clusters, id))
                .extracting(ClusterEvent::getType)
                .containsSubsequence(EventType.RUNNING, EventType.RESIZING, EventType.UPSIZE_COMPLETED);
        assertThat(events(clusters, id))
                .filteredOn(event -> event.getType() == EventType.RESIZING)
                .first()
                .satisfies(event -> {
                    assertThat(event.getDetails().getCause()).isEqualTo(EventDetailsCause.USER_REQUEST);
                    assertThat(event.getDetails().getUser()).isEqualTo("ann@example.com");
                    assertThat(event.getDetails().getCurrentNumWorkers()).isEqualTo(2);
                    assertThat(event.getDetails().getTargetNumWorkers()).isEqualTo(3);
                    assertThat(event.getDetails().getClusterSize().getNumWorkers())
                            .isEqualTo(3);
                });
        assertThat(clusters.get(id).getNumWorkers()).isEqualTo(1);
    }

    @Test
    void aClusterThatScalesComesBackAsItWasMade() throws Exception {
        ClustersAPI clusters = clusters(admin(2));
        AutoScale bounds = new AutoScale().setMinWorkers(1L).setMaxWorkers(3L);

        String id = clusters.create(sized("scaled").setAutoscale(bounds).setDriverNodeTypeId("local.medium"))
                .get(SOON)
                .getClusterId();
        await(clusters, id, 1);
        ClusterDetails details = clusters.get(id);

        assertThat(details.getAutoscale()).isEqualTo(bounds);
        assertThat(details.getNumWorkers()).isEqualTo(1);
        assertThat(details.getDriverNodeTypeId()).isEqualTo("local.medium");
        assertThat(details.getNodeTypeId()).isEqualTo("local.small");
        assertThat(details.getClusterMemoryMb()).isEqualTo(2048 + 1024);
        AutoScale wider = new AutoScale().setMinWorkers(2L).setMaxWorkers(4L);
        clusters.resize(new ResizeCluster().setClusterId(id).setAutoscale(wider))
                .get(SOON);
        assertThat(clusters.get(id).getAutoscale()).isEqualTo(wider);
        assertThat(clusters.get(id).getExecutors()).hasSize(2);
        assertThat(manager.provider().requests().stream()
                        .filter(request -> request.executorId() == null)
                        .map(request -> request.shape().nodeTypeId()))
                .contains("local.medium");
    }

    @Test
    void anEditOfTheSizeKeepsTheDriver() throws Exception {
        ClustersAPI clusters = clusters(admin(3));
        String id = clusters.create(sized("edited").setNumWorkers(1L)).get(SOON).getClusterId();
        ClusterDetails before = clusters.get(id);

        clusters.edit(new EditCluster()
                        .setClusterId(id)
                        .setClusterName("edited")
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small")
                        .setNumWorkers(2L))
                .get(SOON);
        ClusterDetails after = clusters.get(id);

        assertThat(after.getDriver().getNodeId()).isEqualTo(before.getDriver().getNodeId());
        assertThat(after.getExecutors()).hasSize(2);
    }

    @Test
    void badSizesAreRefusedByName() {
        ClustersAPI clusters = clusters(admin(4));

        refused(() -> clusters.create(sized("a").setNumWorkers(-1L)), "num_workers must be between 0 and 16, not -1");
        refused(() -> clusters.create(sized("a").setNumWorkers(17L)), "num_workers must be between 0 and 16, not 17");
        refused(() -> clusters.create(sized("a").setNumWorkers(5_000_000_000L)), "num_workers");
        refused(
                () -> clusters.create(sized("a").setNumWorkers(1L).setAutoscale(scale(1, 2))),
                "Only one of num_workers and autoscale");
        refused(() -> clusters.create(sized("a").setAutoscale(scale(0, 2))), "autoscale.min_workers");
        refused(() -> clusters.create(sized("a").setAutoscale(scale(1, 99))), "autoscale.max_workers");
        refused(
                () -> clusters.create(sized("a").setAutoscale(scale(2, 2))),
                "autoscale.max_workers must be greater than autoscale.min_workers");
        refused(
                () -> clusters.create(sized("a").setAutoscale(new AutoScale().setMinWorkers(1L))),
                "Missing required field: autoscale.max_workers");
        refused(
                () -> clusters.create(sized("a").setNumWorkers(1L).setIsSingleNode(true)),
                "is_single_node true leaves no room");
        refused(
                () -> clusters.create(sized("a").setNumWorkers(0L).setIsSingleNode(false)),
                "is_single_node false needs num_workers");
        refused(
                () -> clusters.create(sized("a").setNumWorkers(0L).setDriverNodeTypeId("local.large")),
                "driver_node_type_id");
        refused(() -> clusters.create(sized("a").setNumWorkers(1L).setDriverNodeTypeId("m5.huge")), "m5.huge");
        for (String key : List.of("spark.master", "spark.databricks.cluster.profile")) {
            refused(
                    () -> clusters.create(sized("a").setNumWorkers(1L).setSparkConf(Map.of(key, "local[*]"))),
                    "spark_conf." + key + " is for clusters without workers");
        }
    }

    @Test
    void aResizeThatCannotBeIsRefusedWithItsReason() throws Exception {
        ClustersAPI clusters = clusters(admin(5));
        String id =
                clusters.create(sized("resized").setNumWorkers(1L)).get(SOON).getClusterId();
        Caller eve = new Caller(5, 99, "eve@example.com", false, null, "request-1");

        refused(() -> clusters.resize(new ResizeCluster().setClusterId(id)), "num_workers or autoscale must be given");
        refused(
                () -> clusters.resize(
                        new ResizeCluster().setClusterId(id).setNumWorkers(1L).setAutoscale(scale(1, 2))),
                "Only one of num_workers and autoscale");
        refused(() -> clusters.resize(new ResizeCluster().setClusterId(id).setNumWorkers(99L)), "num_workers");
        refused(() -> clusters.resize(new ResizeCluster().setNumWorkers(1L)), "cluster_id");
        refused(
                () -> clusters.resize(
                        new ResizeCluster().setClusterId("0101-000000-aaaaaaaa").setNumWorkers(1L)),
                "Cluster 0101-000000-aaaaaaaa does not exist");
        refused(
                () -> clusters(admin(6))
                        .resize(new ResizeCluster().setClusterId(id).setNumWorkers(1L)),
                "Cluster " + id + " does not exist");
        failed(
                () -> clusters(eve).resize(new ResizeCluster().setClusterId(id).setNumWorkers(1L)),
                403,
                "PERMISSION_DENIED",
                "CAN_MANAGE");
        clusters.delete(id).get(SOON);
        failed(
                () -> clusters.resize(new ResizeCluster().setClusterId(id).setNumWorkers(2L)),
                400,
                "INVALID_STATE",
                "unexpected state Terminated");
    }

    @Test
    void aResizeLeavesNoSettingsThatCouldNotBeMade() throws Exception {
        ClustersAPI clusters = clusters(admin(9));
        String alone = clusters.create(
                        sized("alone").setNumWorkers(0L).setSparkConf(Map.of("spark.master", "local[*]")))
                .get(SOON)
                .getClusterId();
        String led = clusters.create(sized("led").setNumWorkers(1L).setDriverNodeTypeId("local.medium"))
                .get(SOON)
                .getClusterId();

        refused(
                () -> clusters.resize(new ResizeCluster().setClusterId(alone).setNumWorkers(1L)),
                "spark_conf.spark.master is for clusters without workers");
        refused(
                () -> clusters.resize(new ResizeCluster().setClusterId(led).setNumWorkers(0L)),
                "driver_node_type_id must equal node_type_id");
    }

    @Test
    void anotherWorkspaceSeesNoneOfTheWorkers() throws Exception {
        ClustersAPI mine = clusters(admin(7));
        ClustersAPI theirs = clusters(admin(8));
        String id = mine.create(sized("mine").setNumWorkers(2L)).get(SOON).getClusterId();
        String other =
                theirs.create(sized("theirs").setNumWorkers(1L)).get(SOON).getClusterId();

        await(mine, id, 2);
        await(theirs, other, 1);
        assertThat(theirs.get(other).getExecutors())
                .extracting(node -> node.getNodeId())
                .doesNotContainAnyElementsOf(mine.get(id).getExecutors().stream()
                        .map(node -> node.getNodeId())
                        .toList());
    }

    private static void await(ClustersAPI clusters, String id, int executors) {
        org.awaitility.Awaitility.await()
                .atMost(SOON)
                .until(() -> clusters.get(id).getExecutors() != null
                        && clusters.get(id).getExecutors().size() == executors);
    }

    private static List<ClusterEvent> events(ClustersAPI clusters, String id) {
        List<ClusterEvent> events = new ArrayList<>();
        clusters.events(new GetEvents()
                        .setClusterId(id)
                        .setOrder(com.databricks.sdk.service.compute.GetEventsOrder.ASC))
                .forEach(events::add);
        return events;
    }

    private static AutoScale scale(long min, long max) {
        return new AutoScale().setMinWorkers(min).setMaxWorkers(max);
    }

    private static CreateCluster sized(String name) {
        return new CreateCluster()
                .setClusterName(name)
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.small");
    }

    private static void refused(Runnable call, String message) {
        failed(call, 400, "INVALID_PARAMETER_VALUE", message);
    }

    private static void failed(Runnable call, int status, String code, String message) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(DatabricksError.class, error -> {
            assertThat(error.getStatusCode()).isEqualTo(status);
            assertThat(error.getErrorCode()).isEqualTo(code);
            assertThat(error.getMessage()).contains(message);
        });
    }

    private ClustersAPI clusters(Caller caller) {
        return manager.client(caller).clusters();
    }

    private static Caller admin(long workspaceId) {
        return new Caller(workspaceId, 7, "ann@example.com", true, null, "request-1");
    }
}
