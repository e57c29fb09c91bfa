package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.iam.AccessControlRequest;
import com.databricks.sdk.service.iam.AccessControlResponse;
import com.databricks.sdk.service.iam.ObjectPermissions;
import com.databricks.sdk.service.iam.PermissionLevel;
import com.databricks.sdk.service.iam.SetObjectPermissions;
import com.databricks.sdk.service.iam.UpdateObjectPermissions;
import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.Language;
import com.databricks.sdk.service.workspace.ObjectInfo;
import com.databricks.sdk.service.workspace.WorkspaceObjectAccessControlRequest;
import com.databricks.sdk.service.workspace.WorkspaceObjectPermissionLevel;
import com.databricks.sdk.service.workspace.WorkspaceObjectPermissionsRequest;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.json.Json;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Permissions of the tree as the unmodified SDK and the browser ask for them, and what they change. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PermissionsApiTest {
    private static final long TEAM = 50;
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    private static final Caller CAROL = new Caller(1, 10, "carol@example.com", false, null, "request-1")
            .with(new Rights(false, false, Set.of(TEAM), Set.of()));
    private static final Caller ADMIN = new Caller(1, 9, "admin@example.com", true, null, "request-1");
    private static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");
    private static final String HOME = "/Users/alice@example.com";
    private static final String OBJECTS = "/api/campanile/v1/objects";

    private final HttpClient http = HttpClient.newHttpClient();
    private final KnownPrincipals directory = new KnownPrincipals()
            .with(1, 7, PrincipalKind.USER, "alice@example.com")
            .with(1, 8, PrincipalKind.USER, "bob@example.com")
            .with(1, 9, PrincipalKind.USER, "admin@example.com")
            .with(1, 10, PrincipalKind.USER, "carol@example.com")
            .with(1, TEAM, PrincipalKind.GROUP, "team")
            .with(1, 51, PrincipalKind.GROUP, "admins")
            .with(1, 60, PrincipalKind.SERVICE_PRINCIPAL, "0a1b2c3d-robot")
            .with(2, 8, PrincipalKind.USER, "bob@elsewhere.example.com");
    private TestEnvironment test;
    private WorkspaceServer server;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        server = WorkspaceServer.start(
                        test.environment(), new Neighbours(new RecordedNotebooks(), directory, Caller::rights))
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
        String id = folder("ordered");
        List<AccessControlRequest> wanted = List.of(
                user("carol@example.com", PermissionLevel.CAN_RUN),
                robot(PermissionLevel.CAN_MANAGE),
                group("team", PermissionLevel.CAN_READ),
                user("bob@example.com", PermissionLevel.CAN_EDIT));

        ObjectPermissions set = set(ALICE, "directories", id, wanted);
        ObjectPermissions read = client(ALICE).permissions().get("directories", id);

        assertThat(read).isEqualTo(set);
        assertThat(read.getObjectId()).isEqualTo("/directories/" + id);
        assertThat(read.getObjectType()).isEqualTo("directory");
        assertThat(direct(read)).containsExactlyElementsOf(wanted);
        assertThat(inherited(read)).containsExactly("alice@example.com CAN_MANAGE", "admins CAN_MANAGE");
        assertThat(read.getAccessControlList())
                .filteredOn(entry -> "bob@example.com".equals(entry.getUserName()))
                .allMatch(entry -> entry.getDisplayName().equals("Display of bob@example.com"));
        // What Terraform does on destroy: nothing but what is inherited is left.
        assertThat(direct(set(ALICE, "directories", id, List.of()))).isEmpty();
    }

    @Test
    void aPatchMergesAndAPutReplaces() {
        String id = folder("merged");
        set(ALICE, "directories", id, List.of(user("bob@example.com", PermissionLevel.CAN_READ)));

        ObjectPermissions merged = client(ALICE)
                .permissions()
                .update(new UpdateObjectPermissions()
                        .setRequestObjectType("directories")
                        .setRequestObjectId(id)
                        .setAccessControlList(List.of(
                                group("team", PermissionLevel.CAN_RUN),
                                user("bob@example.com", PermissionLevel.CAN_EDIT))));

        assertThat(direct(merged))
                .containsExactly(
                        user("bob@example.com", PermissionLevel.CAN_EDIT), group("team", PermissionLevel.CAN_RUN));
        assertThat(direct(set(ALICE, "directories", id, List.of(group("team", PermissionLevel.CAN_READ)))))
                .containsExactly(group("team", PermissionLevel.CAN_READ));
    }

    @Test
    void theWorkspaceClientOfTheSdkReadsLevelsAndSetsPermissionsOfANotebook() {
        String id = Long.toString(notebook(HOME + "/by the workspace client"));
        var api = client(ALICE).workspace();

        var levels = api.getPermissionLevels("notebooks", id).getPermissionLevels();
        var set = api.setPermissions(new WorkspaceObjectPermissionsRequest()
                .setWorkspaceObjectType("notebooks")
                .setWorkspaceObjectId(id)
                .setAccessControlList(List.of(new WorkspaceObjectAccessControlRequest()
                        .setUserName("bob@example.com")
                        .setPermissionLevel(WorkspaceObjectPermissionLevel.CAN_RUN))));

        assertThat(levels)
                .extracting(level -> level.getPermissionLevel().name())
                .containsExactly("CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE");
        assertThat(levels).allMatch(level -> !level.getDescription().isBlank());
        assertThat(set.getObjectType()).isEqualTo("notebook");
        assertThat(api.getPermissions("notebooks", id)).isEqualTo(set);
        assertThat(client(BOB).workspace().getStatus(HOME + "/by the workspace client"))
                .isNotNull();
    }

    @Test
    void aGrantOnAFolderReachesEverythingBelowAndEndsWithIt() throws Exception {
        String top = folder("shared with bob");
        String path = HOME + "/shared with bob";
        client(ALICE).workspace().mkdirs(path + "/deep/deeper");
        long below = notebook(path + "/deep/deeper/notebook");
        refused(() -> client(BOB).workspace().getStatus(path + "/deep"), 403, "PERMISSION_DENIED");

        set(ALICE, "directories", top, List.of(user("bob@example.com", PermissionLevel.CAN_READ)));

        assertThat(permission(BOB, below)).isEqualTo("CAN_READ");
        assertThat(paths(BOB, path + "/deep")).containsExactly(path + "/deep/deeper");
        refused(() -> client(BOB).workspace().mkdirs(path + "/deep/mine"), 403, "PERMISSION_DENIED");
        refused(() -> client(BOB).workspace().getStatus(HOME + "/another"), 403, "PERMISSION_DENIED");
        assertThat(inherited(client(BOB).permissions().get("notebooks", Long.toString(below))))
                .contains("bob@example.com CAN_READ");
        set(ALICE, "directories", top, List.of(user("bob@example.com", PermissionLevel.CAN_EDIT)));
        client(BOB).workspace().mkdirs(path + "/deep/mine/too");
        assertThat(permission(BOB, id(BOB, path + "/deep/mine"))).isEqualTo("CAN_MANAGE");
        set(ALICE, "directories", top, List.of());
        assertThat(call(BOB, "GET", OBJECTS + "/" + below, null).statusCode()).isEqualTo(404);
        // What one made oneself stays one's own.
        assertThat(permission(BOB, id(BOB, path + "/deep/mine/too"))).isEqualTo("CAN_MANAGE");
    }

    @Test
    void aGroupsGrantReachesItsMembersOnly() throws Exception {
        long notebook = notebook(HOME + "/for the team");

        set(ALICE, "notebooks", Long.toString(notebook), List.of(group("team", PermissionLevel.CAN_RUN)));

        assertThat(permission(CAROL, notebook)).isEqualTo("CAN_RUN");
        assertThat(call(BOB, "GET", OBJECTS + "/" + notebook, null).statusCode())
                .isEqualTo(404);
        JsonNode effective = ok(CAROL, "GET", OBJECTS + "/" + notebook + "/permissions", null);
        assertThat(effective.path("permission").asText()).isEqualTo("CAN_RUN");
        assertThat(effective.path("can_manage").asBoolean()).isFalse();
        assertThat(effective.path("permissions_id").asText()).isEqualTo("/notebooks/" + notebook);
        JsonNode team = effective.path("holders").path(0);
        assertThat(team.path("name").asText()).isEqualTo("team");
        assertThat(team.path("kind").asText()).isEqualTo("GROUP");
        assertThat(team.path("includes_you").asBoolean()).isTrue();
        assertThat(team.path("direct").asBoolean()).isTrue();
        JsonNode owner = effective.path("holders").path(1);
        assertThat(owner.path("name").asText()).isEqualTo("alice@example.com");
        assertThat(owner.path("sources").path(0).path("path").asText()).isEqualTo(HOME);
        assertThat(owner.path("sources").path(0).path("reason").asText()).isEqualTo("OWNER");
        assertThat(effective.path("holders").findValuesAsText("name")).endsWith("admins");
    }

    @Test
    void whatOthersGaveIsListedOnceAndNotWhatWalkingFinds() throws Exception {
        String top = folder("given");
        String nested = Long.toString(notebook(HOME + "/given/nested"));
        client(ADMIN).workspace().mkdirs("/Projects/inner");
        String project = Long.toString(id(ADMIN, "/Projects"));
        List<AccessControlRequest> dan = List.of(user("dan@example.com", PermissionLevel.CAN_READ));
        directory.with(1, 70, PrincipalKind.USER, "dan@example.com");
        Caller caller = new Caller(1, 70, "dan@example.com", false, null, "request-1");

        set(ALICE, "directories", top, dan);
        set(ALICE, "notebooks", nested, dan);
        set(ADMIN, "directories", project, dan);

        JsonNode shared = ok(caller, "GET", OBJECTS + "?shared=true", null).path("objects");
        assertThat(shared.findValuesAsText("object_id")).containsExactly(top);
        assertThat(shared.path(0).path("permission").asText()).isEqualTo("CAN_READ");
        assertThat(paths(caller, "/")).containsExactly("/Projects", "/Repos", "/Shared", "/Users");
        assertThat(ok(ADMIN, "GET", OBJECTS + "?shared=true", null).path("objects"))
                .isEmpty();
        client(ALICE)
                .workspace()
                .delete(new com.databricks.sdk.service.workspace.Delete()
                        .setPath(HOME + "/given")
                        .setRecursive(true));
        assertThat(ok(caller, "GET", OBJECTS + "?shared=true", null).path("objects"))
                .isEmpty();
    }

    @Test
    void wishesThatCannotBeAreRefusedByName() {
        String id = folder("wishes");

        refused(
                        () -> set(
                                ALICE,
                                "directories",
                                id,
                                List.of(user("nobody@example.com", PermissionLevel.CAN_READ))),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("nobody@example.com");
        refused(
                        () -> set(
                                ALICE,
                                "directories",
                                id,
                                List.of(user("bob@example.com", PermissionLevel.CAN_RESTART))),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("access_control_list[0].permission_level");
        refused(
                        () -> set(
                                ALICE,
                                "directories",
                                id,
                                List.of(new AccessControlRequest().setPermissionLevel(PermissionLevel.CAN_READ))),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("exactly one of user_name, group_name and service_principal_name");
        refused(
                        () -> set(ALICE, "directories", id, List.of(group("admins", PermissionLevel.CAN_READ))),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("admins");
        refused(
                () -> set(
                        ALICE,
                        "directories",
                        id,
                        List.of(group("team", PermissionLevel.CAN_READ), group("team", PermissionLevel.CAN_EDIT))),
                400,
                "INVALID_PARAMETER_VALUE");
        assertThat(direct(client(ALICE).permissions().get("directories", id))).isEmpty();
    }

    @Test
    void whoMayNotManageMayNotShareAndWhoMayNotSeeFindsNothing() {
        String id = folder("closed");

        refused(() -> client(BOB).permissions().get("directories", id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> client(STRANGER).permissions().get("directories", id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> client(ALICE).permissions().get("notebooks", id), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> client(ALICE).permissions().get("directories", "none"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> set(STRANGER, "directories", id, List.of()), 404, "RESOURCE_DOES_NOT_EXIST");
        set(ALICE, "directories", id, List.of(user("bob@example.com", PermissionLevel.CAN_EDIT)));
        refused(
                        () -> set(BOB, "directories", id, List.of(user("bob@example.com", PermissionLevel.CAN_MANAGE))),
                        403,
                        "PERMISSION_DENIED")
                .hasMessageContaining("CAN_MANAGE");
        assertThat(direct(client(BOB).permissions().get("directories", id)))
                .containsExactly(user("bob@example.com", PermissionLevel.CAN_EDIT));
    }

    @Test
    void nobodyButAnAdministratorShutsHimselfOut() {
        client(ADMIN).workspace().mkdirs("/Team space");
        String id = Long.toString(id(ADMIN, "/Team space"));
        set(ADMIN, "directories", id, List.of(user("bob@example.com", PermissionLevel.CAN_MANAGE)));

        refused(
                        () -> set(BOB, "directories", id, List.of(group("team", PermissionLevel.CAN_MANAGE))),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("only an administrator may do that");
        set(
                BOB,
                "directories",
                id,
                List.of(
                        user("bob@example.com", PermissionLevel.CAN_MANAGE),
                        group("team", PermissionLevel.CAN_MANAGE)));
        // Through the group she manages still.
        set(CAROL, "directories", id, List.of(group("team", PermissionLevel.CAN_MANAGE)));
        refused(() -> client(BOB).workspace().getStatus("/Team space"), 404, "RESOURCE_DOES_NOT_EXIST");
        set(ADMIN, "directories", id, List.of());
        refused(() -> client(CAROL).workspace().getStatus("/Team space"), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void creatorsOutsideOfHomesManageWhatTheyMadeAndSharedIsOpen() throws Exception {
        client(ADMIN).workspace().mkdirs("/Common");
        String common = Long.toString(id(ADMIN, "/Common"));
        set(ADMIN, "directories", common, List.of(group("team", PermissionLevel.CAN_EDIT)));

        client(CAROL).workspace().mkdirs("/Common/of carol");
        client(CAROL).workspace().mkdirs("/Shared/of carol");

        String made = Long.toString(id(CAROL, "/Common/of carol"));
        assertThat(direct(client(CAROL).permissions().get("directories", made)))
                .containsExactly(user("carol@example.com", PermissionLevel.CAN_MANAGE));
        assertThat(permission(BOB, id(BOB, "/Shared/of carol"))).isEqualTo("CAN_MANAGE");
        String open = Long.toString(id(BOB, "/Shared/of carol"));
        assertThat(inherited(client(BOB).permissions().get("directories", open)))
                .containsExactly("users CAN_MANAGE", "admins CAN_MANAGE");
    }

    @Test
    void whoMayNotWriteInAFolderBringsNothingNewIntoIt() throws Exception {
        folder("closed");
        long mine = notebook(HOME + "/closed/shared");
        set(ALICE, "notebooks", Long.toString(mine), List.of(user("bob@example.com", PermissionLevel.CAN_MANAGE)));
        ok(BOB, "POST", OBJECTS + "/" + mine + "/trash", "{}");
        assertThat(ok(BOB, "POST", OBJECTS + "/" + mine + "/restore", "{}")
                        .path("path")
                        .asText())
                .as("what he threw away himself he can put back")
                .isEqualTo(HOME + "/closed/shared");

        ok(BOB, "POST", OBJECTS + "/" + mine + "/trash", "{}");
        notebook(HOME + "/closed/shared");

        assertThat(call(BOB, "POST", OBJECTS + "/" + mine + "/restore", "{}").body())
                .contains("RESOURCE_ALREADY_EXISTS");
        assertThat(ok(ALICE, "POST", OBJECTS + "/" + mine + "/restore", "{}")
                        .path("name")
                        .asText())
                .isEqualTo("shared 2");
    }

    @Test
    void everyChangeOfAccessIsCountedForThoseWhoRemember() throws Exception {
        String id = folder("counted");
        Caller service = Caller.service("notebook-service", 0, "request-1");
        long before = changes(service);

        set(ALICE, "directories", id, List.of(group("team", PermissionLevel.CAN_EDIT)));
        long shared = changes(service);
        ok(ALICE, "POST", OBJECTS + "/" + id + "/trash", "{}");

        assertThat(shared).isGreaterThan(before);
        assertThat(changes(service)).isGreaterThan(shared);
    }

    private long changes(Caller service) throws Exception {
        return ok(service, "POST", "/internal/objects/changes", "{\"workspace_ids\":[1]}")
                .path("changes")
                .path("1")
                .asLong();
    }

    private String folder(String name) {
        client(ALICE).workspace().mkdirs(HOME + "/" + name);
        return Long.toString(id(ALICE, HOME + "/" + name));
    }

    private long notebook(String path) {
        client(ALICE)
                .workspace()
                .importContent(new Import()
                        .setPath(path)
                        .setLanguage(Language.SQL)
                        .setContent(Base64.getEncoder().encodeToString("select 1".getBytes(StandardCharsets.UTF_8))));
        return id(ALICE, path);
    }

    private long id(Caller caller, String path) {
        return client(caller).workspace().getStatus(path).getObjectId();
    }

    private List<String> paths(Caller caller, String path) {
        List<String> paths = new ArrayList<>();
        for (ObjectInfo info : client(caller).workspace().list(path)) {
            paths.add(info.getPath());
        }
        return paths;
    }

    private String permission(Caller caller, long objectId) throws Exception {
        return ok(caller, "GET", OBJECTS + "/" + objectId, null)
                .path("permission")
                .asText();
    }

    private ObjectPermissions set(Caller caller, String type, String id, List<AccessControlRequest> wanted) {
        return client(caller)
                .permissions()
                .set(new SetObjectPermissions()
                        .setRequestObjectType(type)
                        .setRequestObjectId(id)
                        .setAccessControlList(wanted));
    }

    /** As the Terraform provider reads them: what is not inherited. */
    private static List<AccessControlRequest> direct(ObjectPermissions permissions) {
        List<AccessControlRequest> wanted = new ArrayList<>();
        for (AccessControlResponse entry : permissions.getAccessControlList()) {
            entry.getAllPermissions().stream()
                    .filter(held -> !held.getInherited())
                    .forEach(held -> wanted.add(new AccessControlRequest()
                            .setUserName(entry.getUserName())
                            .setGroupName(entry.getGroupName())
                            .setServicePrincipalName(entry.getServicePrincipalName())
                            .setPermissionLevel(held.getPermissionLevel())));
        }
        return wanted;
    }

    private static List<String> inherited(ObjectPermissions permissions) {
        List<String> found = new ArrayList<>();
        for (AccessControlResponse entry : permissions.getAccessControlList()) {
            entry.getAllPermissions().stream()
                    .filter(held -> held.getInherited())
                    .peek(held -> assertThat(held.getInheritedFromObject())
                            .singleElement()
                            .asString()
                            .startsWith("/dir"))
                    .forEach(
                            held -> found.add((entry.getUserName() == null ? entry.getGroupName() : entry.getUserName())
                                    + " " + held.getPermissionLevel()));
        }
        return found;
    }

    private static AccessControlRequest user(String name, PermissionLevel level) {
        return new AccessControlRequest().setUserName(name).setPermissionLevel(level);
    }

    private static AccessControlRequest group(String name, PermissionLevel level) {
        return new AccessControlRequest().setGroupName(name).setPermissionLevel(level);
    }

    private static AccessControlRequest robot(PermissionLevel level) {
        return new AccessControlRequest()
                .setServicePrincipalName("0a1b2c3d-robot")
                .setPermissionLevel(level);
    }

    private WorkspaceClient client(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + server.port())
                .setToken(test.environment().tokens().sign(caller, "workspace"))
                .setAuthType("pat"));
    }

    private JsonNode ok(Caller caller, String method, String path, @Nullable String body) throws Exception {
        HttpResponse<String> answer = call(caller, method, path, body);
        assertThat(List.of(answer.statusCode(), answer.body())).startsWith(200);
        return Json.read(answer.body(), JsonNode.class);
    }

    private HttpResponse<String> call(Caller caller, String method, String path, @Nullable String body)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .header("Authorization", test.bearer(caller, "workspace"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(
            ThrowingCallable call, int status, String code) {
        return assertThatThrownBy(call).isInstanceOfSatisfying(DatabricksError.class, error -> {
            assertThat(error.getErrorCode()).isEqualTo(code);
            assertThat(error.getStatusCode()).isEqualTo(status);
        });
    }
}
