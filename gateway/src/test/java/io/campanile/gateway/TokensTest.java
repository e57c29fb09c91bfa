package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.error.platform.BadRequest;
import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.core.error.platform.ResourceDoesNotExist;
import com.databricks.sdk.core.error.platform.Unauthenticated;
import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.iam.PasswordAccessControlRequest;
import com.databricks.sdk.service.iam.PasswordPermissionLevel;
import com.databricks.sdk.service.iam.PasswordPermissionsRequest;
import com.databricks.sdk.service.settings.CreateOboTokenRequest;
import com.databricks.sdk.service.settings.CreateOboTokenResponse;
import com.databricks.sdk.service.settings.CreateTokenRequest;
import com.databricks.sdk.service.settings.CreateTokenResponse;
import com.databricks.sdk.service.settings.ListTokenManagementRequest;
import com.databricks.sdk.service.settings.PublicTokenInfo;
import com.databricks.sdk.service.settings.TokenAccessControlRequest;
import com.databricks.sdk.service.settings.TokenAccessControlResponse;
import com.databricks.sdk.service.settings.TokenInfo;
import com.databricks.sdk.service.settings.TokenPermissionLevel;
import com.databricks.sdk.service.settings.TokenPermissionsRequest;
import com.databricks.sdk.service.settings.UpdateTokenManagementRequest;
import com.databricks.sdk.service.settings.UpdateTokenRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.FieldMask;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens, their management and who may use them, through the unmodified client library. */
final class TokensTest {
    private static final String PASSWORD = "a-password-of-tests";

    @TempDir
    Path dataDir;

    private GatewayFixture platform;
    private WorkspaceClient admin;
    private WorkspaceClient bob;

