package io.campanile.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.identity.keys.SigningKeyService;
import io.campanile.identity.keys.SigningKeyStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time, and claims that only our own key could have signed. */
final class AccessTokenTest {
    private static final Caller GATEWAY = Caller.service("gateway", 0, "request-1");
    private static final String VERIFIER = "a-verifier-of-tests-with-enough-characters-in-it";

    private final SettableClock clock = new SettableClock();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path dataDir;

    private TestEnvironment test;
    private IdentityServer identity;
    private Database database;
    private JsonNode admin;
    private String sessionId;

    @BeforeEach
    void start() throws Exception {
        test = new TestEnvironment(dataDir, clock);
        identity = IdentityServer.start(test.environment())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        database = Database.open(test.environment().database(), "identity", "identity");
        admin = json(post("/internal/bootstrap", Map.of("user", "admin@example.com")));
        JsonNode session = json(post(
                "/internal/login",
                Map.of(
                        "user",
                        "admin@example.com",
                        "password",
                        admin.path("password").asText(),
                        "address",
                        "127.0.0.1")));
        sessionId = json(post(
                        "/internal/authenticate",
                        Map.of(
                                "kind",
                                "session",
                                "secret",
                                session.path("session_secret").asText())))
                .path("session_id")
                .asText();
    }

    @AfterEach
    void stop() {
        database.close();
        identity.close();
        test.close();
    }

    @Test
    void aCodeIsGoodForAMinuteATokenForAnHourAGrantForAMonth() throws Exception {
        String late = code();
        clock.advance(Duration.ofSeconds(61));
        assertThat(exchange(late).body()).contains("invalid_grant");

        JsonNode given = json(exchange(code()));
        String token = given.path("access_token").asText();
        assertThat(authenticate(token).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(59));
        assertThat(authenticate(token).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(1));
        assertThat(authenticate(token).statusCode()).isEqualTo(401);

        clock.advance(Duration.ofDays(29));
        JsonNode renewed = json(refresh(given.path("refresh_token").asText()));
        assertThat(authenticate(renewed.path("access_token").asText()).statusCode())
                .isEqualTo(200);
        clock.advance(Duration.ofDays(1));
        assertThat(refresh(renewed.path("refresh_token").asText()).body()).contains("invalid_grant");
    }

    @Test
    void aCodeEndsWithTheSessionThatAllowedIt() throws Exception {
        String code = code();
        Caller person = new Caller(
                admin.path("workspace_id").asLong(), admin.path("user_id").asLong(), "admin", true, null, "r");
        assertThat(send("DELETE", "/api/campanile/v1/sessions/" + sessionId, "", person)
                        .statusCode())
                .isEqualTo(200);

        assertThat(exchange(code).body()).contains("invalid_grant");
    }

    @Test
    void nothingIsGivenAtTheAddressOfAnotherWorkspaceAndNothingIsUsedUp() throws Exception {
        String code = code();
        assertThat(token(at(77, codeShown(code))).body()).contains("invalid_grant");
        JsonNode given = json(token(at(admin.path("workspace_id").asLong(), codeShown(code))));

        Map<String, Object> refresh = Map.of(
                "grant_type",
                "refresh_token",
                "refresh_token",
                given.path("refresh_token").asText());
        assertThat(token(at(77, refresh)).body()).contains("invalid_grant");
        JsonNode renewed = json(token(at(admin.path("workspace_id").asLong(), refresh)));

        assertThat(authenticate(renewed.path("access_token").asText()).statusCode())
                .isEqualTo(200);
    }

    private static Map<String, Object> at(long workspace, Map<String, Object> shown) {
        Map<String, Object> addressed = new HashMap<>(shown);
        addressed.put("workspace_id", workspace);
        return addressed;
    }

    @Test
    void anOpenSocketOfATokenEndsWithTheTokenAndItsGrant() throws Exception {
        JsonNode given = json(exchange(code()));
        String id = json(authenticate(given.path("access_token").asText()))
                .path("token_id")
                .asText();
        Map<String, Object> asked = Map.of("token_ids", List.of(id, "oauth:1:2:3:nothing"));

        assertThat(json(post("/internal/ended", asked)).path("token_ids").toString())
                .isEqualTo("[\"oauth:1:2:3:nothing\"]");
        refresh(given.path("refresh_token").asText());
        refresh(given.path("refresh_token").asText());

        assertThat(json(post("/internal/ended", asked)).path("token_ids").toString())
                .contains(id);
    }

