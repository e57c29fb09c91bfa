package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.workspace.AclItem;
import com.databricks.sdk.service.workspace.AclPermission;
import com.databricks.sdk.service.workspace.AzureKeyVaultSecretScopeMetadata;
import com.databricks.sdk.service.workspace.CreateScope;
import com.databricks.sdk.service.workspace.DeleteAcl;
import com.databricks.sdk.service.workspace.DeleteSecret;
import com.databricks.sdk.service.workspace.PutAcl;
import com.databricks.sdk.service.workspace.PutSecret;
import com.databricks.sdk.service.workspace.ScopeBackendType;
import com.databricks.sdk.service.workspace.SecretMetadata;
import com.databricks.sdk.service.workspace.SecretScope;
import com.databricks.sdk.service.workspace.SecretsAPI;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.workspace.secrets.FakeDirectory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The secrets API as the unmodified Java SDK calls it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecretsApiTest {
    private static final long USERS = 50;
    private static final long TEAM = 51;
    private static final long APPLICATION = 30;
    private static final Caller ALICE = person(1, 7, "alice@example.com");
    private static final Caller BOB = person(1, 8, "bob@example.com");
    private static final Caller CAROL =
            person(1, 10, "carol@example.com").with(new Rights(false, false, Set.of(USERS, TEAM), Set.of()));
    private static final Caller ROBOT = person(1, APPLICATION, "5f0e-application");
    private static final Caller ADMIN = new Caller(1, 9, "admin@example.com", true, null, "request-1");
    private static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");

    private final FakeDirectory directory = new FakeDirectory();
    private final AtomicInteger names = new AtomicInteger();
    private TestEnvironment test;
    private WorkspaceServer server;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        for (Caller caller : List.of(ALICE, BOB, CAROL, ADMIN)) {
            directory.add(1, new Principal(caller.userId(), PrincipalKind.USER, caller.userName(), "", true));
        }
        directory.add(1, new Principal(USERS, PrincipalKind.GROUP, "users", "users", true));
        directory.add(1, new Principal(TEAM, PrincipalKind.GROUP, "team", "team", true));
        directory.add(1, new Principal(APPLICATION, PrincipalKind.SERVICE_PRINCIPAL, ROBOT.userName(), "robot", true));
        directory.add(2, new Principal(7, PrincipalKind.USER, "alice@example.com", "", true));
        test = new TestEnvironment(dataDir);
        server = WorkspaceServer.start(
                        test.environment(), new Neighbours(new RecordedNotebooks(), directory, directory))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        test.announce("workspace", server.port());
    }

    @AfterAll
    void stop() {
        server.close();
        test.close();
    }

    @Test
    void aSecretIsPutReadListedReplacedAndDeleted() {
        String scope = scope(ALICE);
        Instant before = Instant.now();

        put(ALICE, scope, "db.password", "s3cret é");
        api(ALICE).putSecret(new PutSecret().setScope(scope).setKey("bytes").setBytesValue(base64(new byte[] {0, -1})));
        put(ALICE, scope, "DB.Password", "replaced");

        assertThat(value(ALICE, scope, "db.password")).isEqualTo("replaced".getBytes(StandardCharsets.UTF_8));
        assertThat(value(ALICE, scope, "bytes")).containsExactly(0, -1);
        List<SecretMetadata> listed = list(api(ALICE).listSecrets(scope));
        assertThat(listed).extracting(SecretMetadata::getKey).containsExactly("bytes", "db.password");
        assertThat(listed.get(1).getLastUpdatedTimestamp())
                .isBetween(before.toEpochMilli() - 1, Instant.now().toEpochMilli());

        api(ALICE).deleteSecret(new DeleteSecret().setScope(scope).setKey("db.password"));

        refused(() -> value(ALICE, scope, "db.password"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(
                () -> api(ALICE).deleteSecret(new DeleteSecret().setScope(scope).setKey("db.password")),
                404,
                "RESOURCE_DOES_NOT_EXIST");
        assertThat(list(api(ALICE).listSecrets(scope))).hasSize(1);
    }

    @Test
    void scopesAreMadeOnceAndGoWithTheirSecrets() {
        String scope = scope(ALICE);
        put(ALICE, scope, "key", "value");

        refused(() -> api(ALICE).createScope(new CreateScope().setScope(scope)), 409, "RESOURCE_ALREADY_EXISTS");
        refused(
                () -> api(BOB).createScope(new CreateScope().setScope(scope.toUpperCase(java.util.Locale.ROOT))),
                409,
                "RESOURCE_ALREADY_EXISTS");
        assertThat(list(api(ALICE).listScopes()))
                .filteredOn(listed -> listed.getName().equals(scope))
                .singleElement()
                .extracting(SecretScope::getBackendType)
                .isEqualTo(ScopeBackendType.DATABRICKS);
        api(ALICE).deleteScope(scope);
        refused(() -> api(ALICE).deleteScope(scope), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> put(ALICE, scope, "key", "value"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> list(api(ALICE).listSecrets(scope)), 404, "RESOURCE_DOES_NOT_EXIST");

        api(BOB).createScope(new CreateScope().setScope(scope));

        assertThat(list(api(BOB).listSecrets(scope))).isEmpty();
        refused(() -> list(api(ALICE).listSecrets(scope)), 403, "PERMISSION_DENIED");
    }

    @Test
    void eachLevelOpensWhatItNames() {
        String scope = scope(ALICE);
        put(ALICE, scope, "key", "value");

        refused(() -> value(BOB, scope, "key"), 403, "PERMISSION_DENIED")
                .hasMessageContaining("needs the permission READ on scope " + scope);
        assertThat(names(BOB)).doesNotContain(scope);

        grant(scope, BOB.userName(), AclPermission.READ);
        assertThat(value(BOB, scope, "key")).asString(StandardCharsets.UTF_8).isEqualTo("value");
        assertThat(names(BOB)).contains(scope);
        assertThat(list(api(BOB).listSecrets(scope))).hasSize(1);
        refused(() -> put(BOB, scope, "key", "other"), 403, "PERMISSION_DENIED");
        refused(
                () -> api(BOB).deleteSecret(new DeleteSecret().setScope(scope).setKey("key")),
                403,
                "PERMISSION_DENIED");

        grant(scope, BOB.userName(), AclPermission.WRITE);
        put(BOB, scope, "key", "other");
        refused(() -> list(api(BOB).listAcls(scope)), 403, "PERMISSION_DENIED");
        refused(() -> api(BOB).getAcl(scope, BOB.userName()), 403, "PERMISSION_DENIED");
        refused(() -> api(BOB).putAcl(acl(scope, "team", AclPermission.READ)), 403, "PERMISSION_DENIED");
        refused(
                () -> api(BOB).deleteAcl(new DeleteAcl().setScope(scope).setPrincipal(ALICE.userName())),
                403,
                "PERMISSION_DENIED");
        refused(() -> api(BOB).deleteScope(scope), 403, "PERMISSION_DENIED");

        grant(scope, BOB.userName(), AclPermission.MANAGE);
        api(BOB).deleteAcl(new DeleteAcl().setScope(scope).setPrincipal(ALICE.userName()));
        refused(() -> value(ALICE, scope, "key"), 403, "PERMISSION_DENIED");
        assertThat(value(ADMIN, scope, "key")).asString(StandardCharsets.UTF_8).isEqualTo("other");
        assertThat(names(ADMIN)).contains(scope);
    }

    @Test
    void groupsAndServicePrincipalsAreNamedAsUsersAre() {
        String scope = scope(ALICE);
        put(ALICE, scope, "key", "value");

        grant(scope, "team", AclPermission.WRITE);
        grant(scope, ROBOT.userName(), AclPermission.READ);

        put(CAROL, scope, "from-team", "x");
        assertThat(value(ROBOT, scope, "key")).hasSize(5);
        refused(() -> put(ROBOT, scope, "key", "x"), 403, "PERMISSION_DENIED");
        refused(() -> value(BOB, scope, "key"), 403, "PERMISSION_DENIED");
        assertThat(list(api(ALICE).listAcls(scope)))
                .extracting(AclItem::getPrincipal, AclItem::getPermission)
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple(ALICE.userName(), AclPermission.MANAGE),
                        org.assertj.core.api.Assertions.tuple("team", AclPermission.WRITE),
                        org.assertj.core.api.Assertions.tuple(ROBOT.userName(), AclPermission.READ));
        assertThat(api(ALICE).getAcl(scope, "team").getPermission()).isEqualTo(AclPermission.WRITE);
        refused(() -> api(ALICE).getAcl(scope, BOB.userName()), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(
                () -> api(ALICE).deleteAcl(new DeleteAcl().setScope(scope).setPrincipal("nobody")),
                404,
                "RESOURCE_DOES_NOT_EXIST");
        refused(() -> grant(scope, "nobody", AclPermission.READ), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("principal nobody");
        refused(() -> grant("no-such-scope", "team", AclPermission.READ), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> list(api(ALICE).listAcls("no-such-scope")), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void aScopeMayBelongToEverybody() {
        String scope = "everybody-" + names.incrementAndGet();

        api(ALICE).createScope(new CreateScope().setScope(scope).setInitialManagePrincipal("users"));

        put(CAROL, scope, "key", "value");
        assertThat(list(api(CAROL).listAcls(scope)))
                .singleElement()
                .extracting(AclItem::getPrincipal)
                .isEqualTo("users");
        refused(
                () -> api(ALICE).createScope(new CreateScope().setScope("other").setInitialManagePrincipal("team")),
                400,
                "INVALID_PARAMETER_VALUE");
    }

    @Test
    void badInputIsNamedByItsField() {
        String scope = scope(ALICE);

        for (String bad : List.of("", "with space", "ümlaut", "x".repeat(129), "a/b")) {
            refused(() -> api(ALICE).createScope(new CreateScope().setScope(bad)), 400, "INVALID_PARAMETER_VALUE")
                    .hasMessageContaining("scope must be");
            refused(() -> put(ALICE, scope, bad, "value"), 400, "INVALID_PARAMETER_VALUE")
                    .hasMessageContaining("key must be");
        }
        api(ALICE).createScope(new CreateScope().setScope("x".repeat(128)));
        refused(
                        () -> api(ALICE)
                                .createScope(new CreateScope()
                                        .setScope("vault")
                                        .setScopeBackendType(ScopeBackendType.AZURE_KEYVAULT)
                                        .setBackendAzureKeyvault(new AzureKeyVaultSecretScopeMetadata())),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("scope_backend_type");
        PutSecret both = new PutSecret()
                .setScope(scope)
                .setKey("key")
                .setStringValue("a")
                .setBytesValue("YQ==");
        refused(() -> api(ALICE).putSecret(both), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("exactly one of string_value and bytes_value");
        refused(
                () -> api(ALICE).putSecret(new PutSecret().setScope(scope).setKey("key")),
                400,
                "INVALID_PARAMETER_VALUE");
        refused(
                        () -> api(ALICE)
                                .putSecret(new PutSecret()
                                        .setScope(scope)
                                        .setKey("key")
                                        .setBytesValue("no!base64")),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessage("bytes_value is not base64");
        put(ALICE, scope, "largest", "x".repeat(128 * 1024));
        refused(() -> put(ALICE, scope, "key", "x".repeat(128 * 1024 + 1)), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("131072 bytes");
        refused(
                        () -> api(ALICE).putAcl(new PutAcl().setScope(scope).setPrincipal("team")),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("permission");
    }

    @Test
    void anotherWorkspaceHasNoneOfIt() {
        String scope = scope(ALICE);
        put(ALICE, scope, "key", "ours");

        refused(() -> value(STRANGER, scope, "key"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> api(STRANGER).deleteScope(scope), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(names(STRANGER)).doesNotContain(scope);
        api(STRANGER).createScope(new CreateScope().setScope(scope));
        put(STRANGER, scope, "key", "theirs");

        assertThat(value(ALICE, scope, "key")).asString(StandardCharsets.UTF_8).isEqualTo("ours");
    }

    @Test
    void administratorsRotateTheKeysAndNobodyElse() throws Exception {
        String scope = scope(ALICE);
        put(ALICE, scope, "key", "value");
        Caller account = ADMIN.with(new Rights(true, true, Set.of(), Set.of()));

        assertThat(rotate(ALICE, "data")).isEqualTo(403);
        assertThat(rotate(ADMIN, "data")).isEqualTo(200);
        assertThat(rotate(ADMIN, "master")).isEqualTo(403);
        assertThat(rotate(account, "master")).isEqualTo(200);

        assertThat(value(ALICE, scope, "key")).asString(StandardCharsets.UTF_8).isEqualTo("value");
    }

    @Test
    void aServiceReadsWhatThePersonItActsForMayReadNow() {
        String scope = scope(ALICE);
        put(ALICE, scope, "key", "value");
        Caller forBob = BOB.with(Rights.ADMIN);

        directory.rights(BOB.userId(), Rights.NONE);
        assertThatThrownBy(() -> internal(forBob, "get", scope))
                .as("what the token says of rights does not count")
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
        grant(scope, "team", AclPermission.READ);
        directory.rights(BOB.userId(), new Rights(false, false, Set.of(TEAM), Set.of()));

        assertThat(internal(forBob, "get", scope).path("value").asText())
                .isEqualTo(base64("value".getBytes(StandardCharsets.UTF_8)));
        assertThat(internal(forBob, "list", scope).path("names").toString()).isEqualTo("[\"key\"]");
        assertThat(internal(forBob, "scopes", scope).path("names").toString()).contains("\"" + scope + "\"");
        assertThatThrownBy(() -> internal(person(1, 99, "gone@example.com"), "get", scope))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
    }

    private JsonNode internal(Caller caller, String what, String scope) {
        return test.environment()
                .client("workspace")
                .post(
                        caller.via("notebook-service"),
                        "/internal/secrets/" + what,
                        Map.of("scope", scope, "key", "key"),
                        JsonNode.class);
    }

    private int rotate(Caller caller, String which) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/api/campanile/v1/keys/" + which + "/rotate"))
                .header("Authorization", test.bearer(caller, "workspace"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private static Caller person(long workspace, long id, String name) {
        return new Caller(workspace, id, name, false, null, "request-1")
                .with(new Rights(false, false, Set.of(USERS), Set.of()));
    }

    private String scope(Caller caller) {
        String name = "Scope_" + names.incrementAndGet() + "@a-b.c";
        api(caller).createScope(new CreateScope().setScope(name));
        return name;
    }

    private void put(Caller caller, String scope, String key, String value) {
        api(caller).putSecret(new PutSecret().setScope(scope).setKey(key).setStringValue(value));
    }

    private byte[] value(Caller caller, String scope, String key) {
        return Base64.getDecoder().decode(api(caller).getSecret(scope, key).getValue());
    }

    private void grant(String scope, String principal, AclPermission permission) {
        api(ALICE).putAcl(acl(scope, principal, permission));
    }

    private static PutAcl acl(String scope, String principal, AclPermission permission) {
        return new PutAcl().setScope(scope).setPrincipal(principal).setPermission(permission);
    }

    private List<String> names(Caller caller) {
        return list(api(caller).listScopes()).stream().map(SecretScope::getName).toList();
    }

    private SecretsAPI api(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                        .setHost("http://127.0.0.1:" + server.port())
                        .setToken(test.environment().tokens().sign(caller, "workspace"))
                        .setAuthType("pat"))
                .secrets();
    }

    private static <T> List<T> list(Iterable<T> listed) {
        List<T> all = new ArrayList<>();
        listed.forEach(all::add);
        return all;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            ThrowingCallable call, int status, String code) {
        return assertThatThrownBy(call).isInstanceOfSatisfying(DatabricksError.class, error -> {
            assertThat(error.getErrorCode()).isEqualTo(code);
            assertThat(error.getStatusCode()).isEqualTo(status);
        });
    }
}
