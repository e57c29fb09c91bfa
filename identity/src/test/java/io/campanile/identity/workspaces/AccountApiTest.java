package io.campanile.identity.workspaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.AccountClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.core.error.platform.ResourceAlreadyExists;
import com.databricks.sdk.service.iam.PermissionAssignment;
import com.databricks.sdk.service.iam.UpdateWorkspaceAssignments;
import com.databricks.sdk.service.iam.WorkspacePermission;
import com.databricks.sdk.service.provisioning.CreateWorkspaceRequest;
import com.databricks.sdk.service.provisioning.UpdateWorkspaceRequest;
import com.databricks.sdk.service.provisioning.Workspace;
import com.databricks.sdk.service.provisioning.WorkspaceStatus;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Account;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Requires;
import io.campanile.common.service.ServiceHttp;
import io.campanile.identity.testing.DirectoryFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unmodified client library drives the account: workspaces and who is in them. */
final class AccountApiTest {
    private static final String BASE = "/api/2.0/accounts/" + Account.ID + "/workspaces";

    @TempDir
    static Path dataDir;

    private static DirectoryFixture platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new DirectoryFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void aWorkspaceIsMadeFoundRenamedAndDeleted() throws Exception {
        AccountClient account = account(platform.admin);

        Workspace made = account.workspaces()
                .create(new CreateWorkspaceRequest()
                        .setWorkspaceName("Acme Research")
                        .setDeploymentName("acme")
                        .setAwsRegion("eu-west-1")
                        .setCustomTags(Map.of("team", "a")))
                .get(Duration.ofSeconds(20));

        assertThat(made.getWorkspaceStatus()).isEqualTo(WorkspaceStatus.RUNNING);
        assertThat(made.getDeploymentName()).isEqualTo("acme");
        assertThat(made.getAccountId()).isEqualTo(Account.ID);
        assertThat(made.getAwsRegion()).isEqualTo("eu-west-1");
        assertThat(account.workspaces().list())
                .extracting(Workspace::getWorkspaceId)
                .contains(made.getWorkspaceId());
        account.workspaces()
                .update(new UpdateWorkspaceRequest()
                        .setWorkspaceId(made.getWorkspaceId())
                        .setCustomerFacingWorkspace(new Workspace().setWorkspaceName("Acme")));
        Workspace renamed = account.workspaces().get(made.getWorkspaceId());
        assertThat(renamed.getWorkspaceName()).isEqualTo("Acme");
        assertThat(renamed.getCustomTags()).containsEntry("team", "a");
        assertThatThrownBy(() -> account.workspaces()
                        .create(new CreateWorkspaceRequest()
                                .setWorkspaceName("B")
                                .setDeploymentName("ACME")))
                .isInstanceOf(ResourceAlreadyExists.class);

        account.workspaces().delete(made.getWorkspaceId());

        assertThatThrownBy(() -> account.workspaces().get(made.getWorkspaceId()))
                .isInstanceOf(NotFound.class);
        assertThat(account.workspaces().list())
                .extracting(Workspace::getWorkspaceId)
                .doesNotContain(made.getWorkspaceId());
        assertThatThrownBy(() -> account.workspaces().delete(made.getWorkspaceId()))
                .isInstanceOf(NotFound.class);
    }

    @Test
    void theListSaysWhichWorkspaceCannotBeDeleted() {
        long other = create("deletable").path("workspace_id").asLong();

        JsonNode all = DirectoryFixture.json(platform.send("GET", BASE, null, platform.admin));

        for (JsonNode workspace : all) {
            long id = workspace.path("workspace_id").asLong();
            assertThat(workspace.path("is_first").asBoolean())
                    .as("%s", workspace)
                    .isEqualTo(id == platform.admin.workspaceId());
        }
        assertThat(all.findValuesAsText("workspace_id")).contains(Long.toString(other));
        var refused = platform.send("DELETE", BASE + "/" + platform.admin.workspaceId(), null, platform.admin);
        assertThat(DirectoryFixture.json(refused).path("error_code").asText()).isEqualTo("INVALID_STATE");
    }

