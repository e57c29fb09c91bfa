package io.campanile.clusters.policy;

import static io.campanile.clusters.policy.PolicyPlatform.ADMIN;
import static io.campanile.clusters.testing.TestManager.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.AutoScale;
import com.databricks.sdk.service.compute.AwsAttributes;
import com.databricks.sdk.service.compute.AwsAvailability;
import com.databricks.sdk.service.compute.ClustersAPI;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.ResizeCluster;
import com.databricks.sdk.service.compute.State;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Policies govern how many workers there are, when clusters are made and when they are resized. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GovernedSizesApiTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    private PolicyPlatform platform;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        platform = new PolicyPlatform(dataDir);
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    @Test
    void aNumberOutOfRangeIsRefusedWhenAClusterIsMadeAndWhenItIsResized() throws Exception {
        String policy = platform.policy("few", """
                {"num_workers": {"type": "range", "minValue": 1, "maxValue": 2},
                 "autoscale.*": {"type": "forbidden"}}""");
        ClustersAPI clusters = platform.client(ADMIN).clusters();

        refused(() -> clusters.create(sized(policy).setNumWorkers(3L)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("num_workers must be at least 1 and at most 2 (range), not 3");
        refused(() -> clusters.create(sized(policy)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("where it is not given it is 0");
        String id = clusters.create(sized(policy).setNumWorkers(1L)).get(SOON).getClusterId();
        refused(
                        () -> clusters.resize(
                                new ResizeCluster().setClusterId(id).setNumWorkers(3L)),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("num_workers must be at least 1 and at most 2 (range), not 3");
        refused(
                        () -> clusters.resize(
                                new ResizeCluster().setClusterId(id).setAutoscale(scale(1, 2))),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("autoscale.max_workers must not be given (forbidden)");

        assertThat(clusters.resize(new ResizeCluster().setClusterId(id).setNumWorkers(2L))
                        .get(SOON)
                        .getState())
                .isEqualTo(State.RUNNING);
    }

    @Test
    void boundsAreGovernedAndFilledIn() throws Exception {
        String policy = platform.policy("scaled", """
                {"autoscale.min_workers": {"type": "fixed", "value": 1},
                 "autoscale.max_workers": {"type": "range", "maxValue": 3, "defaultValue": 2}}""");
        ClustersAPI clusters = platform.client(ADMIN).clusters();

        String id = clusters.create(sized(policy).setApplyPolicyDefaultValues(true))
                .get(SOON)
                .getClusterId();
        assertThat(clusters.get(id).getAutoscale()).isEqualTo(scale(1, 2));
        refused(
                        () -> clusters.resize(
                                new ResizeCluster().setClusterId(id).setAutoscale(scale(1, 4))),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("autoscale.max_workers must be at most 3 (range), not 4");
        clusters.resize(new ResizeCluster().setClusterId(id).setAutoscale(scale(1, 3)))
                .get(SOON);

        assertThat(clusters.get(id).getAutoscale()).isEqualTo(scale(1, 3));
    }

    @Test
    void aSingleNodeStaysOneWhereThePolicySaysSo() throws Exception {
        String policy = platform.policy("single", "{\"is_single_node\": {\"type\": \"fixed\", \"value\": true}}");
        ClustersAPI clusters = platform.client(ADMIN).clusters();
        String id = clusters.create(sized(policy).setNumWorkers(0L)).get(SOON).getClusterId();

        refused(
                        () -> clusters.resize(
                                new ResizeCluster().setClusterId(id).setNumWorkers(1L)),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("is_single_node");
    }

    @Test
    void whatAResizeLeavesCountsAsGiven() throws Exception {
        String policy = platform.policy("zoned", """
                {"aws_attributes.availability": {"type": "allowlist", "values": ["ON_DEMAND"], "isOptional": false}}""");
        ClustersAPI clusters = platform.client(ADMIN).clusters();
        String id = clusters.create(sized(policy)
                        .setNumWorkers(1L)
                        .setAwsAttributes(new AwsAttributes().setAvailability(AwsAvailability.ON_DEMAND)))
                .get(SOON)
                .getClusterId();

        clusters.resize(new ResizeCluster().setClusterId(id).setNumWorkers(2L)).get(SOON);

        assertThat(clusters.get(id).getNumWorkers()).isEqualTo(2);
    }

    @Test
    void aPolicyThatIsGoneForbidsNoResize() throws Exception {
        String policy = platform.policy("gone", "{\"num_workers\": {\"type\": \"range\", \"maxValue\": 1}}");
        ClustersAPI clusters = platform.client(ADMIN).clusters();
        String id = clusters.create(sized(policy).setNumWorkers(1L)).get(SOON).getClusterId();

        platform.client(ADMIN).clusterPolicies().delete(policy);
        clusters.resize(new ResizeCluster().setClusterId(id).setNumWorkers(2L)).get(SOON);

        assertThat(clusters.get(id).getExecutors()).hasSize(2);
    }

    private static AutoScale scale(long min, long max) {
        return new AutoScale().setMinWorkers(min).setMaxWorkers(max);
    }

    private static CreateCluster sized(String policy) {
        return new CreateCluster()
                .setClusterName("sized")
                .setPolicyId(policy)
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.small");
    }
}
