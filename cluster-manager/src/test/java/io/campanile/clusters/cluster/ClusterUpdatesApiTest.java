package io.campanile.clusters.cluster;

import static io.campanile.clusters.cluster.ClusterPlatform.SOON;
import static io.campanile.clusters.cluster.ClusterPlatform.admin;
import static io.campanile.clusters.cluster.ClusterPlatform.bob;
import static io.campanile.clusters.cluster.ClusterPlatform.invalid;
import static io.campanile.clusters.cluster.ClusterPlatform.small;
import static io.campanile.clusters.testing.TestManager.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.compute.AwsAttributes;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ClusterEvent;
import com.databricks.sdk.service.compute.EventType;
import com.databricks.sdk.service.compute.GetEvents;
import com.databricks.sdk.service.compute.GetEventsOrder;
import com.databricks.sdk.service.compute.State;
import com.databricks.sdk.service.compute.UpdateCluster;
import com.databricks.sdk.service.compute.UpdateClusterResource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Changing single settings of a cluster, through the public SDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClusterUpdatesApiTest {
    private ClusterPlatform platform;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        platform = new ClusterPlatform(dataDir);
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    @Test
    void onlyWhatIsNamedIsChangedAndWhatIsNamedAndNotGivenIsCleared() throws Exception {
        WorkspaceClient client = platform.client(admin(1));
        String id = stopped(client, "before");

        update(
                client,
                id,
                "cluster_name,custom_tags",
                new UpdateClusterResource()
                        .setClusterName("after")
                        .setNodeTypeId("local.large")
                        .setCustomTags(Map.of("team", "blue")));

        ClusterDetails details = client.clusters().get(id);
        assertThat(details.getClusterName()).isEqualTo("after");
        assertThat(details.getNodeTypeId()).isEqualTo("local.small");
        assertThat(details.getCustomTags()).containsExactly(Map.entry("team", "blue"));
        assertThat(details.getAutoterminationMinutes()).isEqualTo(20);
        update(client, id, "custom_tags,spark_env_vars,autotermination_minutes", new UpdateClusterResource());
        ClusterDetails cleared = client.clusters().get(id);
        assertThat(cleared.getCustomTags()).isEmpty();
        assertThat(cleared.getAutoterminationMinutes()).isEqualTo(72 * 60);
        assertThat(cleared.getClusterName()).isEqualTo("after");
        assertThat(cleared.getState()).isEqualTo(State.TERMINATED);
    }

    @Test
    void innerFieldsAreNamedAfterADot() throws Exception {
        WorkspaceClient client = platform.client(admin(2));
        String id = stopped(client, "inner");

        update(
                client,
                id,
                "aws_attributes",
                new UpdateClusterResource()
                        .setAwsAttributes(new AwsAttributes().setZoneId("auto").setFirstOnDemand(2L)));
        update(
                client,
                id,
                "aws_attributes.zone_id",
                new UpdateClusterResource()
                        .setAwsAttributes(new AwsAttributes().setZoneId("local").setFirstOnDemand(9L)));

        AwsAttributes aws = client.clusters().get(id).getAwsAttributes();
        assertThat(aws.getZoneId()).isEqualTo("local");
        assertThat(aws.getFirstOnDemand()).isEqualTo(2);
        update(
                client,
                id,
                "*",
                new UpdateClusterResource()
                        .setClusterName("whole")
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.medium"));
        ClusterDetails whole = client.clusters().get(id);
        assertThat(whole.getNodeTypeId()).isEqualTo("local.medium");
        assertThat(whole.getDriverNodeTypeId()).isEqualTo("local.medium");
        assertThat(whole.getAwsAttributes().getFirstOnDemand()).isNull();
        assertThat(whole.getSparkConf()).isEmpty();
    }

    @Test
    void aMaskThatNamesWhatThereIsNotIsRefusedByName() throws Exception {
        WorkspaceClient client = platform.client(admin(3));
        String id = stopped(client, "masks");
        UpdateClusterResource given = new UpdateClusterResource().setClusterName("no");

        invalid(
                () -> update(client, id, "cluster_nam", given),
                "update_mask names a field that clusters do not have: " + "cluster_nam");
        invalid(() -> update(client, id, "cluster_name,", given), "(nothing)");
        invalid(() -> update(client, id, "aws_attributes.zone", given), "aws_attributes.zone");
        invalid(() -> update(client, id, "spark_conf.spark.x", given), "only spark_conf as a whole");
        invalid(() -> update(client, id, "", given), "update_mask");
        invalid(() -> update(client, id, "spark_version", given), "spark_version");
        invalid(() -> update(client, "", "cluster_name", given), "cluster_id");
        invalid(
                () -> update(
                        client,
                        id,
                        "aws_attributes.zone_id",
                        new UpdateClusterResource().setAwsAttributes(new AwsAttributes().setZoneId("us-west-2a"))),
                "aws_attributes.zone_id must be local or auto: us-west-2a");
        assertThat(client.clusters().get(id).getClusterName()).isEqualTo("masks");
    }

    @Test
    void aRunningClusterRestartsWhenItsNodeBecomesAnother() throws Exception {
        WorkspaceClient client = platform.client(admin(4));
        String id = client.clusters().create(small("restarts")).get(SOON).getClusterId();
        String driver = client.clusters().get(id).getDriver().getNodeId();

        update(client, id, "cluster_name", new UpdateClusterResource().setClusterName("renamed"));
        assertThat(client.clusters().get(id).getState()).isEqualTo(State.RUNNING);
        update(
                client,
                id,
                "spark_conf",
                new UpdateClusterResource().setSparkConf(Map.of("spark.sql.shuffle.partitions", "3")));

        refused(
                        () -> update(client, id, "cluster_name", new UpdateClusterResource().setClusterName("x")),
                        400,
                        "INVALID_STATE")
                .hasMessageContaining("unexpected state Restarting");
        await().atMost(SOON)
                .until(() -> client.clusters().get(id).getState() == State.RUNNING
                        && !client.clusters().get(id).getDriver().getNodeId().equals(driver));
        List<EventType> types = new ArrayList<>();
        for (ClusterEvent event :
                client.clusters().events(new GetEvents().setClusterId(id).setOrder(GetEventsOrder.ASC))) {
            types.add(event.getType());
        }
        assertThat(types)
                .containsExactly(
                        EventType.CREATING,
                        EventType.RUNNING,
                        EventType.EDITED,
                        EventType.EDITED,
                        EventType.RESTARTING,
                        EventType.RUNNING);
    }

    @Test
    void whoDoesNotManageAClusterDoesNotUpdateItAndAStrangersDoesNotExist() throws Exception {
        WorkspaceClient client = platform.client(admin(5));
        String id = stopped(client, "mine");
        UpdateClusterResource given = new UpdateClusterResource().setClusterName("theirs");

        refused(() -> update(platform.client(bob(5)), id, "cluster_name", given), 403, "PERMISSION_DENIED");
        invalid(() -> update(platform.client(admin(6)), id, "cluster_name", given), "does not exist");
        invalid(() -> update(client, "0101-000000-aaaaaaaa", "cluster_name", given), "does not exist");
    }

    @Test
    void tagsHaveLimits() {
        WorkspaceClient client = platform.client(admin(7));
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 46; i++) {
            many.put("tag" + i, "x");
        }

        invalid(() -> client.clusters().create(small("a").setCustomTags(many)), "custom_tags must be at most 45 tags");
        invalid(
                () -> client.clusters().create(small("a").setCustomTags(Map.of("k".repeat(128), "x"))),
                "custom_tags has a key");
        invalid(
                () -> client.clusters().create(small("a").setCustomTags(Map.of("long", "x".repeat(256)))),
                "custom_tags.long must have at most 255");
        many.remove("tag45");
        assertThat(client.clusters()
                        .create(small("a").setCustomTags(many))
                        .getResponse()
                        .getClusterId())
                .isNotBlank();
    }

    /** With settings that an update must leave alone. */
    private static String stopped(WorkspaceClient client, String name) throws Exception {
        String id = client.clusters()
                .create(small(name)
                        .setAutoterminationMinutes(20L)
                        .setSparkConf(Map.of("spark.sql.shuffle.partitions", "7"))
                        .setSparkEnvVars(Map.of("STAGE", "test"))
                        .setCustomTags(Map.of("old", "tag")))
                .get(SOON)
                .getClusterId();
        client.clusters().delete(id).get(SOON);
        return id;
    }

    private static void update(WorkspaceClient client, String id, String mask, UpdateClusterResource given) {
        client.clusters()
                .update(new UpdateCluster().setClusterId(id).setUpdateMask(mask).setCluster(given));
    }
}
