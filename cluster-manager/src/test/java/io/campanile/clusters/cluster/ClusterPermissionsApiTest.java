package io.campanile.clusters.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.ClusterAccessControlRequest;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ClusterPermissionLevel;
import com.databricks.sdk.service.compute.ClusterPermissions;
import com.databricks.sdk.service.compute.ClusterPermissionsRequest;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.EditCluster;
import com.databricks.sdk.service.compute.GetEvents;
import com.databricks.sdk.service.compute.ListClustersRequest;
import com.databricks.sdk.service.compute.RestartCluster;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.ClusterServer;
import io.campanile.clusters.testing.FakeProvider;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what with whose cluster, as the SDK meets it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClusterPermissionsApiTest {
    private static final long TEAM = 50;
    private static final Rights CREATOR = new Rights(false, false, Set.of(), Set.of("allow-cluster-create"));
    private static final Caller OWNER = new Caller(1, 7, "owner@example.com", false, null, "request-1").with(CREATOR);
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    private static final Caller CAROL = new Caller(1, 10, "carol@example.com", false, null, "request-1")
            .with(new Rights(false, false, Set.of(TEAM), Set.of()));
    private static final Caller ADMIN = new Caller(1, 9, "admin@example.com", true, null, "request-1");
    private static final Caller STRANGER = new Caller(2, 7, "owner@example.com", true, null, "request-1");

    private TestEnvironment test;
    private ClusterServer server;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        KnownPrincipals directory = new KnownPrincipals()
                .with(1, 7, PrincipalKind.USER, "owner@example.com")
                .with(1, 8, PrincipalKind.USER, "bob@example.com")
                .with(1, TEAM, PrincipalKind.GROUP, "team");
        // No node ever comes up: what is tested here needs none.
        var source = new ClusterServer.NodeSource(new FakeProvider(), () -> 64_000);
        server = ClusterServer.start(
                        test.environment(), ClusterConfig.defaults().withWarmPool(0), source, directory)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @AfterAll
    void stop() {
        server.close();
        test.close();
    }

    @Test
    void whatIsReadEqualsWhatWasSetInItsOrder() {
        String id = create("ordered");
        var wanted = List.of(
                group("team", ClusterPermissionLevel.CAN_ATTACH_TO),
                user("bob@example.com", ClusterPermissionLevel.CAN_RESTART));

        ClusterPermissions set = set(OWNER, id, wanted);
        ClusterPermissions read = client(OWNER).clusters().getPermissions(id);

        assertThat(read).isEqualTo(set);
        assertThat(read.getObjectType()).isEqualTo("cluster");
        assertThat(read.getObjectId()).isEqualTo("/clusters/" + id);
        assertThat(direct(read)).containsExactlyElementsOf(wanted);
        assertThat(read.getAccessControlList())
                .last()
                .satisfies(admins -> assertThat(admins.getGroupName()).isEqualTo("admins"))
                .satisfies(admins -> assertThat(admins.getAllPermissions())
                        .allMatch(held -> held.getInherited()
                                && held.getPermissionLevel() == ClusterPermissionLevel.CAN_MANAGE
                                && held.getInheritedFromObject().contains("/clusters/")));
        ClusterPermissions merged = client(OWNER)
                .clusters()
                .updatePermissions(new ClusterPermissionsRequest()
                        .setClusterId(id)
                        .setAccessControlList(List.of(group("team", ClusterPermissionLevel.CAN_MANAGE))));
        assertThat(direct(merged))
                .containsExactly(
                        group("team", ClusterPermissionLevel.CAN_MANAGE),
                        user("bob@example.com", ClusterPermissionLevel.CAN_RESTART));
        assertThat(client(OWNER).clusters().getPermissionLevels(id).getPermissionLevels())
                .extracting(level -> level.getPermissionLevel().name())
                .containsExactly("CAN_ATTACH_TO", "CAN_RESTART", "CAN_MANAGE");
    }

    @Test
    void eachLevelLetsDoWhatItSaysAndNoMore() {
        String id = create("levels");
        refused(() -> client(BOB).clusters().get(id), 403, "PERMISSION_DENIED");
        refused(() -> client(BOB).clusters().getPermissions(id), 403, "PERMISSION_DENIED");

        set(OWNER, id, List.of(user("bob@example.com", ClusterPermissionLevel.CAN_ATTACH_TO)));
        assertThat(client(BOB).clusters().get(id).getClusterName()).isEqualTo("levels");
        assertThat(client(BOB).clusters().events(new GetEvents().setClusterId(id)))
                .isNotEmpty();
        refused(() -> client(BOB).clusters().delete(id), 403, "PERMISSION_DENIED");
        refused(() -> client(BOB).clusters().restart(new RestartCluster().setClusterId(id)), 403, "PERMISSION_DENIED");
        refused(() -> client(BOB).clusters().start(id), 403, "PERMISSION_DENIED");
        set(OWNER, id, List.of(user("bob@example.com", ClusterPermissionLevel.CAN_RESTART)));
        client(BOB).clusters().restart(new RestartCluster().setClusterId(id));
        refused(() -> client(BOB).clusters().permanentDelete(id), 403, "PERMISSION_DENIED");
        refused(
                () -> client(BOB)
                        .clusters()
                        .edit(new EditCluster()
                                .setClusterId(id)
                                .setClusterName("taken over")
                                .setSparkVersion("4.0.x-scala2.13")
                                .setNodeTypeId("local.small")),
                403,
                "PERMISSION_DENIED");
        refused(() -> set(BOB, id, List.of()), 403, "PERMISSION_DENIED");
        set(OWNER, id, List.of(user("bob@example.com", ClusterPermissionLevel.CAN_MANAGE)));
        refused(() -> set(BOB, id, List.of()), 400, "INVALID_PARAMETER_VALUE");
        client(BOB).clusters().permanentDelete(id);

        refused(() -> client(OWNER).clusters().getPermissions(id), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void aListShowsOnlyWhatOneMaySee() {
        String mine = create("listed, mine");
        String shared = create("listed, shared");
        set(OWNER, shared, List.of(group("team", ClusterPermissionLevel.CAN_ATTACH_TO)));

        assertThat(listed(CAROL)).contains(shared).doesNotContain(mine);
        assertThat(listed(BOB)).doesNotContain(mine, shared);
        assertThat(listed(OWNER)).contains(mine, shared);
        assertThat(listed(ADMIN)).contains(mine, shared);
        assertThat(listed(STRANGER)).doesNotContain(mine, shared);
        set(OWNER, shared, List.of());
        assertThat(listed(CAROL)).doesNotContain(shared);
    }

    @Test
    void wishesThatCannotBeAreRefusedByName() {
        String id = create("wishes");

        refused(
                        () -> set(OWNER, id, List.of(user("who@example.com", ClusterPermissionLevel.CAN_MANAGE))),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("who@example.com");
        refused(() -> client(STRANGER).clusters().getPermissions(id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> client(OWNER).clusters().getPermissions("none"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(
                () -> client(BOB).clusters().create(new CreateCluster().setClusterName("without the entitlement")),
                403,
                "PERMISSION_DENIED");
    }

    @Test
    void nobodyButTheOwnerHasItStartedToRunCode() throws Exception {
        String id = create("run");
        set(OWNER, id, List.of(user("bob@example.com", ClusterPermissionLevel.CAN_MANAGE)));

        assertThat(ensureRunning(BOB, id).statusCode()).isEqualTo(403);
        assertThat(ensureRunning(OWNER, id).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> ensureRunning(Caller person, String id) throws Exception {
        URI route = URI.create("http://127.0.0.1:" + server.port() + "/internal/clusters/" + id + "/ensure-running");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(route)
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .header("Authorization", test.bearer(person.via("notebook-service"), "cluster-manager"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private String create(String name) {
        return client(OWNER)
                .clusters()
                .create(new CreateCluster()
                        .setClusterName(name)
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small")
                        .setNumWorkers(0L))
                .getResponse()
                .getClusterId();
    }

    private List<String> listed(Caller caller) {
        List<String> ids = new ArrayList<>();
        for (ClusterDetails details : client(caller).clusters().list(new ListClustersRequest())) {
            ids.add(details.getClusterId());
        }
        return ids;
    }

    private ClusterPermissions set(Caller caller, String id, List<ClusterAccessControlRequest> wanted) {
        return client(caller)
                .clusters()
                .setPermissions(new ClusterPermissionsRequest().setClusterId(id).setAccessControlList(wanted));
    }

    private static List<ClusterAccessControlRequest> direct(ClusterPermissions permissions) {
        List<ClusterAccessControlRequest> wanted = new ArrayList<>();
        permissions
                .getAccessControlList()
                .forEach(entry -> entry.getAllPermissions().stream()
                        .filter(held -> !held.getInherited())
                        .forEach(held -> wanted.add(new ClusterAccessControlRequest()
                                .setUserName(entry.getUserName())
                                .setGroupName(entry.getGroupName())
                                .setPermissionLevel(held.getPermissionLevel()))));
        return wanted;
    }

    private static ClusterAccessControlRequest user(String name, ClusterPermissionLevel level) {
        return new ClusterAccessControlRequest().setUserName(name).setPermissionLevel(level);
    }

    private static ClusterAccessControlRequest group(String name, ClusterPermissionLevel level) {
        return new ClusterAccessControlRequest().setGroupName(name).setPermissionLevel(level);
    }

    private WorkspaceClient client(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + server.port())
                .setToken(test.environment().tokens().sign(caller, "cluster-manager"))
                .setAuthType("pat"));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(
            ThrowingCallable call, int status, String code) {
        return assertThatThrownBy(call).isInstanceOfSatisfying(DatabricksError.class, error -> {
            assertThat(error.getErrorCode()).isEqualTo(code);
            assertThat(error.getStatusCode()).isEqualTo(status);
        });
    }
}
