package io.campanile.clusters.policy;

import static io.campanile.clusters.policy.PolicyPlatform.ADMIN;
import static io.campanile.clusters.policy.PolicyPlatform.BOB;
import static io.campanile.clusters.policy.PolicyPlatform.CAROL;
import static io.campanile.clusters.policy.PolicyPlatform.CREATOR;
import static io.campanile.clusters.policy.PolicyPlatform.STRANGER;
import static io.campanile.clusters.testing.TestManager.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.ClusterPoliciesAPI;
import com.databricks.sdk.service.compute.ClusterPolicyAccessControlRequest;
import com.databricks.sdk.service.compute.ClusterPolicyPermissionLevel;
import com.databricks.sdk.service.compute.ClusterPolicyPermissions;
import com.databricks.sdk.service.compute.ClusterPolicyPermissionsRequest;
import com.databricks.sdk.service.compute.CreatePolicy;
import com.databricks.sdk.service.compute.EditPolicy;
import com.databricks.sdk.service.compute.GetPolicyFamilyRequest;
import com.databricks.sdk.service.compute.Library;
import com.databricks.sdk.service.compute.ListClusterPoliciesRequest;
import com.databricks.sdk.service.compute.ListPolicyFamiliesRequest;
import com.databricks.sdk.service.compute.ListSortColumn;
import com.databricks.sdk.service.compute.ListSortOrder;
import com.databricks.sdk.service.compute.MavenLibrary;
import com.databricks.sdk.service.compute.Policy;
import com.databricks.sdk.service.compute.PolicyFamily;
import com.databricks.sdk.service.compute.PythonPyPiLibrary;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Cluster policies and families as the SDK meets them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PoliciesApiTest {
    private static final String ANYTHING = "{}";

    private PolicyPlatform platform;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        platform = new PolicyPlatform(dataDir);
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    /** As the provider does it: after each apply it reads, and what it reads must be what was set. */
    @Test
    void aTerraformResourceLivesWithEmptyPlans() {
        ClusterPoliciesAPI policies = platform.client(ADMIN).clusterPolicies();
        String definition = "{\"num_workers\": {\"type\": \"fixed\",   \"value\": 0}}";
        List<Library> libraries = List.of(
                new Library()
                        .setPypi(
                                new PythonPyPiLibrary().setPackage("numpy==2.0").setRepo("http://index")),
                new Library()
                        .setMaven(new MavenLibrary().setCoordinates("a:b:1").setExclusions(List.of("c:d"))),
                new Library().setJar("/Volumes/main/default/v/a.jar"));

        String id = policies.create(new CreatePolicy()
                        .setName("terraform")
                        .setDescription("Made by a plan")
                        .setDefinition(definition)
                        .setLibraries(libraries)
                        .setMaxClustersPerUser(3L))
                .getPolicyId();
        Policy created = policies.get(id);
        policies.edit(new EditPolicy().setPolicyId(id).setName("terraform 2").setDefinition(ANYTHING));
        Policy edited = policies.get(id);
        policies.delete(id);

        assertThat(created.getName()).isEqualTo("terraform");
        assertThat(created.getDescription()).isEqualTo("Made by a plan");
        assertThat(created.getDefinition()).isEqualTo(definition);
        assertThat(created.getLibraries()).containsExactlyElementsOf(libraries);
        assertThat(created.getMaxClustersPerUser()).isEqualTo(3);
        assertThat(created.getCreatorUserName()).isEqualTo("ann@example.com");
        assertThat(created.getCreatedAtTimestamp()).isPositive();
        assertThat(created.getIsDefault()).isFalse();
        assertThat(edited.getName()).isEqualTo("terraform 2");
        assertThat(edited.getDefinition()).isEqualTo(ANYTHING);
        assertThat(edited.getDescription()).isNull();
        assertThat(edited.getLibraries()).isNull();
        assertThat(edited.getMaxClustersPerUser()).isNull();
        assertThat(edited.getCreatedAtTimestamp()).isEqualTo(created.getCreatedAtTimestamp());
        refused(() -> policies.get(id), 404, "RESOURCE_DOES_NOT_EXIST").hasMessageContaining(id);
        refused(() -> policies.delete(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(
                () -> policies.edit(
                        new EditPolicy().setPolicyId(id).setName("x").setDefinition(ANYTHING)),
                404,
                "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void aPolicyOfAFamilyHasItsRulesWithSomeReplaced() {
        ClusterPoliciesAPI policies = platform.client(ADMIN).clusterPolicies();
        String overrides = "{\"node_type_id\": {\"type\": \"fixed\", \"value\": \"local.small\"},"
                + " \"custom_tags.team\": {\"type\": \"unlimited\"}}";

        String id = platform.policy(new CreatePolicy()
                .setName("of a family")
                .setPolicyFamilyId("personal-vm")
                .setPolicyFamilyDefinitionOverrides(overrides));
        Policy read = policies.get(id);

        assertThat(read.getPolicyFamilyId()).isEqualTo("personal-vm");
        assertThat(read.getPolicyFamilyDefinitionOverrides()).isEqualTo(overrides);
        ObjectNode ofFamily = Json.read(family("personal-vm").getDefinition(), ObjectNode.class);
        assertThat(Json.read(read.getDefinition(), ObjectNode.class))
                .isEqualTo(ofFamily.setAll(Json.read(overrides, ObjectNode.class)));
        // A provider that keeps what it read sends it back with its next change.
        policies.edit(new EditPolicy()
                .setPolicyId(id)
                .setName("of a family")
                .setPolicyFamilyId("personal-vm")
                .setDefinition(read.getDefinition())
                .setPolicyFamilyDefinitionOverrides("{}"));
        assertThat(Json.read(policies.get(id).getDefinition(), ObjectNode.class))
                .isEqualTo(Json.read(family("personal-vm").getDefinition(), ObjectNode.class));
    }

    @Test
    void wishesThatCannotBeAreRefusedByName() {
        ClusterPoliciesAPI policies = platform.client(ADMIN).clusterPolicies();
        String id = platform.policy("taken", ANYTHING);

        bad(new CreatePolicy().setDefinition(ANYTHING), "name");
        bad(new CreatePolicy().setName(" ").setDefinition(ANYTHING), "name must have 1 to 100");
        bad(new CreatePolicy().setName("x".repeat(101)).setDefinition(ANYTHING), "name must have 1 to 100");
        bad(new CreatePolicy().setName("x"), "Missing required field: definition");
        bad(wish().setDescription("x".repeat(1_001)), "description");
        bad(wish().setMaxClustersPerUser(0L), "max_clusters_per_user");
        bad(wish().setPolicyFamilyId("personal-vm"), "definition cannot stand beside policy_family_id");
        bad(wish().setPolicyFamilyDefinitionOverrides("{}"), "policy_family_definition_overrides needs");
        bad(new CreatePolicy().setName("x").setPolicyFamilyId("none"), "policy_family_id: there is no family none");
        bad(
                new CreatePolicy()
                        .setName("x")
                        .setPolicyFamilyId("personal-vm")
                        .setPolicyFamilyDefinitionOverrides("{\"nothing\": 1}"),
                "Invalid policy_family_definition_overrides: nothing: clusters have no such attribute");
        bad(
                wish().setDefinition("{\"dbus_per_hour\": {\"type\": \"range\", \"maxValue\": 1}}"),
                "Invalid definition: dbus_per_hour: this platform has no such unit of price");
        bad(wish().setLibraries(List.of(new Library())), "libraries[0] needs exactly one of");
        bad(wish().setLibraries(List.of(new Library().setJar("a").setWhl("b"))), "libraries[0] needs exactly one of");
        bad(wish().setLibraries(List.of(new Library().setMaven(new MavenLibrary()))), "libraries[0].maven.coordinates");
        bad(wish().setLibraries(List.of(new Library().setJar(" "))), "libraries[0].jar");
        // 400 on the wire; the SDK's exception for this code says 409.
        refused(
                        () -> policies.create(
                                new CreatePolicy().setName("taken").setDefinition(ANYTHING)),
                        409,
                        "RESOURCE_ALREADY_EXISTS")
                .hasMessageContaining("taken");
        String other = platform.policy("not taken", ANYTHING);
        refused(
                () -> policies.edit(
                        new EditPolicy().setPolicyId(other).setName("taken").setDefinition(ANYTHING)),
                409,
                "RESOURCE_ALREADY_EXISTS");
        refused(() -> policies.edit(new EditPolicy().setPolicyId(id)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("definition");
        policies.edit(new EditPolicy().setPolicyId(id).setDefinition(ANYTHING));
        assertThat(policies.get(id).getName()).isEqualTo("taken");
        refused(() -> policies.get(""), 400, "INVALID_PARAMETER_VALUE").hasMessageContaining("policy_id");
    }

    @Test
    void listsAreSortedAndShowWhatOneMayUse() {
        String b = platform.policy("sorted b", ANYTHING);
        String a = platform.policy("sorted a", ANYTHING);
        platform.give(a, "bob@example.com");

        assertThat(sorted(null, null)).containsExactly(a, b);
        assertThat(sorted(ListSortColumn.POLICY_CREATION_TIME, ListSortOrder.ASC))
                .containsExactly(b, a);
        assertThat(sorted(ListSortColumn.POLICY_NAME, ListSortOrder.ASC)).containsExactly(a, b);
        assertThat(sorted(ListSortColumn.POLICY_NAME, null)).containsExactly(b, a);
        assertThat(listed(BOB, new ListClusterPoliciesRequest())).contains(a).doesNotContain(b);
        assertThat(listed(CREATOR, new ListClusterPoliciesRequest())).isEmpty();
        assertThat(listed(STRANGER, new ListClusterPoliciesRequest())).isEmpty();
    }

    @Test
    void onlyAdministratorsChangeAndShareAndOnlyUsersSee() {
        String id = platform.policy("guarded", ANYTHING);
        EditPolicy change =
                new EditPolicy().setPolicyId(id).setName("taken over").setDefinition(ANYTHING);
        var wanted = List.of(
                new ClusterPolicyAccessControlRequest()
                        .setGroupName("team")
                        .setPermissionLevel(ClusterPolicyPermissionLevel.CAN_USE),
                new ClusterPolicyAccessControlRequest()
                        .setUserName("bob@example.com")
                        .setPermissionLevel(ClusterPolicyPermissionLevel.CAN_USE));
        ClusterPolicyPermissionsRequest share =
                new ClusterPolicyPermissionsRequest().setClusterPolicyId(id).setAccessControlList(wanted);

        denied(() -> policies(BOB).get(id));
        denied(() -> policies(BOB).getPermissions(id));
        ClusterPolicyPermissions set = policies(ADMIN).setPermissions(share);
        assertThat(policies(BOB).get(id).getName()).isEqualTo("guarded");
        assertThat(policies(CAROL).get(id).getName()).isEqualTo("guarded");
        assertThat(policies(ADMIN).getPermissions(id)).isEqualTo(set);
        assertThat(set.getObjectType()).isEqualTo("cluster-policy");
        assertThat(set.getObjectId()).isEqualTo("/cluster-policies/" + id);
        assertThat(policies(BOB).getPermissionLevels(id).getPermissionLevels())
                .singleElement()
                .satisfies(level ->
                        assertThat(level.getPermissionLevel()).isEqualTo(ClusterPolicyPermissionLevel.CAN_USE));
        refused(() -> policies(BOB).setPermissions(share), 403, "PERMISSION_DENIED")
                .hasMessageContaining("Only an administrator of the workspace shares cluster-policy " + id);
        denied(() -> policies(BOB).edit(change));
        denied(() -> policies(BOB).delete(id));
        denied(() -> policies(CREATOR).create(wish()));
        refused(() -> policies(STRANGER).get(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> policies(STRANGER).edit(change), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> policies(STRANGER).delete(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> policies(STRANGER).getPermissions(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> policies(STRANGER).setPermissions(share), 404, "RESOURCE_DOES_NOT_EXIST");
        policies(ADMIN)
                .setPermissions(new ClusterPolicyPermissionsRequest()
                        .setClusterPolicyId(id)
                        .setAccessControlList(List.of()));
        denied(() -> policies(BOB).get(id));
    }

    @Test
    void familiesComeInPages() {
        var families = platform.client(BOB).policyFamilies();
        List<String> ids = new ArrayList<>();

        families.list(new ListPolicyFamiliesRequest().setMaxResults(1L))
                .forEach(family -> ids.add(family.getPolicyFamilyId()));

        assertThat(ids).containsExactly("job-cluster", "personal-vm", "power-user", "shared-compute");
        PolicyFamily personal = family("personal-vm");
        assertThat(personal.getName()).isEqualTo("Personal Compute");
        assertThat(personal.getDescription()).isNotBlank();
        assertThat(families.get(new GetPolicyFamilyRequest()
                        .setPolicyFamilyId("personal-vm")
                        .setVersion(1L)))
                .isEqualTo(personal);
        refused(() -> families.get("none"), 404, "RESOURCE_DOES_NOT_EXIST").hasMessageContaining("none");
        refused(
                () -> families.get(new GetPolicyFamilyRequest()
                        .setPolicyFamilyId("personal-vm")
                        .setVersion(7L)),
                404,
                "RESOURCE_DOES_NOT_EXIST");
        refused(
                        () -> families.list(new ListPolicyFamiliesRequest().setMaxResults(101L))
                                .forEach(family -> {}),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("max_results");
    }

    private PolicyFamily family(String id) {
        return platform.client(BOB).policyFamilies().get(id);
    }

    private ClusterPoliciesAPI policies(Caller caller) {
        return platform.client(caller).clusterPolicies();
    }

    private static CreatePolicy wish() {
        return new CreatePolicy().setName("x").setDefinition(ANYTHING);
    }

    private void bad(CreatePolicy wish, String message) {
        refused(() -> policies(ADMIN).create(wish), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining(message);
    }

    private static void denied(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        refused(call, 403, "PERMISSION_DENIED");
    }

    private List<String> sorted(@Nullable ListSortColumn column, @Nullable ListSortOrder order) {
        List<String> ids = new ArrayList<>();
        for (Policy policy : policies(ADMIN)
                .list(new ListClusterPoliciesRequest().setSortColumn(column).setSortOrder(order))) {
            if (policy.getName().startsWith("sorted")) {
                ids.add(policy.getPolicyId());
            }
        }
        return ids;
    }

    private List<String> listed(Caller caller, ListClusterPoliciesRequest request) {
        List<String> ids = new ArrayList<>();
        policies(caller).list(request).forEach(policy -> ids.add(policy.getPolicyId()));
        return ids;
    }
}
