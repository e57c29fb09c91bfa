package io.campanile.clusters.pool;

import static io.campanile.clusters.pool.PoolPlatform.ADMIN;
import static io.campanile.clusters.pool.PoolPlatform.BOB;
import static io.campanile.clusters.pool.PoolPlatform.STRANGER;
import static io.campanile.clusters.testing.TestManager.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.CreateInstancePool;
import com.databricks.sdk.service.compute.CreatePolicy;
import com.databricks.sdk.service.compute.EditCluster;
import com.databricks.sdk.service.compute.GetInstancePool;
import com.databricks.sdk.service.compute.UpdateCluster;
import com.databricks.sdk.service.compute.UpdateClusterResource;
import io.campanile.common.auth.Caller;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Clusters of instance pools as the SDK meets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PooledClustersApiTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    private PoolPlatform platform;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        platform = new PoolPlatform(dataDir);
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    @Test
    void aClusterTakesANodeOfItsPool() throws Exception {
        String pool = platform.pool("warm", 1, 3L);
        await().atMost(SOON).until(() -> stats(pool).getStats().getIdleCount() == 1);

        ClusterDetails details =
                platform.client(ADMIN).clusters().create(wish(pool)).get(SOON);

        assertThat(details.getInstancePoolId()).isEqualTo(pool);
        assertThat(details.getDriverInstancePoolId()).isNull();
        assertThat(details.getNodeTypeId()).isEqualTo("local.small");
        assertThat(stats(pool).getStats().getUsedCount()).isEqualTo(1);
        platform.client(ADMIN).clusters().permanentDelete(details.getClusterId());
        await().atMost(SOON).until(() -> stats(pool).getStats().getUsedCount() == 0);
    }

    @Test
    void aFullPoolIsNamedInTheClustersState() {
        String pool = platform.pool("narrow", 0, 1L);
        String first = create(ADMIN, wish(pool));
        String second = create(ADMIN, wish(pool));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(platform.client(ADMIN)
                                        .clusters()
                                        .get(second)
                                        .getStateMessage()
                                + platform.client(ADMIN).clusters().get(first).getStateMessage())
                        .contains("All 1 nodes of instance pool narrow (" + pool + ") are in use"));
        platform.client(ADMIN).clusters().permanentDelete(first);
        platform.client(ADMIN).clusters().permanentDelete(second);
    }

    @Test
    void whatDoesNotFitThePoolIsRefusedByName() {
        String pool = platform.pool("typed", 0, null);

        bad(wish(pool).setNodeTypeId("local.large"), "node_type_id must be left out or local.small");
        bad(wish(pool).setDriverNodeTypeId("local.large"), "driver_node_type_id must be left out or local.small");
        bad(wish("none"), "instance_pool_id: instance pool none does not exist");
        bad(wish(pool).setDriverInstancePoolId("none"), "driver_instance_pool_id: instance pool none does not exist");
        bad(
                wish(null).setNodeTypeId("local.small").setDriverInstancePoolId(pool),
                "driver_instance_pool_id needs instance_pool_id");
        refused(() -> platform.client(STRANGER).clusters().create(wish(pool)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("does not exist");
        refused(() -> platform.client(BOB).clusters().create(wish(pool)), 403, "PERMISSION_DENIED")
                .hasMessageContaining("CAN_ATTACH_TO on instance pool " + pool);
        platform.give(pool, "bob@example.com");
        String id = create(BOB, wish(pool).setNodeTypeId("local.small"));
        platform.client(BOB).clusters().permanentDelete(id);
    }

    @Test
    void anUpdateMovesAClusterBetweenPools() throws Exception {
        String small = platform.pool("small", 0, null);
        String large = platform.client(ADMIN)
                .instancePools()
                .create(new CreateInstancePool().setInstancePoolName("large").setNodeTypeId("local.large"))
                .getInstancePoolId();
        String id =
                platform.client(ADMIN).clusters().create(wish(small)).get(SOON).getClusterId();
        platform.client(ADMIN).clusters().delete(id).get(SOON);

        platform.client(ADMIN)
                .clusters()
                .update(new UpdateCluster()
                        .setClusterId(id)
                        .setUpdateMask("instance_pool_id")
                        .setCluster(new UpdateClusterResource().setInstancePoolId(large)));
        assertThat(platform.client(ADMIN).clusters().get(id).getNodeTypeId()).isEqualTo("local.large");
        platform.client(ADMIN).instancePools().delete(large);
        refused(
                        () -> platform.client(ADMIN)
                                .clusters()
                                .edit(new EditCluster()
                                        .setClusterId(id)
                                        .setClusterName("edited")
                                        .setSparkVersion("4.0.x-scala2.13")
                                        .setInstancePoolId(large)
                                        .setNumWorkers(0L)),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("does not exist (any more)");
        platform.client(ADMIN)
                .clusters()
                .edit(new EditCluster()
                        .setClusterId(id)
                        .setClusterName("without a pool")
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small")
                        .setNumWorkers(0L));
        assertThat(platform.client(ADMIN).clusters().get(id).getInstancePoolId())
                .isNull();
    }

    @Test
    void aPolicyGivesThePoolAndItsRulesHoldForThePoolsNodeType() {
        String pool = platform.pool("by a policy", 0, null);
        String fixed = policy("fixed", "{\"instance_pool_id\": {\"type\": \"fixed\", \"value\": \"" + pool + "\"}}");
        String large = policy("large", "{\"node_type_id\": {\"type\": \"allowlist\", \"values\": [\"local.large\"]}}");

        String id = create(ADMIN, wish(null).setPolicyId(fixed));

        assertThat(platform.client(ADMIN).clusters().get(id).getInstancePoolId())
                .isEqualTo(pool);
        bad(wish("other").setPolicyId(fixed), "instance_pool_id must be " + pool + " (fixed), not other");
        bad(wish(pool).setPolicyId(large), "node_type_id must be one of local.large");
        platform.client(ADMIN).clusters().permanentDelete(id);
    }

    private String policy(String name, String definition) {
        return platform.client(ADMIN)
                .clusterPolicies()
                .create(new CreatePolicy().setName(name).setDefinition(definition))
                .getPolicyId();
    }

    private GetInstancePool stats(String pool) {
        return platform.client(ADMIN).instancePools().get(pool);
    }

    private String create(Caller caller, CreateCluster wish) {
        return platform.client(caller).clusters().create(wish).getResponse().getClusterId();
    }

    private static CreateCluster wish(@Nullable String pool) {
        return new CreateCluster()
                .setClusterName("of a pool")
                .setSparkVersion("4.0.x-scala2.13")
                .setInstancePoolId(pool)
                .setNumWorkers(0L);
    }

    private void bad(CreateCluster wish, String message) {
        refused(() -> platform.client(ADMIN).clusters().create(wish), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining(message);
    }
}
