package io.campanile.identity.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.error.platform.BadRequest;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.core.error.platform.ResourceConflict;
import com.databricks.sdk.service.iam.ComplexValue;
import com.databricks.sdk.service.iam.Group;
import com.databricks.sdk.service.iam.ListGroupsRequest;
import com.databricks.sdk.service.iam.ListServicePrincipalsRequest;
import com.databricks.sdk.service.iam.ListSortOrder;
import com.databricks.sdk.service.iam.ListUsersRequest;
import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.iam.Name;
import com.databricks.sdk.service.iam.PartialUpdate;
import com.databricks.sdk.service.iam.Patch;
import com.databricks.sdk.service.iam.PatchOp;
import com.databricks.sdk.service.iam.PatchSchema;
import com.databricks.sdk.service.iam.ServicePrincipal;
import com.databricks.sdk.service.iam.User;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.identity.testing.DirectoryFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified client library of the public API drives the directory. */
final class ScimSdkTest {
    @TempDir
    static Path dataDir;

    private static DirectoryFixture platform;
    private WorkspaceClient admin;

    @BeforeAll
    static void start() throws Exception {
        platform = new DirectoryFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @BeforeEach
    void signIn() {
        admin = platform.sdk(platform.admin);
    }

    @Test
    void aUserIsMadeReadChangedAndDeleted() {
        User made = admin.users()
                .create(new User()
                        .setUserName("Ada@example.com")
                        .setDisplayName("Ada Lovelace")
                        .setExternalId("ext-1")
                        .setName(new Name().setGivenName("Ada").setFamilyName("Lovelace"))
                        .setEmails(List.of(new ComplexValue()
                                .setValue("ada@analytical.example")
                                .setType("work")
                                .setPrimary(true)))
                        .setEntitlements(values("allow-cluster-create")));

        User read = admin.users().get(made.getId());

        assertThat(read).isEqualTo(made);
        assertThat(read.getId()).matches("[0-9]+");
        assertThat(read.getActive()).isTrue();
        assertThat(read.getName().getFamilyName()).isEqualTo("Lovelace");
        assertThat(read.getEmails()).extracting(ComplexValue::getValue).containsExactly("ada@analytical.example");
        assertThat(read.getEntitlements()).extracting(ComplexValue::getValue).containsExactly("allow-cluster-create");
        assertThat(read.getGroups()).extracting(ComplexValue::getDisplay).containsExactly("users");

        admin.users()
                .update(new User()
                        .setId(made.getId())
                        .setUserName("ada@example.com")
                        .setDisplayName("Countess")
                        .setActive(false));
        User changed = admin.users().get(made.getId());
        assertThat(changed.getDisplayName()).isEqualTo("Countess");
        assertThat(changed.getUserName()).isEqualTo("Ada@example.com");
        assertThat(changed.getActive()).isFalse();
        assertThat(changed.getExternalId()).isNull();
        assertThat(changed.getEntitlements()).isNullOrEmpty();

        admin.users().delete(made.getId());
        assertThatThrownBy(() -> admin.users().get(made.getId()))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining("User with id " + made.getId() + " not found");
        assertThat(admin.users()
                        .create(new User().setUserName("ada@example.com"))
                        .getId())
                .isNotEqualTo(made.getId());
    }

    @Test
    void listsArePagedToTheEndFilteredAndSorted() {
        for (int i = 0; i < 25; i++) {
            admin.users().create(new User().setUserName("paged" + (char) ('a' + i) + "@example.com"));
        }

        List<String> names = new ArrayList<>();
        admin.users()
                .list(new ListUsersRequest()
                        .setFilter("userName sw \"PAGED\" and active eq true")
                        .setSortBy("userName")
                        .setSortOrder(ListSortOrder.DESCENDING)
                        .setAttributes("userName")
                        .setCount(10L))
                .forEach(user -> {
                    assertThat(user.getDisplayName()).isNull();
                    names.add(user.getUserName());
                });

        assertThat(names).hasSize(25).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(admin.groups().list(new ListGroupsRequest()))
                .extracting(Group::getDisplayName)
                .contains("admins", "users");
        assertThatThrownBy(() -> admin.users()
                        .list(new ListUsersRequest().setFilter("password eq \"x\""))
                        .iterator()
                        .hasNext())
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("password");
    }

    @Test
    void anAttributeNobodyKnowsIsABadRequestAndAPasswordIsTaken() {
        String id = admin.users()
                .create(new User().setUserName("patched.by.sdk@example.com"))
                .getId();

        assertThatThrownBy(() -> admin.users().patch(patch(id, PatchOp.REPLACE, "shoeSize", 44)))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("A user has no attribute shoeSize");
        assertThatThrownBy(() -> admin.users().patch(patch(id, PatchOp.REPLACE, "password", "too short")))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("password has at least 12");
        admin.users().patch(patch(id, PatchOp.REPLACE, "password", "given through the SDK 77"));

        assertThatThrownBy(() -> platform.internal(
                        "/internal/login",
                        Map.of(
                                "user", "patched.by.sdk@example.com",
                                "password", "given through the SDK 77",
                                "address", "192.0.2.1")))
                .hasMessageContaining("This password is a temporary one");
    }

    @Test
    void groupsNestAndMembersChangeByPatch() {
        User user = admin.users().create(new User().setUserName("nested@example.com"));
        Group inner = admin.groups().create(new Group().setDisplayName("inner").setMembers(values(user.getId())));
        Group outer = admin.groups()
                .create(new Group().setDisplayName("Outer").setEntitlements(values("databricks-sql-access")));

        admin.groups().patch(patch(outer.getId(), PatchOp.ADD, "members", values(inner.getId())));

        assertThat(admin.groups().get(outer.getId()).getMembers())
                .extracting(ComplexValue::getValue)
                .containsExactly(inner.getId());
        assertThat(admin.users().get(user.getId()).getGroups())
                .extracting(ComplexValue::getDisplay, ComplexValue::getType)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("inner", "direct"),
                        org.assertj.core.groups.Tuple.tuple("Outer", "indirect"));
        assertThatThrownBy(
                        () -> admin.groups().patch(patch(inner.getId(), PatchOp.ADD, "members", values(outer.getId()))))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("member of itself");
        assertThatThrownBy(() -> admin.groups().create(new Group().setDisplayName("OUTER")))
                .isInstanceOf(ResourceConflict.class)
                .hasMessageContaining("already exists");

        admin.groups().patch(patch(outer.getId(), PatchOp.REMOVE, "members[value eq \"" + inner.getId() + "\"]", null));
        assertThat(admin.groups().get(outer.getId()).getMembers()).isNullOrEmpty();
        admin.groups().update(new Group().setId(outer.getId()).setDisplayName("renamed"));
        assertThat(admin.groups().get(outer.getId()).getDisplayName()).isEqualTo("renamed");
        admin.groups().delete(outer.getId());
        assertThatThrownBy(() -> admin.groups().get(outer.getId())).isInstanceOf(NotFound.class);
    }

