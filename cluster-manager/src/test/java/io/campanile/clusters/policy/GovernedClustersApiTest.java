package io.campanile.clusters.policy;

import static io.campanile.clusters.policy.PolicyPlatform.ADMIN;
import static io.campanile.clusters.policy.PolicyPlatform.BOB;
import static io.campanile.clusters.policy.PolicyPlatform.CAROL;
import static io.campanile.clusters.policy.PolicyPlatform.CREATOR;
import static io.campanile.clusters.policy.PolicyPlatform.STRANGER;
import static io.campanile.clusters.testing.TestManager.refused;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.ClusterAccessControlRequest;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ClusterPermissionLevel;
import com.databricks.sdk.service.compute.ClusterPermissionsRequest;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.CreatePolicy;
import com.databricks.sdk.service.compute.EditCluster;
import com.databricks.sdk.service.compute.EditPolicy;
import com.databricks.sdk.service.compute.ListClustersFilterBy;
import com.databricks.sdk.service.compute.ListClustersRequest;
import io.campanile.common.auth.Caller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What policies let people do with clusters. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GovernedClustersApiTest {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String SMALL = """
            {"spark_version": {"type": "unlimited", "defaultValue": "4.0.x-scala2.13"},
             "node_type_id": {"type": "allowlist", "values": ["local.small"], "defaultValue": "local.small"},
             "num_workers": {"type": "fixed", "value": 0},
             "custom_tags.cost": {"type": "fixed", "value": "low"},
             "spark_conf.spark.sql.shuffle.partitions": {"type": "range", "maxValue": 10, "isOptional": true},
             "autotermination_minutes": {"type": "range", "maxValue": 60, "defaultValue": 30}}""";

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
    void aPolicyCompletesACluster() {
        String policy = platform.policy("completes", SMALL);
        platform.give(policy, "cid@example.com");

        String id = create(CREATOR, policy, "by defaults", true);

        ClusterDetails details = platform.client(CREATOR).clusters().get(id);
        assertThat(details.getPolicyId()).isEqualTo(policy);
        assertThat(details.getNodeTypeId()).isEqualTo("local.small");
        assertThat(details.getAutoterminationMinutes()).isEqualTo(30);
        assertThat(details.getCustomTags()).containsEntry("cost", "low");
        List<String> listed = new ArrayList<>();
        platform.client(CREATOR)
                .clusters()
                .list(new ListClustersRequest().setFilterBy(new ListClustersFilterBy().setPolicyId(policy)))
                .forEach(cluster -> listed.add(cluster.getClusterId()));
        assertThat(listed).containsExactly(id);
        refused(
                        () -> platform.client(CREATOR)
                                .clusters()
                                .create(new CreateCluster().setPolicyId(policy).setClusterName("without")),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("spark_version must be given")
                .hasMessageContaining("node_type_id must be given")
                .hasMessageContaining(
                        "autotermination_minutes must be at most 60 (range); where it is not given it" + " is 4320");
    }

    @Test
    void whatAPolicyDoesNotAllowIsNamedOnEveryPath() throws Exception {
        String policy = platform.policy("refuses", SMALL);
        String id = create(ADMIN, policy, "refused later", true);
        platform.client(ADMIN).clusters().delete(id).get(SOON);

        for (String version : List.of("create", "edit")) {
            var refusal = refused(
                    () -> {
                        if (version.equals("create")) {
                            platform.client(ADMIN)
                                    .clusters()
                                    .create(whole(policy)
                                            .setNodeTypeId("local.large")
                                            .setCustomTags(Map.of("cost", "high"))
                                            .setSparkConf(Map.of("sql.shuffle.partitions", "11")));
                        } else {
                            platform.client(ADMIN)
                                    .clusters()
                                    .edit(change(id, policy)
                                            .setNodeTypeId("local.large")
                                            .setCustomTags(Map.of("cost", "high"))
                                            .setSparkConf(Map.of("sql.shuffle.partitions", "11")));
                        }
                    },
                    400,
                    "INVALID_PARAMETER_VALUE");
            refusal.hasMessageContaining("by policy refuses (" + policy + ")")
                    .hasMessageContaining("node_type_id must be one of local.small (allowlist), not local.large")
                    .hasMessageContaining("custom_tags.cost must be low (fixed), not high")
                    .hasMessageContaining("spark_conf.spark.sql.shuffle.partitions must be at most 10 (range), not 11");
        }
        platform.client(ADMIN).clusters().edit(change(id, policy).setAutoterminationMinutes(10L));
        assertThat(platform.client(ADMIN).clusters().get(id).getAutoterminationMinutes())
                .isEqualTo(10);
    }

    @Test
    void whoIsNotEntitledMakesClustersByPoliciesHeMayUse() throws Exception {
        String given = platform.policy("given", SMALL);
        String other = platform.policy("not given", SMALL);
        platform.give(given, "bob@example.com");

        String id = create(BOB, given, "of Bob", true);
        refused(() -> create(BOB, other, "refused", true), 403, "PERMISSION_DENIED")
                .hasMessageContaining("CAN_USE on cluster policy " + other);
        refused(() -> platform.client(BOB).clusters().create(whole(null)), 403, "PERMISSION_DENIED");
        refused(() -> create(CAROL, given, "refused", true), 403, "PERMISSION_DENIED");
        refused(() -> create(CREATOR, given, "refused", true), 403, "PERMISSION_DENIED");
        refused(() -> create(STRANGER, given, "refused", true), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("policy_id: cluster policy " + given + " does not exist");
        create(ADMIN, other, "an administrator uses all", true);

        platform.client(BOB).clusters().delete(id).get(SOON);
        refused(
                () -> platform.client(BOB).clusters().edit(change(id, null).setNodeTypeId("local.large")),
                403,
                "PERMISSION_DENIED");
        refused(() -> platform.client(BOB).clusters().edit(change(id, other)), 403, "PERMISSION_DENIED");
        platform.client(BOB).clusters().edit(change(id, given).setClusterName("renamed"));
        platform.client(ADMIN).clusters().edit(change(id, null).setNodeTypeId("local.large"));
        assertThat(platform.client(BOB).clusters().get(id).getPolicyId()).isNull();
    }

    @Test
    void whoManagesAClusterStillNeedsThePolicyToChangeIt() throws Exception {
        String policy = platform.policy("of the owner", SMALL);
        platform.give(policy, "bob@example.com");
        String id = create(BOB, policy, "shared", true);
        platform.client(BOB).clusters().delete(id).get(SOON);
        platform.client(BOB)
                .clusters()
                .setPermissions(new ClusterPermissionsRequest()
                        .setClusterId(id)
                        .setAccessControlList(List.of(new ClusterAccessControlRequest()
                                .setUserName("carol@example.com")
                                .setPermissionLevel(ClusterPermissionLevel.CAN_MANAGE))));

        refused(() -> platform.client(CAROL).clusters().edit(change(id, policy)), 403, "PERMISSION_DENIED");
        refused(() -> platform.client(CAROL).clusters().edit(change(id, null)), 403, "PERMISSION_DENIED");
        platform.give(policy, "carol@example.com");
        platform.client(CAROL).clusters().edit(change(id, policy).setClusterName("by Carol"));
        assertThat(platform.client(BOB).clusters().get(id).getClusterName()).isEqualTo("by Carol");
    }

    @Test
    void aChangedPolicyHoldsFromTheNextEditAndADeletedOneLeavesItsClusters() throws Exception {
        String policy = platform.policy("changes", SMALL);
        String id = create(ADMIN, policy, "stays", true);

        platform.client(ADMIN)
                .clusterPolicies()
                .edit(new EditPolicy()
                        .setPolicyId(policy)
                        .setName("changes")
                        .setDefinition("{\"autotermination_minutes\": {\"type\": \"fixed\", \"value\": 20}}"));
        assertThat(platform.client(ADMIN).clusters().get(id).getAutoterminationMinutes())
                .isEqualTo(30);
        platform.client(ADMIN).clusters().delete(id).get(SOON);
        platform.client(ADMIN).clusters().start(id).get(SOON);
        refused(
                        () -> platform.client(ADMIN)
                                .clusters()
                                .edit(change(id, policy).setAutoterminationMinutes(30L)),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("autotermination_minutes must be 20 (fixed), not 30");
        platform.client(ADMIN).clusters().edit(change(id, policy).setAutoterminationMinutes(20L));
        assertThat(platform.client(ADMIN).clusters().get(id).getAutoterminationMinutes())
                .isEqualTo(20);

        platform.client(ADMIN).clusterPolicies().delete(policy);
        assertThat(platform.client(ADMIN).clusters().get(id).getPolicyId()).isEqualTo(policy);
        platform.client(ADMIN).clusters().delete(id).get(SOON);
        platform.client(ADMIN).clusters().start(id).get(SOON);
        refused(() -> platform.client(ADMIN).clusters().edit(change(id, policy)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("cluster policy " + policy + " does not exist (any more)");
        refused(() -> create(ADMIN, policy, "refused", true), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("policy_id");
        platform.client(ADMIN).clusters().edit(change(id, null));
        assertThat(platform.client(ADMIN).clusters().get(id).getPolicyId()).isNull();
    }

    @Test
    void ofTwentyAtOnceAsManyGetAClusterAsThePolicySays() throws Exception {
        String policy = platform.policy(
                new CreatePolicy().setName("three").setDefinition(SMALL).setMaxClustersPerUser(3L));
        platform.give(policy, "bob@example.com");
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String name = "at once " + i;
            calls.add(() -> create(BOB, policy, name, true));
        }

        List<String> made = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(20);
        for (Future<String> call : threads.invokeAll(calls)) {
            try {
                made.add(call.get());
            } catch (java.util.concurrent.ExecutionException e) {
                assertThat(e.getCause()).isInstanceOf(DatabricksError.class);
                refusals.add(((DatabricksError) requireNonNull(e.getCause())).getErrorCode());
            }
        }
        threads.shutdown();

        assertThat(made).hasSize(3);
        assertThat(refusals).hasSize(17).containsOnly("RESOURCE_LIMIT_EXCEEDED");
        create(ADMIN, policy, "of somebody else", true);

        platform.client(BOB).clusters().delete(made.get(0)).get(SOON);
        String fourth = create(BOB, policy, "in its place", true);
        refused(() -> platform.client(BOB).clusters().start(made.get(0)), 400, "RESOURCE_LIMIT_EXCEEDED")
                .hasMessageContaining("bob@example.com has 3 active clusters by policy three (" + policy + ")")
                .hasMessageContaining("max_clusters_per_user is 3");
        platform.client(BOB).clusters().permanentDelete(fourth);
        platform.client(BOB).clusters().start(made.get(0)).get(SOON);
    }

    @Test
    void aRunningClusterComesUnderAPolicyOnlyWhereThereIsAPlace() throws Exception {
        String policy = platform.policy(
                new CreatePolicy().setName("one").setDefinition(SMALL).setMaxClustersPerUser(1L));
        String first = create(ADMIN, policy, "first", true);
        String second =
                platform.client(ADMIN).clusters().create(whole(null)).get(SOON).getClusterId();

        refused(() -> platform.client(ADMIN).clusters().edit(change(second, policy)), 400, "RESOURCE_LIMIT_EXCEEDED");
        platform.client(ADMIN).clusters().delete(first).get(SOON);
        platform.client(ADMIN).clusters().edit(change(second, policy));
        assertThat(platform.client(ADMIN).clusters().get(second).getPolicyId()).isEqualTo(policy);
    }

    @Test
    void everyFamilyMakesAClusterButThatOfJobs() {
        for (String family : List.of("personal-vm", "power-user", "shared-compute", "job-cluster")) {
            String policy = platform.policy(
                    new CreatePolicy().setName("family " + family).setPolicyFamilyId(family));
            CreateCluster wish = new CreateCluster()
                    .setClusterName(family)
                    .setPolicyId(policy)
                    .setApplyPolicyDefaultValues(true);
            if (family.equals("job-cluster")) {
                refused(() -> platform.client(ADMIN).clusters().create(wish), 400, "INVALID_PARAMETER_VALUE")
                        .hasMessageContaining("cluster_type must be job (fixed)");
                continue;
            }
            if (family.equals("shared-compute")) {
                refused(() -> platform.client(ADMIN).clusters().create(wish), 400, "INVALID_PARAMETER_VALUE")
                        .hasMessageContaining("custom_tags.team must be given");
                wish.setCustomTags(Map.of("team", "blue"));
            }

            String id =
                    platform.client(ADMIN).clusters().create(wish).getResponse().getClusterId();

            assertThat(platform.client(ADMIN).clusters().get(id).getPolicyId()).isEqualTo(policy);
            platform.client(ADMIN).clusters().permanentDelete(id);
        }
    }

    private String create(Caller caller, String policy, String name, boolean defaults) {
        return platform.client(caller)
                .clusters()
                .create(new CreateCluster()
                        .setClusterName(name)
                        .setPolicyId(policy)
                        .setApplyPolicyDefaultValues(defaults))
                .getResponse()
                .getClusterId();
    }

    /** All settings, within the rules of the policy of these tests. */
    private static CreateCluster whole(@Nullable String policy) {
        return new CreateCluster()
                .setClusterName("whole")
                .setPolicyId(policy)
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.small")
                .setNumWorkers(0L)
                .setAutoterminationMinutes(60L);
    }

    private static EditCluster change(String id, @Nullable String policy) {
        return new EditCluster()
                .setClusterId(id)
                .setClusterName("changed")
                .setPolicyId(policy)
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.small")
                .setNumWorkers(0L)
                .setAutoterminationMinutes(60L);
    }
}
