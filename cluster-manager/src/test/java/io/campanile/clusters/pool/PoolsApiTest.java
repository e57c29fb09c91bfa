package io.campanile.clusters.pool;

import static io.campanile.clusters.pool.PoolPlatform.ADMIN;
import static io.campanile.clusters.pool.PoolPlatform.BOB;
import static io.campanile.clusters.pool.PoolPlatform.CAROL;
import static io.campanile.clusters.pool.PoolPlatform.MAKER;
import static io.campanile.clusters.pool.PoolPlatform.STRANGER;
import static io.campanile.clusters.testing.TestManager.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.CreateInstancePool;
import com.databricks.sdk.service.compute.DockerImage;
import com.databricks.sdk.service.compute.EditInstancePool;
import com.databricks.sdk.service.compute.GetInstancePool;
import com.databricks.sdk.service.compute.InstancePoolAccessControlRequest;
import com.databricks.sdk.service.compute.InstancePoolAndStats;
import com.databricks.sdk.service.compute.InstancePoolAwsAttributes;
import com.databricks.sdk.service.compute.InstancePoolAwsAttributesAvailability;
import com.databricks.sdk.service.compute.InstancePoolPermissionLevel;
import com.databricks.sdk.service.compute.InstancePoolPermissions;
import com.databricks.sdk.service.compute.InstancePoolPermissionsRequest;
import com.databricks.sdk.service.compute.InstancePoolState;
import com.databricks.sdk.service.compute.InstancePoolsAPI;
import io.campanile.common.auth.Caller;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Instance pools as the SDK meets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PoolsApiTest {
    private PoolPlatform platform;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        platform = new PoolPlatform(dataDir);
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    /** As the provider does it: after each apply it reads, and what it reads must be what was set. */
    @Test
    void aTerraformResourceLivesWithEmptyPlans() {
        InstancePoolsAPI pools = pools(ADMIN);
        InstancePoolAwsAttributes aws = new InstancePoolAwsAttributes()
                .setAvailability(InstancePoolAwsAttributesAvailability.ON_DEMAND)
                .setZoneId("auto");

        String id = pools.create(wish("terraform")
                        .setMinIdleInstances(0L)
                        .setMaxCapacity(4L)
                        .setIdleInstanceAutoterminationMinutes(15L)
                        .setEnableElasticDisk(true)
                        .setAwsAttributes(aws)
                        .setCustomTags(Map.of("team", "blue"))
                        .setPreloadedSparkVersions(List.of("4.0.x-scala2.13")))
                .getInstancePoolId();
        GetInstancePool created = pools.get(id);
        pools.edit(new EditInstancePool()
                .setInstancePoolId(id)
                .setInstancePoolName("terraform 2")
                .setNodeTypeId("local.small")
                .setIdleInstanceAutoterminationMinutes(20L));
        GetInstancePool edited = pools.get(id);
        InstancePoolAndStats listed = listed(ADMIN).stream()
                .filter(one -> one.getInstancePoolId().equals(id))
                .findFirst()
                .orElseThrow();
        pools.delete(id);

        assertThat(created.getInstancePoolName()).isEqualTo("terraform");
        assertThat(created.getNodeTypeId()).isEqualTo("local.small");
        assertThat(created.getMinIdleInstances()).isZero();
        assertThat(created.getMaxCapacity()).isEqualTo(4);
        assertThat(created.getIdleInstanceAutoterminationMinutes()).isEqualTo(15);
        assertThat(created.getEnableElasticDisk()).isTrue();
        assertThat(created.getAwsAttributes()).isEqualTo(aws);
        assertThat(created.getCustomTags()).isEqualTo(Map.of("team", "blue"));
        assertThat(created.getPreloadedSparkVersions()).containsExactly("4.0.x-scala2.13");
        assertThat(created.getState()).isEqualTo(InstancePoolState.ACTIVE);
        assertThat(created.getStats().getIdleCount()).isZero();
        assertThat(created.getStatus().getPendingInstanceErrors()).isEmpty();
        assertThat(created.getDefaultTags())
                .containsEntry("Vendor", "Campanile")
                .containsEntry("InstancePoolId", id)
                .containsEntry("InstancePoolName", "terraform")
                .containsEntry("InstancePoolCreator", "7");
        assertThat(edited.getInstancePoolName()).isEqualTo("terraform 2");
        assertThat(edited.getMaxCapacity()).isNull();
        assertThat(edited.getCustomTags()).isNull();
        assertThat(edited.getAwsAttributes()).isEqualTo(aws);
        assertThat(edited.getPreloadedSparkVersions()).containsExactly("4.0.x-scala2.13");
        assertThat(listed.getInstancePoolName()).isEqualTo("terraform 2");
        refused(() -> pools.get(id), 404, "RESOURCE_DOES_NOT_EXIST").hasMessageContaining(id);
        refused(() -> pools.delete(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> pools.edit(edit(id, "x")), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void wishesThatCannotBeAreRefusedByName() {
        String id = platform.pool("taken", 0, null);
        platform.pool("also taken", 0, null);

        bad(new CreateInstancePool().setNodeTypeId("local.small"), "instance_pool_name");
        bad(new CreateInstancePool().setInstancePoolName("x"), "node_type_id");
        bad(wish(" "), "instance_pool_name must have 1 to 100");
        bad(wish("x".repeat(101)), "instance_pool_name must have 1 to 100");
        bad(wish("x").setNodeTypeId("i3.xlarge"), "Node type i3.xlarge is not supported");
        bad(wish("x").setMinIdleInstances(-1L), "min_idle_instances must be between 0 and 100");
        bad(wish("x").setMaxCapacity(0L), "max_capacity must be between 1 and");
        bad(
                wish("x").setMinIdleInstances(3L).setMaxCapacity(2L),
                "min_idle_instances must not be more than max_capacity");
        bad(wish("x").setIdleInstanceAutoterminationMinutes(10_001L), "idle_instance_autotermination_minutes");
        bad(wish("x").setPreloadedSparkVersions(List.of("9.9")), "Invalid spark version 9.9");
        bad(wish("x").setCustomTags(Map.of("", "x")), "custom_tags");
        bad(
                wish("x").setAwsAttributes(new InstancePoolAwsAttributes().setZoneId("us-east-1a")),
                "aws_attributes.zone_id");
        bad(wish("x").setPreloadedDockerImages(List.of(new DockerImage().setUrl("u"))), "preloaded_docker_images");
        // 400 on the wire; the SDK's exception for this code says 409.
        refused(() -> pools(ADMIN).create(wish("taken")), 409, "RESOURCE_ALREADY_EXISTS")
                .hasMessageContaining("taken");
        refused(() -> pools(ADMIN).edit(edit(id, "also taken")), 409, "RESOURCE_ALREADY_EXISTS");
        refused(() -> pools(ADMIN).edit(edit(id, "taken").setNodeTypeId("local.large")), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("node_type_id of instance pool taken (" + id + ") cannot be changed");
        refused(() -> pools(ADMIN).edit(edit("", "x")), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("instance_pool_id");
        refused(() -> pools(ADMIN).get(""), 400, "INVALID_PARAMETER_VALUE").hasMessageContaining("instance_pool_id");
    }

    @Test
    void whoMayMakeOneManagesItAndOthersAsTheyAreLet() {
        denied(() -> pools(BOB).create(wish("without the entitlement")))
                .hasMessageContaining("allow-instance-pool-create");
        String id = pools(MAKER).create(wish("shared")).getInstancePoolId();
        var share = new InstancePoolPermissionsRequest()
                .setInstancePoolId(id)
                .setAccessControlList(List.of(
                        new InstancePoolAccessControlRequest()
                                .setGroupName("team")
                                .setPermissionLevel(InstancePoolPermissionLevel.CAN_ATTACH_TO),
                        new InstancePoolAccessControlRequest()
                                .setUserName("bob@example.com")
                                .setPermissionLevel(InstancePoolPermissionLevel.CAN_ATTACH_TO)));

        denied(() -> pools(BOB).get(id));
        denied(() -> pools(BOB).getPermissions(id));
        assertThat(ids(BOB)).doesNotContain(id);
        InstancePoolPermissions set = pools(MAKER).setPermissions(share);
        assertThat(pools(MAKER).getPermissions(id)).isEqualTo(set);
        assertThat(set.getObjectType()).isEqualTo("instance-pool");
        assertThat(set.getObjectId()).isEqualTo("/instance-pools/" + id);
        assertThat(pools(BOB).getPermissionLevels(id).getPermissionLevels())
                .extracting(level -> level.getPermissionLevel())
                .containsExactly(InstancePoolPermissionLevel.CAN_ATTACH_TO, InstancePoolPermissionLevel.CAN_MANAGE);
        assertThat(pools(BOB).get(id).getInstancePoolName()).isEqualTo("shared");
        assertThat(ids(BOB)).contains(id);
        assertThat(ids(CAROL)).contains(id);
        assertThat(ids(MAKER)).contains(id);
        assertThat(ids(STRANGER)).isEmpty();
        denied(() -> pools(BOB).edit(edit(id, "taken over"))).hasMessageContaining("CAN_MANAGE");
        denied(() -> pools(BOB).delete(id));
        denied(() -> pools(BOB).setPermissions(share));
        refused(() -> pools(STRANGER).get(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> pools(STRANGER).edit(edit(id, "x")), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> pools(STRANGER).delete(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> pools(STRANGER).getPermissions(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> pools(STRANGER).setPermissions(share), 404, "RESOURCE_DOES_NOT_EXIST");
        pools(MAKER)
                .updatePermissions(new InstancePoolPermissionsRequest()
                        .setInstancePoolId(id)
                        .setAccessControlList(List.of(new InstancePoolAccessControlRequest()
                                .setUserName("bob@example.com")
                                .setPermissionLevel(InstancePoolPermissionLevel.CAN_MANAGE))));
        pools(BOB).edit(edit(id, "by Bob"));
        pools(BOB).delete(id);
        refused(() -> pools(MAKER).get(id), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    private InstancePoolsAPI pools(Caller caller) {
        return platform.client(caller).instancePools();
    }

    private List<InstancePoolAndStats> listed(Caller caller) {
        List<InstancePoolAndStats> listed = new ArrayList<>();
        pools(caller).list().forEach(listed::add);
        return listed;
    }

    private List<String> ids(Caller caller) {
        return listed(caller).stream()
                .map(InstancePoolAndStats::getInstancePoolId)
                .toList();
    }

    private static CreateInstancePool wish(String name) {
        return new CreateInstancePool().setInstancePoolName(name).setNodeTypeId("local.small");
    }

    private static EditInstancePool edit(String id, String name) {
        return new EditInstancePool()
                .setInstancePoolId(id)
                .setInstancePoolName(name)
                .setNodeTypeId("local.small");
    }

    private void bad(CreateInstancePool wish, String message) {
        refused(() -> pools(ADMIN).create(wish), 400, "INVALID_PARAMETER_VALUE").hasMessageContaining(message);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> denied(ThrowingCallable call) {
        return refused(call, 403, "PERMISSION_DENIED");
    }
}
