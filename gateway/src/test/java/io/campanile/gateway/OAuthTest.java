package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.AccountClient;
import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.commons.CommonsHttpClient;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.core.error.platform.ResourceDoesNotExist;
import com.databricks.sdk.core.error.platform.Unauthenticated;
import com.databricks.sdk.core.oauth.Consent;
import com.databricks.sdk.core.oauth.OAuthClient;
import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.oauth2.CreateServicePrincipalSecretRequest;
import com.databricks.sdk.service.oauth2.CreateServicePrincipalSecretResponse;
import com.databricks.sdk.service.oauth2.SecretInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.campanile.common.auth.Account;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OAuth as the unmodified client library uses it, over real HTTP through the gateway. */
final class OAuthTest {
    @TempDir
    static Path dataDir;

    private static GatewayFixture platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new GatewayFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void theDocumentsAreCompleteAndTrue() {
        JsonNode oauth = GatewayFixture.json(platform.get("/oidc/.well-known/oauth-authorization-server"));
        JsonNode openId = GatewayFixture.json(platform.get("/oidc/.well-known/openid-configuration"));

        for (JsonNode document : List.of(oauth, openId)) {
            assertThat(document.path("issuer").asText()).isEqualTo(platform.origin() + "/oidc");
            assertThat(document.path("code_challenge_methods_supported").toString())
                    .isEqualTo("[\"S256\"]");
            for (String endpoint : List.of("authorization_endpoint", "token_endpoint", "jwks_uri")) {
                URI uri = URI.create(document.path(endpoint).asText());
                String method = endpoint.equals("token_endpoint") ? "POST" : "GET";
                assertThat(platform.send(method, uri.getPath(), null).statusCode())
                        .as(endpoint)
                        .isIn(200, 400);
            }
        }
        assertThat(openId.path("id_token_signing_alg_values_supported").toString())
                .isEqualTo("[\"RS256\"]");
    }

    @Test
    void aServicePrincipalSignsInWithItsSecretUntilThatIsDeleted() throws Exception {
        String application = UUID.randomUUID().toString();
        String id = Long.toString(
                ServicePrincipals.create(platform.test.environment().database(), platform.workspaceId, application));
        WorkspaceClient admin = admin();
        CreateServicePrincipalSecretResponse made = admin.servicePrincipalSecretsProxy()
                .create(new CreateServicePrincipalSecretRequest()
                        .setServicePrincipalId(id)
                        .setLifetime("3600s"));

        WorkspaceClient robot = new WorkspaceClient(new DatabricksConfig()
                .setHost(platform.origin())
                .setClientId(application)
                .setClientSecret(made.getSecret())
                .setAuthType("oauth-m2m"));

        assertThat(robot.currentUser().me(new MeRequest()).getUserName()).isEqualTo(application);
        assertThat(made.getSecret()).startsWith("dose").hasSize(68);
        assertThat(admin.servicePrincipalSecretsProxy().list(id))
                .extracting(SecretInfo::getId, SecretInfo::getStatus)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(made.getId(), "ACTIVE"));
        assertThatThrownBy(() -> robot.servicePrincipalSecretsProxy().list(id)).isInstanceOf(PermissionDenied.class);