    @Test
    void whatOurOwnKeySignedMustStillBeAnAccessTokenOfThisWorkspaceAndPerson() throws Exception {
        SignedJWT right =
                SignedJWT.parse(json(exchange(code())).path("access_token").asText());
        JWTClaimsSet claims = right.getJWTClaimsSet();
        JOSEObjectType access = right.getHeader().getType();
        long workspace = admin.path("workspace_id").asLong();

        assertThat(authenticate(signed(access, claims, set -> {})).statusCode()).isEqualTo(200);
        for (Consumer<JWTClaimsSet.Builder> spoil : List.<Consumer<JWTClaimsSet.Builder>>of(
                set -> set.audience("databricks-cli"),
                set -> set.audience(List.of(Long.toString(workspace), "another")),
                set -> set.audience((String) null),
                set -> set.claim("workspace_id", workspace + 1).audience(Long.toString(workspace + 1)),
                set -> set.claim("workspace_id", workspace + 1),
                set -> set.subject("2"),
                set -> set.subject("not a number"),
                set -> set.expirationTime(null),
                set -> set.expirationTime(Date.from(clock.instant().minusSeconds(1))),
                set -> set.claim("basis", "grant:" + "0".repeat(32)),
                set -> set.claim("basis", "nothing"),
                set -> set.claim("scope", null))) {
            String spoilt = signed(access, claims, spoil);
            assertThat(authenticate(spoilt).statusCode()).as(spoilt).isEqualTo(401);
        }
        assertThat(authenticate(signed(JOSEObjectType.JWT, claims, set -> {})).statusCode())
                .isEqualTo(401);
    }

    private String signed(JOSEObjectType type, JWTClaimsSet claims, Consumer<JWTClaimsSet.Builder> spoil)
            throws Exception {
        RSAKey key = new SigningKeyService(
                        new SigningKeyStore(database.context(), new Envelope(database, new MasterKeys(dataDir, clock))),
                        new SigningKeyService.Rules(Duration.ofDays(30), Duration.ofDays(1), Duration.ofHours(1)),
                        clock)
                .signing();
        JWTClaimsSet.Builder changed = new JWTClaimsSet.Builder(claims);
        spoil.accept(changed);
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(type)
                        .keyID(key.getKeyID())
                        .build(),
                changed.build());
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private String code() throws Exception {
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.UTF_8)));
        Map<String, Object> request = Map.of(
                "client_id", "campanile-cli",
                "redirect_uri", "http://localhost:8020",
                "response_type", "code",
                "scope", "all-apis offline_access",
                "code_challenge", challenge,
                "code_challenge_method", "S256");
        HttpResponse<String> made = post(
                "/internal/oauth/codes",
                Map.of(
                        "request",
                        request,
                        "workspace_id",
                        admin.path("workspace_id").asLong(),
                        "user_id",
                        admin.path("user_id").asLong(),
                        "user_name",
                        "admin@example.com",
                        "session_id",
                        sessionId));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        return json(made).path("code").asText();
    }

    private HttpResponse<String> exchange(String code) {
        return token(codeShown(code));
    }

    private static Map<String, Object> codeShown(String code) {
        return Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                "http://localhost:8020",
                "code_verifier",
                VERIFIER);
    }

    private HttpResponse<String> refresh(String token) {
        return token(Map.of("grant_type", "refresh_token", "refresh_token", token));
    }

    private HttpResponse<String> token(Map<String, Object> shown) {
        Map<String, Object> body = new HashMap<>(shown);
        body.put("client_id", "campanile-cli");
        body.put("issuer", "http://localhost/oidc");
        body.put("address", "127.0.0.1");
        return post("/internal/oauth/tokens", body);
    }

    private HttpResponse<String> authenticate(String jwt) {
        return post("/internal/authenticate", Map.of("kind", "jwt", "secret", jwt));
    }

    private HttpResponse<String> post(String path, Object body) {
        return send("POST", path, Json.write(body), GATEWAY);
    }

    private HttpResponse<String> send(String method, String path, String body, Caller caller) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + identity.port() + path))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .header("Authorization", test.bearer(caller, "identity"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.MAPPER.readTree(response.body());
        } catch (Exception e) {
            throw new AssertionError(response.body(), e);
        }
    }
}