    @Test
    void servicePrincipalsGetAnApplicationId() {
        ServicePrincipal made = admin.servicePrincipals()
                .create(new ServicePrincipal().setDisplayName("nightly").setActive(true));

        assertThat(made.getApplicationId()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(admin.servicePrincipals()
                        .list(new ListServicePrincipalsRequest()
                                .setFilter("applicationId eq \""
                                        + made.getApplicationId().toUpperCase(Locale.ROOT) + "\"")))
                .containsExactly(made);
        admin.servicePrincipals()
                .update(new ServicePrincipal()
                        .setId(made.getId())
                        .setDisplayName("daily")
                        .setActive(false));
        assertThat(admin.servicePrincipals().get(made.getId()).getDisplayName()).isEqualTo("daily");
        assertThat(admin.servicePrincipals().get(made.getId()).getActive()).isFalse();
        assertThatThrownBy(() -> admin.servicePrincipals()
                        .create(new ServicePrincipal().setApplicationId(made.getApplicationId())))
                .isInstanceOf(ResourceConflict.class);
        assertThatThrownBy(() -> admin.users().get(made.getId())).isInstanceOf(NotFound.class);
        admin.servicePrincipals().delete(made.getId());
        assertThatThrownBy(() -> admin.servicePrincipals().get(made.getId())).isInstanceOf(NotFound.class);
    }

    @Test
    void theTwoGroupsOfAWorkspaceStay() {
        String admins = group("admins");
        String users = group("users");

        for (String id : List.of(admins, users)) {
            assertThatThrownBy(() -> admin.groups().delete(id)).isInstanceOf(BadRequest.class);
            assertThatThrownBy(() -> admin.groups().patch(patch(id, PatchOp.REPLACE, "displayName", "others")))
                    .isInstanceOf(BadRequest.class)
                    .hasMessageContaining("renamed");
        }
        assertThatThrownBy(() -> admin.groups().patch(patch(users, PatchOp.REMOVE, "members", null)))
                .isInstanceOf(BadRequest.class);
    }

    @Test
    void theLastActiveAdministratorStays() {
        String me = Long.toString(platform.admin.userId());
        String admins = group("admins");

        assertThatThrownBy(() ->
                        admin.groups().patch(patch(admins, PatchOp.REMOVE, "members[value eq \"" + me + "\"]", null)))
                .hasMessageContaining("last active administrator");
        assertThatThrownBy(() -> admin.users().patch(patch(me, PatchOp.REPLACE, "active", false)))
                .hasMessageContaining("last active administrator");
        assertThatThrownBy(() ->
                        platform.sdk(platform.otherAdmin).users().delete(Long.toString(platform.otherAdmin.userId())))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("last active administrator");
        User second = admin.users().create(new User().setUserName("second@example.com"));
        Group owners =
                admin.groups().create(new Group().setDisplayName("owners").setMembers(values(second.getId())));
        admin.groups().patch(patch(admins, PatchOp.ADD, "members", values(owners.getId())));
        admin.groups().patch(patch(admins, PatchOp.REMOVE, "members[value eq \"" + me + "\"]", null));
        assertThatThrownBy(() -> admin.groups().delete(owners.getId())).isInstanceOf(BadRequest.class);
        admin.groups().patch(patch(admins, PatchOp.ADD, "members", values(me)));
        admin.groups().delete(owners.getId());
    }

    @Test
    void everybodyReadsAndOnlyAdministratorsChange() {
        WorkspaceClient user = platform.sdk(platform.user);
        String id = Long.toString(platform.user.userId());

        assertThat(user.users().get(id).getUserName()).isEqualTo("bob@example.com");
        assertThat(user.users().list(new ListUsersRequest())).isNotEmpty();
        assertThat(user.currentUser().me(new MeRequest()).getId()).isEqualTo(id);
        assertThatThrownBy(() -> user.users().create(new User().setUserName("x@example.com")))
                .isInstanceOf(PermissionDenied.class)
                .hasMessageContaining("administrator");
        assertThatThrownBy(() -> user.groups().patch(patch(group("admins"), PatchOp.ADD, "members", values(id))))
                .isInstanceOf(PermissionDenied.class);
        assertThatThrownBy(() -> user.servicePrincipals().create(new ServicePrincipal()))
                .isInstanceOf(PermissionDenied.class);
    }

    @Test
    void anotherWorkspaceHasNoneOfIt() {
        WorkspaceClient other = platform.sdk(platform.otherAdmin);
        String user = Long.toString(platform.user.userId());
        Group theirs = other.groups().create(new Group().setDisplayName("theirs"));

        assertThatThrownBy(() -> other.users().get(user)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> other.users().delete(user)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> other.users().patch(patch(user, PatchOp.REPLACE, "active", false)))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> other.users().update(new User().setId(user).setUserName("bob@example.com")))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> other.groups().get(group("admins"))).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> other.groups().patch(patch(theirs.getId(), PatchOp.ADD, "members", values(user))))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("there is no user");
        assertThat(other.users().list(new ListUsersRequest()))
                .extracting(User::getId)
                .doesNotContain(user, Long.toString(platform.admin.userId()));
        assertThat(other.groups().list(new ListGroupsRequest().setFilter("members.value eq \"" + user + "\"")))
                .isEmpty();
        // A name that another workspace has is free here.
        assertThat(other.users()
                        .create(new User().setUserName("admin@example.com"))
                        .getId())
                .isNotEqualTo(Long.toString(platform.admin.userId()));
    }

    @Test
    void whatMeMayIsShownAsItIsInEffect() {
        Caller entitled = platform.user.with(new Rights(false, false, Set.of(), Set.of("allow-cluster-create")));

        User me = platform.sdk(entitled).currentUser().me(new MeRequest());

        assertThat(me.getEntitlements()).extracting(ComplexValue::getValue).containsExactly("allow-cluster-create");
        assertThat(admin.currentUser()
                        .me(new MeRequest().setExcludedAttributes("entitlements"))
                        .getEntitlements())
                .isNull();
    }

    private String group(String name) {
        List<String> ids = new ArrayList<>();
        admin.groups()
                .list(new ListGroupsRequest().setFilter("displayName eq \"" + name + "\""))
                .forEach(group -> ids.add(group.getId()));
        assertThat(ids).hasSize(1);
        return ids.get(0);
    }

    private static List<ComplexValue> values(String... values) {
        return java.util.Arrays.stream(values)
                .map(value -> new ComplexValue().setValue(value))
                .toList();
    }

    private static PartialUpdate patch(String id, PatchOp op, String path, @Nullable Object value) {
        return new PartialUpdate()
                .setId(id)
                .setSchemas(List.of(PatchSchema.URN_IETF_PARAMS_SCIM_API_MESSAGES_2_0_PATCH_OP))
                .setOperations(List.of(new Patch().setOp(op).setPath(path).setValue(value)));
    }
}