        admin.servicePrincipalSecretsProxy().delete(id, made.getId());

        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> assertThatThrownBy(() -> robot.currentUser().me(new MeRequest()))
                                .isInstanceOf(Unauthenticated.class));
        assertThatThrownBy(() -> admin.servicePrincipalSecretsProxy().delete(id, made.getId()))
                .isInstanceOf(ResourceDoesNotExist.class);
    }

    @Test
    void theAccountMakesListsAndDeletesSecretsToo() throws Exception {
        String id = Long.toString(ServicePrincipals.create(
                platform.test.environment().database(),
                platform.workspaceId,
                UUID.randomUUID().toString()));
        AccountClient account = new AccountClient(new DatabricksConfig()
                .setHost(platform.origin())
                .setAccountId(Account.ID)
                .setToken(platform.token)
                .setAuthType("pat"));

        String made = account.servicePrincipalSecrets()
                .create(new CreateServicePrincipalSecretRequest().setServicePrincipalId(id))
                .getId();

        assertThat(account.servicePrincipalSecrets().list(id))
                .extracting(SecretInfo::getId)
                .containsExactly(made);
        account.servicePrincipalSecrets().delete(id, made);
        assertThat(account.servicePrincipalSecrets().list(id)).isEmpty();
        assertThatThrownBy(() -> account.servicePrincipalSecrets().list("1").iterator())
                .isInstanceOf(ResourceDoesNotExist.class);
    }

    @Test
    void secretsComeByBasicAndByForm() throws Exception {
        String application = UUID.randomUUID().toString();
        long id = ServicePrincipals.create(platform.test.environment().database(), platform.workspaceId, application);
        String secret = admin().servicePrincipalSecretsProxy()
                .create(new CreateServicePrincipalSecretRequest().setServicePrincipalId(Long.toString(id)))
                .getSecret();
        String basic = "Basic "
                + Base64.getEncoder().encodeToString((application + ":" + secret).getBytes(StandardCharsets.UTF_8));
        OAuthBrowser client = new OAuthBrowser(platform);
        Map<String, String> asked = Map.of("grant_type", "client_credentials", "scope", "all-apis");

        JsonNode byBasic = GatewayFixture.json(client.token(asked, "Authorization", basic));
        JsonNode byForm = GatewayFixture.json(client.token(
                Map.of("grant_type", "client_credentials", "client_id", application, "client_secret", secret)));

        for (JsonNode given : List.of(byBasic, byForm)) {
            assertThat(given.path("token_type").asText()).isEqualTo("Bearer");
            assertThat(given.path("expires_in").asLong()).isBetween(3590L, 3600L);
            assertThat(given.path("scope").asText()).isEqualTo("all-apis");
            assertThat(client.me(given.path("access_token").asText())).isEqualTo(200);
        }
        SignedJWT jwt = SignedJWT.parse(byBasic.path("access_token").asText());
        JWKSet keys = JWKSet.parse(platform.get("/oidc/jwks.json").body());
        assertThat(jwt.verify(new RSASSAVerifier(
                        keys.getKeyByKeyId(jwt.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        assertThat(keys.getKeys()).noneMatch(key -> key.isPrivate());
        assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo(platform.origin() + "/oidc");
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(Long.toString(platform.workspaceId));
        assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo(Long.toString(id));
    }

    @Test
    void aPersonAllowsTheCommandLineThroughTheClientLibrary() throws Exception {
        DatabricksConfig config = new DatabricksConfig().setHost(platform.origin());
        OAuthClient client = new OAuthClient.Builder()
                .withHost(platform.origin())
                .withClientId("databricks-cli")
                .withRedirectUrl("http://localhost:8080/callback")
                .withScopes(List.of("all-apis", "offline_access"))
                .withHttpClient(new CommonsHttpClient.Builder().build())
                .withOpenIDConnectEndpoints(config.setHttpClient(new CommonsHttpClient.Builder().build())
                        .getDatabricksOidcEndpoints())
                .build();
        Consent consent = client.initiateConsent();
        Map<String, String> request =
                OAuthBrowser.query(URI.create(consent.getAuthUrl()).getRawQuery());

        Map<String, String> heard = new OAuthBrowser(platform).allow(request);
        WorkspaceClient person = new WorkspaceClient(new DatabricksConfig()
                .setHost(platform.origin())
                .setCredentialsProvider(consent.setHttpClient(new CommonsHttpClient.Builder().build())
                        .exchangeCallbackParameters(heard)));

        assertThat(person.currentUser().me(new MeRequest()).getUserName()).isEqualTo(GatewayFixture.USER);
    }

    @Test
    void theConsentPageLearnsWhoAsksAndNoIsToldToTheClient() throws Exception {
        OAuthBrowser browser = new OAuthBrowser(platform);
        Map<String, String> request = browser.request();

        JsonNode shown = GatewayFixture.json(platform.get(
                "/api/campanile/v1/oauth/request?" + OAuthBrowser.form(request), "Authorization", platform.bearer()));
        String refused = GatewayFixture.json(browser.decide(request, false))
                .path("redirect_to")
                .asText();

        assertThat(shown.path("client_name").asText()).isEqualTo("Command line and client libraries");
        assertThat(shown.path("scopes").toString()).contains("all-apis");
        assertThat(refused).isEqualTo("http://localhost:8020?error=access_denied&state=a+state");
    }

    @Test
    void refreshTokensRotateAndOneUsedTwiceEndsThemAll() throws Exception {
        OAuthBrowser client = new OAuthBrowser(platform);
        JsonNode first = client.tokens();

        JsonNode second = GatewayFixture.json(client.token(refresh(first)));
        assertThat(client.me(second.path("access_token").asText())).isEqualTo(200);
        assertThat(second.path("refresh_token")).isNotEqualTo(first.path("refresh_token"));

        assertThat(client.token(refresh(first)).body()).contains("\"error\":\"invalid_grant\"");
        assertThat(client.token(refresh(second)).body()).contains("\"error\":\"invalid_grant\"");
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> client.me(second.path("access_token").asText()) == 401);
    }

    @Test
    void anIdTokenSaysWhoSignedInAndOpensNothing() throws Exception {
        OAuthBrowser client = new OAuthBrowser(platform);
        Map<String, String> request = client.request();
        request.put("scope", "openid");
        request.put("nonce", "n-1");

        JsonNode given = GatewayFixture.json(client.token(client.exchange(client.code(request))));
        SignedJWT id = SignedJWT.parse(given.path("id_token").asText());

        assertThat(id.getJWTClaimsSet().getAudience()).containsExactly("databricks-cli");
        assertThat(id.getJWTClaimsSet().getStringClaim("nonce")).isEqualTo("n-1");
        assertThat(given.has("refresh_token")).isFalse();
        assertThat(client.me(given.path("id_token").asText())).isEqualTo(401);
        assertThat(client.me(given.path("access_token").asText())).isEqualTo(200);
        assertThat(platform.get(
                                "/api/2.0/token/list",
                                "Authorization",
                                "Bearer " + given.path("access_token").asText())
                        .statusCode())
                .isEqualTo(403);
    }

    private static Map<String, String> refresh(JsonNode tokens) {
        return Map.of(
                "grant_type",
                "refresh_token",
                "client_id",
                "databricks-cli",
                "refresh_token",
                tokens.path("refresh_token").asText());
    }

    private static WorkspaceClient admin() {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost(platform.origin())
                .setToken(platform.token)
                .setAuthType("pat"));
    }
}