    @BeforeEach
    void start() throws Exception {
        platform = new GatewayFixture(dataDir);
        admin = client(platform.token);
        bob = client(platform.internal(
                        "/internal/users",
                        Map.of("workspace_id", platform.workspaceId, "user", "bob@example.com", "password", PASSWORD))
                .path("token")
                .asText());
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void aTokenWithScopesOpensOnlyWhatTheyName() {
        CreateTokenResponse made = admin.tokens()
                .create(new CreateTokenRequest()
                        .setComment("narrow")
                        .setScopes(List.of("workspace", "authentication")));
        WorkspaceClient narrow = client(made.getTokenValue());

        assertThat(made.getTokenInfo().getScopes()).containsExactly("authentication", "workspace");
        assertThat(narrow.currentUser().me(new MeRequest()).getUserName()).isEqualTo(GatewayFixture.USER);
        assertThat(platform.get("/api/2.0/workspace/list", "Authorization", "Bearer " + made.getTokenValue())
                        .statusCode())
                .isEqualTo(200);
        assertThatThrownBy(() -> narrow.ipAccessLists().list().iterator().hasNext())
                .isInstanceOf(PermissionDenied.class)
                .hasMessageContaining("scopes of this token");
        assertThat(platform.get("/metrics", "Authorization", "Bearer " + made.getTokenValue())
                        .statusCode())
                .isEqualTo(403);
        assertThatThrownBy(() -> narrow.tokens().create(new CreateTokenRequest().setScopes(List.of("all-apis"))))
                .as("a narrow token makes no wider one")
                .isInstanceOf(PermissionDenied.class);
        assertThat(narrow.tokens()
                        .create(new CreateTokenRequest())
                        .getTokenInfo()
                        .getScopes())
                .containsExactly("authentication", "workspace");
        assertThatThrownBy(() -> admin.tokens().create(new CreateTokenRequest().setScopes(List.of("everything"))))
                .isInstanceOf(InvalidParameterValue.class)
                .hasMessageContaining("everything");
    }

    @Test
    void aTokenWithScopesMakesNoCredentialWithoutThem() throws Exception {
        String narrow = admin.tokens()
                .create(new CreateTokenRequest().setScopes(List.of("authentication")))
                .getTokenValue();
        long robot = ServicePrincipals.create(
                platform.test.environment().database(),
                platform.workspaceId,
                UUID.randomUUID().toString());
        String secrets = "/api/2.0/accounts/servicePrincipals/" + robot + "/credentials/secrets";
        String bobs = "/api/campanile/v1/users/"
                + bob.currentUser().me(new MeRequest()).getId() + "/password-reset";

        assertThat(platform.post(bobs, "{}", "Authorization", "Bearer " + narrow)
                        .body())
                .contains("PERMISSION_DENIED", "identity.password.reset");
        assertThat(platform.post(secrets, "{}", "Authorization", "Bearer " + narrow)
                        .body())
                .contains("PERMISSION_DENIED", "identity.client-secret.create");
        assertThat(platform.get(secrets, "Authorization", "Bearer " + narrow).statusCode())
                .isEqualTo(200);
        assertThat(platform.post(secrets, "{}", "Authorization", "Bearer " + platform.token)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void onesOwnTokensChangeTheirCommentAndLoseScopes() {
        String id = admin.tokens()
                .create(new CreateTokenRequest().setComment("before"))
                .getTokenInfo()
                .getTokenId();

        admin.tokens()
                .update(new UpdateTokenRequest()
                        .setTokenId(id)
                        .setToken(new PublicTokenInfo().setComment("after").setScopes(List.of("clusters")))
                        .setUpdateMask(mask("comment", "scopes")));

        PublicTokenInfo listed = own(admin, id);
        assertThat(listed.getComment()).isEqualTo("after");
        assertThat(listed.getScopes()).containsExactly("clusters");
        assertThatThrownBy(() -> admin.tokens()
                        .update(new UpdateTokenRequest()
                                .setTokenId(id)
                                .setToken(new PublicTokenInfo().setScopes(List.of("all-apis")))
                                .setUpdateMask(mask("scopes"))))
                .isInstanceOf(InvalidParameterValue.class);
        assertThatThrownBy(() -> admin.tokens()
                        .update(new UpdateTokenRequest()
                                .setTokenId(id)
                                .setToken(new PublicTokenInfo().setExpiryTime(1L))
                                .setUpdateMask(mask("expiry_time"))))
                .isInstanceOf(InvalidParameterValue.class);
        assertThatThrownBy(() -> bob.tokens()
                        .update(new UpdateTokenRequest()
                                .setTokenId(id)
                                .setToken(new PublicTokenInfo().setComment("mine"))
                                .setUpdateMask(mask("comment"))))
                .isInstanceOf(ResourceDoesNotExist.class);
    }

    @Test
    void administratorsSeeChangeAndRevokeTheTokensOfTheirWorkspace() {
        CreateTokenResponse bobs = bob.tokens().create(new CreateTokenRequest().setComment("bob's"));
        String id = bobs.getTokenInfo().getTokenId();
        long bobsId = Long.parseLong(bob.currentUser().me(new MeRequest()).getId());
        client(bobs.getTokenValue()).currentUser().me(new MeRequest());

        TokenInfo got = admin.tokenManagement().get(id).getTokenInfo();
        assertThat(got.getOwnerId()).isEqualTo(bobsId);
        assertThat(got.getCreatedByUsername()).isEqualTo("bob@example.com");
        assertThat(got.getWorkspaceId()).isEqualTo(platform.workspaceId);
        assertThat(got.getLastUsedDay()).isPositive();
        assertThat(admin.tokenManagement().list(new ListTokenManagementRequest().setCreatedById(bobsId)))
                .extracting(TokenInfo::getTokenId)
                .contains(id);
        assertThat(admin.tokenManagement()
                        .list(new ListTokenManagementRequest().setCreatedByUsername(GatewayFixture.USER)))
                .extracting(TokenInfo::getTokenId)
                .isNotEmpty()
                .doesNotContain(id);
        assertThat(admin.tokenManagement()
                        .list(new ListTokenManagementRequest().setCreatedByUsername("nobody@example.com")))
                .isEmpty();
        assertThat(admin.tokenManagement()
                        .updateTokenManagement(new UpdateTokenManagementRequest()
                                .setTokenId(id)
                                .setToken(new TokenInfo().setComment("seen"))
                                .setUpdateMask(mask("comment")))
                        .getComment())
                .isEqualTo("seen");
        assertThatThrownBy(() -> bob.tokenManagement().get(id)).isInstanceOf(PermissionDenied.class);

        admin.tokenManagement().delete(id);

        assertThatThrownBy(() -> admin.tokenManagement().get(id)).isInstanceOf(NotFound.class);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThatThrownBy(
                                () -> client(bobs.getTokenValue()).currentUser().me(new MeRequest()))
                        .isInstanceOf(Unauthenticated.class));
    }

    @Test
    void anotherWorkspacesAdministratorFindsNoneOfThem() {
        String id = admin.tokens()
                .create(new CreateTokenRequest().setComment("canary"))
                .getTokenInfo()
                .getTokenId();
        JsonNode other = platform.internal("/internal/workspaces", Map.of("name", "Other", "user", "eve@example.com"));
        WorkspaceClient eve = client(other.path("token").asText());

        assertThat(eve.tokenManagement().list(new ListTokenManagementRequest()))
                .extracting(TokenInfo::getComment)
                .doesNotContain("canary");
        assertThatThrownBy(() -> eve.tokenManagement().get(id)).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> eve.tokenManagement().delete(id)).isInstanceOf(NotFound.class);
        assertThat(own(admin, id).getComment()).isEqualTo("canary");
    }

    @Test
    void administratorsMakeTokensForServicePrincipals() throws Exception {
        String application = UUID.randomUUID().toString();
        long robot =
                ServicePrincipals.create(platform.test.environment().database(), platform.workspaceId, application);

        CreateOboTokenResponse made = admin.tokenManagement()
                .createOboToken(new CreateOboTokenRequest()
                        .setApplicationId(application)
                        .setComment("robot")
                        .setLifetimeSeconds(3600L));

        assertThat(made.getTokenInfo().getOwnerId()).isEqualTo(robot);
        assertThat(made.getTokenInfo().getCreatedByUsername()).isEqualTo(GatewayFixture.USER);
        assertThat(client(made.getTokenValue())
                        .currentUser()
                        .me(new MeRequest())
                        .getUserName())
                .isEqualTo(application);
        assertThatThrownBy(() ->
                        admin.tokenManagement().createOboToken(new CreateOboTokenRequest().setApplicationId("nobody")))
                .isInstanceOf(ResourceDoesNotExist.class);
        assertThatThrownBy(() ->
                        bob.tokenManagement().createOboToken(new CreateOboTokenRequest().setApplicationId(application)))
                .isInstanceOf(PermissionDenied.class);
    }

    @Test
    void onlyThoseWhoMayMakeTokensDo() {
        assertThat(admin.tokenManagement().getPermissions().getAccessControlList())
                .extracting(TokenAccessControlResponse::getGroupName)
                .containsExactlyInAnyOrder("admins", "users");
        assertThat(admin.tokenManagement().getPermissionLevels().getPermissionLevels())
                .extracting(level -> level.getPermissionLevel())
                .contains(TokenPermissionLevel.CAN_USE);
        bob.tokens().create(new CreateTokenRequest());

        admin.tokenManagement().setPermissions(new TokenPermissionsRequest().setAccessControlList(List.of()));
        assertThatThrownBy(() -> bob.tokens().create(new CreateTokenRequest())).isInstanceOf(PermissionDenied.class);
        admin.tokens().create(new CreateTokenRequest());
        long elsewhere = platform.internal("/internal/workspaces", Map.of("name", "Other", "user", "eve@example.com"))
                .path("workspace_id")
                .asLong();
        client(platform.internal("/internal/users", Map.of("workspace_id", elsewhere, "user", "ed@example.com"))
                        .path("token")
                        .asText())
                .tokens()
                .create(new CreateTokenRequest());

        assertThat(admin.tokenManagement()
                        .updatePermissions(new TokenPermissionsRequest()
                                .setAccessControlList(List.of(new TokenAccessControlRequest()
                                        .setUserName("bob@example.com")
                                        .setPermissionLevel(TokenPermissionLevel.CAN_USE))))
                        .getAccessControlList())
                .extracting(TokenAccessControlResponse::getUserName)
                .contains("bob@example.com");
        bob.tokens().create(new CreateTokenRequest());
        assertThatThrownBy(() -> bob.tokenManagement().getPermissions()).isInstanceOf(PermissionDenied.class);
        assertThatThrownBy(() -> admin.tokenManagement()
                        .setPermissions(new TokenPermissionsRequest()
                                .setAccessControlList(List.of(new TokenAccessControlRequest()
                                        .setGroupName("nobodies")
                                        .setPermissionLevel(TokenPermissionLevel.CAN_USE)))))
                .isInstanceOf(ResourceDoesNotExist.class);
    }

    @Test
    void onlyThoseWhoMayUsePasswordsSignInWithThem() {
        Map<String, String> bobs = Map.of("user", "bob@example.com", "password", PASSWORD);
        assertThat(platform.post("/api/campanile/v1/login", bobs).statusCode()).isEqualTo(200);

        admin.users().setPermissions(new PasswordPermissionsRequest().setAccessControlList(List.of()));

        assertThat(platform.post("/api/campanile/v1/login", bobs).statusCode()).isEqualTo(403);
        assertThat(platform.cookie()).contains("campanile_session");
        admin.users()
                .updatePermissions(new PasswordPermissionsRequest()
                        .setAccessControlList(List.of(new PasswordAccessControlRequest()
                                .setGroupName("users")
                                .setPermissionLevel(PasswordPermissionLevel.CAN_USE))));
        assertThat(platform.post("/api/campanile/v1/login", bobs).statusCode()).isEqualTo(200);
    }

    @Test
    void theWorkspacesConfigurationBoundsTokens() {
        admin.workspaceConf().setStatus(Map.of("maxTokenLifetimeDays", "7"));

        assertThat(admin.workspaceConf().getStatus("maxTokenLifetimeDays,enableTokensConfig"))
                .containsAllEntriesOf(Map.of("maxTokenLifetimeDays", "7", "enableTokensConfig", "true"));
        assertThat(platform.get("/api/2.0/workspace-conf?keys=maxTokenLifetimeDays", "Authorization", platform.bearer())
                        .body())
                .isEqualTo("{\"maxTokenLifetimeDays\":\"7\"}");
        assertThatThrownBy(() -> bob.tokens().create(new CreateTokenRequest().setLifetimeSeconds(8 * 86_400L)))
                .isInstanceOf(InvalidParameterValue.class)
                .hasMessageContaining("604800");
        PublicTokenInfo made = bob.tokens().create(new CreateTokenRequest()).getTokenInfo();
        assertThat(made.getExpiryTime() - made.getCreationTime()).isEqualTo(7 * 86_400_000L);

        admin.workspaceConf().setStatus(Map.of("enableTokensConfig", "false"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThatThrownBy(() -> bob.currentUser().me(new MeRequest()))
                        .isInstanceOf(Unauthenticated.class));
    }

    @Test
    void unknownOrWrongConfigurationIsNamed() {
        for (Map<String, String> wrong : List.of(
                Map.of("enableNothing", "true"),
                Map.of("enableIpAccessLists", "perhaps"),
                Map.of("maxTokenLifetimeDays", "-1"),
                Map.of("maxTokenLifetimeDays", "731"))) {
            assertThatThrownBy(() -> admin.workspaceConf().setStatus(wrong))
                    .isInstanceOf(BadRequest.class)
                    .hasMessageContaining(wrong.keySet().iterator().next());
        }
        HttpResponse<String> unknown = platform.get(
                "/api/2.0/workspace-conf?keys=enableTokensConfig,enableNothing", "Authorization", platform.bearer());
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("INVALID_PARAMETER_VALUE", "enableNothing");
        assertThatThrownBy(() -> bob.workspaceConf().getStatus("enableIpAccessLists"))
                .isInstanceOf(PermissionDenied.class);
    }

    private static PublicTokenInfo own(WorkspaceClient client, String tokenId) {
        for (PublicTokenInfo token : client.tokens().list()) {
            if (token.getTokenId().equals(tokenId)) {
                return token;
            }
        }
        throw new AssertionError("The list has no token " + tokenId);
    }

    private static FieldMask mask(String... fields) {
        return FieldMask.newBuilder().addAllPaths(List.of(fields)).build();
    }

    private WorkspaceClient client(String token) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost(platform.origin())
                .setToken(token)
                .setAuthType("pat"));
    }
}