    @Test
    void theTokenOfCreationOpensTheNewWorkspaceForItsFirstAdministrator() {
        JsonNode made = create("tokened");

        JsonNode opened = authenticate(made);

        assertThat(opened.path("workspace_id")).isEqualTo(made.path("workspace_id"));
        assertThat(opened.path("user_id").asLong()).isEqualTo(platform.admin.userId());
        assertThat(opened.path("rights").path("admin").asBoolean()).isTrue();
        assertThat(made.path("deployment_name").asText()).isEqualTo("tokened");
        assertThat(DirectoryFixture.json(platform.send(
                                "GET", BASE + "/" + made.path("workspace_id").asLong(), null, platform.admin))
                        .has("token"))
                .isFalse();
        assertThat(DirectoryFixture.json(platform.send("GET", "/api/campanile/v1/me", null, platform.admin))
                        .path("workspaces")
                        .findValuesAsText("host_name"))
                .contains("tokened");
    }

    @Test
    void credentialsOfADeletedWorkspaceEndAndItsClustersAreToldUntilNoneIsLeft() throws Exception {
        JsonNode made = create("doomed");
        long workspaceId = made.path("workspace_id").asLong();
        List<Long> told = new CopyOnWriteArrayList<>();
        platform.send("DELETE", BASE + "/" + workspaceId, null, platform.admin);

        assertThatThrownBy(() -> authenticate(made)).isInstanceOf(ApiException.class);
        // The cluster manager is down at first; then it says that one cluster still runs, then that none does.
        ServiceHttp clusters = new ServiceHttp("cluster-manager", platform.test.environment(), 10_000, () -> true);
        clusters.endpoints()
                .post(
                        "/internal/clusters/close-workspace",
                        Requires.service("clusters.closeWorkspace", "cluster"),
                        JsonNode.class,
                        (caller, body) -> {
                            told.add(body.path("workspace_id").asLong());
                            return Map.of("active", told.size() > 1 ? 0 : 1);
                        });
        clusters.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        platform.test.announce("cluster-manager", clusters.port());

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(platform.<Integer>database(db -> db.resultQuery(
                                        "select cast(count(*) as int) from workspace_closing where workspace_id = ?"
                                                // At rest: what is left to do is to erase it, when its time is over.
                                                + " and next_attempt_at < closed_at + interval '29 days'",
                                        workspaceId)
                                .fetchOneInto(Integer.class)))
                        .isZero());

        assertThat(told.stream().filter(id -> id == workspaceId).count()).isGreaterThan(1);
        clusters.close();
    }

    @Test
    void peopleAreAssignedToSeveralWorkspaces() {
        AccountClient account = account(platform.admin);
        JsonNode made = create("shared");
        long workspaceId = made.path("workspace_id").asLong();
        long bob = platform.user.userId();

        PermissionAssignment assigned = assign(account, workspaceId, bob, WorkspacePermission.ADMIN);

        assertThat(assigned.getPrincipal().getUserName()).isEqualTo("bob@example.com");
        assertThat(account.workspaceAssignment().list(workspaceId))
                .extracting(item -> item.getPrincipal().getPrincipalId(), PermissionAssignment::getPermissions)
                .contains(org.assertj.core.groups.Tuple.tuple(bob, List.of(WorkspacePermission.ADMIN)));
        assertThat(DirectoryFixture.json(platform.send("GET", "/api/campanile/v1/me", null, platform.user))
                        .path("workspaces"))
                .hasSize(2);
        assign(account, workspaceId, bob, WorkspacePermission.USER);
        assertThat(account.workspaceAssignment().list(workspaceId))
                .filteredOn(item -> item.getPrincipal().getPrincipalId() == bob)
                .singleElement()
                .satisfies(item -> assertThat(item.getPermissions()).containsExactly(WorkspacePermission.USER));
        assertThatThrownBy(() -> assign(account, workspaceId, platform.admin.userId(), WorkspacePermission.USER))
                .hasMessageContaining("last active administrator");
        assertThatThrownBy(() -> assign(account, workspaceId, 1, WorkspacePermission.USER))
                .isInstanceOf(NotFound.class);
        // Two people of one name cannot be in one workspace.
        assertThatThrownBy(() -> assign(account, workspaceId, platform.otherUser.userId(), WorkspacePermission.USER))
                .isInstanceOf(DatabricksError.class)
                .hasMessageContaining("somebody else of the name");

        account.workspaceAssignment().delete(workspaceId, bob);

        assertThat(account.workspaceAssignment().list(workspaceId))
                .extracting(item -> item.getPrincipal().getPrincipalId())
                .doesNotContain(bob);
        assertThat(platform.sdk(platform.admin).users().get(Long.toString(bob)).getUserName())
                .isEqualTo("bob@example.com");
    }

    @Test
    void whoLeavesHomeButStaysElsewhereIsNobodysToTakeOver() {
        AccountClient account = account(platform.admin);
        Caller person = platform.person(platform.admin, "nomad@example.com");
        long second = create("second").path("workspace_id").asLong();
        long third = create("third").path("workspace_id").asLong();
        assign(account, second, person.userId(), WorkspacePermission.USER);
        assign(account, third, person.userId(), WorkspacePermission.USER);

        platform.sdk(platform.admin).users().delete(Long.toString(person.userId()));

        assertThat(home(person)).isEqualTo(platform.admin.workspaceId());
        account.workspaceAssignment().delete(third, person.userId());
        assertThat(home(person)).isEqualTo(second);
    }

    @Test
    void badRequestsSayWhatIsWrong() {
        for (Object body : List.of(
                Map.of(),
                Map.of("workspace_name", ""),
                Map.of("workspace_name", 7),
                Map.of("workspace_name", "x", "deployment_name", "-bad-"),
                Map.of("workspace_name", "x", "deployment_name", "usercontent"),
                Map.of("workspace_name", "x", "deployment_name", "a.b"),
                "[]",
                "{")) {
            assertThat(platform.send("POST", BASE, body, platform.admin).statusCode())
                    .as(String.valueOf(body))
                    .isEqualTo(400);
        }
        assertThat(platform.send("GET", BASE + "/99", null, platform.admin).statusCode())
                .isEqualTo(404);
        assertThat(platform.send("GET", BASE + "/x", null, platform.admin).statusCode())
                .isEqualTo(400);
        assertThat(platform.send("GET", "/api/2.0/accounts/other/workspaces", null, platform.admin)
                        .statusCode())
                .isEqualTo(404);
        assertThat(platform.send("DELETE", BASE + "/" + platform.admin.workspaceId(), null, platform.admin)
                        .body())
                .contains("INVALID_STATE");
        assertThat(platform.send(
                                "PUT",
                                BASE + "/" + platform.admin.workspaceId() + "/permissionassignments/principals/"
                                        + platform.user.userId(),
                                Map.of("permissions", List.of("OWNER")),
                                platform.admin)
                        .body())
                .contains("permissions");
    }

    @Test
    void onlyAdministratorsOfTheAccountMay() {
        for (Caller caller : List.of(platform.user, platform.otherAdmin)) {
            assertThatThrownBy(() -> account(caller).workspaces().list()).isInstanceOf(PermissionDenied.class);
            assertThat(platform.send("POST", BASE, Map.of("workspace_name", "mine"), caller)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(platform.send(
                                    "PUT",
                                    BASE + "/" + platform.admin.workspaceId() + "/permissionassignments/principals/"
                                            + caller.userId(),
                                    Map.of("permissions", List.of("ADMIN")),
                                    caller)
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void hostNamesLeadToWorkspaces() {
        JsonNode made = create("hosted");

        assertThat(DirectoryFixture.json(platform.send("GET", "/internal/workspaces/hosts/hosted", null, service()))
                        .path("workspace_id"))
                .isEqualTo(made.path("workspace_id"));
        assertThat(platform.send("GET", "/internal/workspaces/hosts/nobody", null, service())
                        .body())
                .isEqualTo("{}");
        assertThat(platform.send("GET", "/internal/workspaces/hosts/hosted", null, platform.admin)
                        .statusCode())
                .isEqualTo(403);
    }

    private static Caller service() {
        return Caller.service("gateway", 0, "request-of-tests");
    }

    private static long home(Caller person) {
        return platform.database(
                db -> db.resultQuery("select home_workspace_id from person where user_id = ?", person.userId())
                        .fetchOneInto(Long.class));
    }

    private static PermissionAssignment assign(
            AccountClient account, long workspaceId, long principalId, WorkspacePermission permission) {
        return account.workspaceAssignment()
                .update(new UpdateWorkspaceAssignments()
                        .setWorkspaceId(workspaceId)
                        .setPrincipalId(principalId)
                        .setPermissions(List.of(permission)));
    }

    private static JsonNode authenticate(JsonNode made) {
        return platform.internal(
                "/internal/authenticate",
                Map.of("kind", "pat", "secret", made.path("token").asText()));
    }

    private static JsonNode create(String name) {
        JsonNode made =
                DirectoryFixture.json(platform.send("POST", BASE, Map.of("workspace_name", name), platform.admin));
        assertThat(made.path("token").asText()).as(made.toString()).startsWith("dapi");
        return made;
    }

    private static AccountClient account(Caller caller) {

        return new AccountClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + platform.identity.port())
                .setAccountId(Account.ID)
                .setToken(platform.test.bearer(caller, "identity").substring("Bearer ".length()))
                .setAuthType("pat"));
    }
}
