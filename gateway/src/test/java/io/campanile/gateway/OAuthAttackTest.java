package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people try on an authorization server. Every refusal is beside the same request unspoilt, which is granted. */
final class OAuthAttackTest {
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
    void aCodeOpensOnceAndItsReplayEndsWhatItOpened() throws Exception {
        OAuthBrowser client = new OAuthBrowser(platform);
        String code = client.code(client.request());
        JsonNode given = GatewayFixture.json(client.token(client.exchange(code)));
        assertThat(client.me(given.path("access_token").asText())).isEqualTo(200);

        HttpResponse<String> replayed = client.token(client.exchange(code));

        assertThat(replayed.statusCode()).isEqualTo(400);
        assertThat(replayed.body()).contains("\"error\":\"invalid_grant\"");
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> client.me(given.path("access_token").asText()) == 401);
        assertThat(ServicePrincipals.audited(
                        platform.test.environment().database(), platform.workspaceId, "identity.oauth.token", "DENIED"))
                .isPositive();
    }

    @Test
    void aCodeIsForItsClientItsRedirectAndItsVerifierAlone() throws Exception {
        OAuthBrowser client = new OAuthBrowser(platform);
        for (Map.Entry<String, String> spoilt : Map.of(
                        "client_id", "campanile-cli",
                        "redirect_uri", "http://localhost:8021",
                        "code_verifier", new OAuthBrowser(platform).verifier)
                .entrySet()) {
            String code = client.code(client.request());
            Map<String, String> exchange = new LinkedHashMap<>(client.exchange(code));
            exchange.put(spoilt.getKey(), spoilt.getValue());

            assertThat(client.token(exchange).body()).as(spoilt.getKey()).contains("\"error\":\"invalid_grant\"");
            assertThat(client.token(client.exchange(code)).body())
                    .as("a code that was tried wrongly is burnt")
                    .contains("\"error\":\"invalid_grant\"");
        }
        Map<String, String> without = new LinkedHashMap<>(client.exchange(client.code(client.request())));
        without.remove("code_verifier");
        assertThat(client.token(without).body()).contains("\"error\":\"invalid_grant\"");
    }

    @Test
    void pkceCannotBeLeftOutOrWeakened() throws Exception {
        OAuthBrowser client = new OAuthBrowser(platform);
        for (Map<String, String> change : List.of(
                Map.of("code_challenge", ""),
                Map.of("code_challenge", "short"),
                Map.of("code_challenge_method", ""),
                Map.of("code_challenge_method", "plain"),
                Map.of("code_challenge_method", "s256"))) {
            Map<String, String> request = client.request();
            request.putAll(change);

            HttpResponse<String> sent = client.authorize(request);

            assertThat(sent.headers().firstValue("Location").orElseThrow())
                    .as(change.toString())
                    .startsWith("http://localhost:8020?error=invalid_request&")
                    .endsWith("&state=a+state");
            assertThat(client.decide(request, true).statusCode()).isEqualTo(400);
        }
        Map<String, String> implicit = client.request();
        implicit.put("response_type", "token");
        assertThat(client.authorize(implicit).headers().firstValue("Location").orElseThrow())
                .contains("error=unsupported_response_type");
    }

    @Test
    void nobodyIsSentAnywhereButToTheirOwnMachine() throws Exception {
        OAuthBrowser client = new OAuthBrowser(platform);
        for (String redirect : List.of(
                "https://evil.example/callback",
                "http://evil.example:8020",
                "http://localhost:8020@evil.example",
                "http://localhost:8020.evil.example",
                "http://localhost.evil.example:8020",
                "http://localhost:8020/callback/../evil",
                "http://localhost:8020/other",
                "http://localhost:8020?next=http://evil.example",
                "http://localhost:8020#fragment",
                "http://localhost:8020\\@evil.example",
                "https://localhost:8020",
                "javascript:alert(1)",
                "//evil.example",
                "/oauth/authorize",
                "HTTP://LOCALHOST:8020",
                "")) {
            Map<String, String> request = client.request();
            request.put("redirect_uri", redirect);

            HttpResponse<String> sent = client.authorize(request);

            assertThat(sent.statusCode()).as(redirect).isEqualTo(400);
            assertThat(sent.headers().firstValue("Location")).as(redirect).isEmpty();
            assertThat(sent.body()).contains("\"error\":\"invalid_request\"");
            assertThat(client.decide(request, true).statusCode()).as(redirect).isEqualTo(400);
            assertThat(client.decide(request, false).statusCode()).as(redirect).isEqualTo(400);
        }
        String twice = OAuthBrowser.form(client.request()) + "&redirect_uri=http%3A%2F%2Flocalhost%3A8021";
        assertThat(platform.get("/oidc/v1/authorize?" + twice).statusCode()).isEqualTo(400);
        for (String right : List.of(
                "http://localhost:8020",
                "http://localhost:8080/callback",
                "http://127.0.0.1:41234/callback",
                "http://[::1]:41234")) {
            Map<String, String> request = client.request();
            request.put("redirect_uri", right);
            assertThat(client.allow(request)).containsKey("code");
        }
    }

    @Test
    void onlyAPersonOnOurPageCanAllow() throws Exception {
        OAuthBrowser client = new OAuthBrowser(platform);
        Map<String, Object> decision = Map.of("request", client.request(), "allow", true);
        String path = "/api/campanile/v1/oauth/decision";

        assertThat(platform.post(path, decision).statusCode()).isEqualTo(401);
        assertThat(platform.post(path, decision, "Authorization", platform.bearer())
                        .statusCode())
                .isEqualTo(403);
        assertThat(platform.post(path, decision, "Cookie", platform.cookie(), "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        String access = client.tokens().path("access_token").asText();
        assertThat(platform.post(path, decision, "Authorization", "Bearer " + access)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aTokenIsOfOurKeyOurAlgorithmAndOurKind() throws Exception {
        OAuthBrowser client = new OAuthBrowser(platform);
        SignedJWT right = SignedJWT.parse(client.tokens().path("access_token").asText());
        JWTClaimsSet claims = right.getJWTClaimsSet();
        RSAKey ours = JWKSet.parse(platform.get("/oidc/jwks.json").body())
                .getKeyByKeyId(right.getHeader().getKeyID())
                .toRSAKey();
        RSAKey foreign = new RSAKeyGenerator(2048).keyID(ours.getKeyID()).generate();
        JOSEObjectType type = right.getHeader().getType();
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(ours.toRSAPublicKey().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.UTF_8);
        JWSHeader.Builder rs256 =
                new JWSHeader.Builder(JWSAlgorithm.RS256).type(type).keyID(ours.getKeyID());
        JWSHeader hs256 = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(type)
                .keyID(ours.getKeyID())
                .build();
        String[] parts = right.serialize().split("\\.", -1);

        assertThat(client.me(right.serialize())).isEqualTo(200);
        for (String forged : List.of(
                new PlainJWT(claims).serialize(),
                parts[0] + "." + parts[1] + ".",
                header("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"" + ours.getKeyID() + "\"}") + "." + parts[1]
                        + "." + parts[2],
                signed(hs256, claims, new MACSigner(pem)),
                signed(hs256, claims, new MACSigner(ours.toRSAPublicKey().getEncoded())),
                signed(hs256, claims, new MACSigner(ours.toJSONString().getBytes(StandardCharsets.UTF_8))),
                signed(rs256.build(), claims, new RSASSASigner(foreign)),
                signed(rs256.jwk(foreign.toPublicJWK()).build(), claims, new RSASSASigner(foreign)),
                signed(
                        rs256.jwk(null)
                                .jwkURL(java.net.URI.create("http://evil.example/jwks.json"))
                                .build(),
                        claims,
                        new RSASSASigner(foreign)),
                signed(rs256.jwkURL(null).keyID("../../etc/passwd").build(), claims, new RSASSASigner(foreign)),
                parts[0] + "." + changed(parts[1]) + "." + parts[2],
                platform.test
                        .environment()
                        .tokens()
                        .sign(Map.of("ws", platform.workspaceId, "uid", 1), "gateway", Duration.ofHours(1)))) {
            assertThat(client.me(forged)).as(forged).isEqualTo(401);
        }
    }

    @Test
    void aDeactivatedPersonsTokenIsRefusedWithinFiveSeconds() throws Exception {
        JsonNode made = platform.internal(
                "/internal/users",
                Map.of(
                        "workspace_id",
                        platform.workspaceId,
                        "user",
                        "leaver@example.com",
                        "password",
                        "a-long-password-x"));
        String set = platform.post(
                        "/api/campanile/v1/login",
                        Map.of("user", "leaver@example.com", "password", "a-long-password-x"))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        OAuthBrowser client = new OAuthBrowser(platform, set.substring(0, set.indexOf(';')));
        JsonNode given = client.tokens();
        assertThat(client.me(given.path("access_token").asText())).isEqualTo(200);

        ServicePrincipals.deactivate(
                platform.test.environment().database(),
                platform.workspaceId,
                made.path("user_id").asLong());

        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> client.me(given.path("access_token").asText()) == 401);
        assertThat(client.token(Map.of(
                                "grant_type",
                                "refresh_token",
                                "client_id",
                                "databricks-cli",
                                "refresh_token",
                                given.path("refresh_token").asText()))
                        .body())
                .contains("invalid_grant");
    }

    @Test
    void theTokenEndpointSpeaksItsOwnDialect() throws Exception {
        OAuthBrowser client = new OAuthBrowser(platform);

        assertThat(client.token(Map.of("client_id", "databricks-cli")).body())
                .contains("\"error\":\"invalid_request\"", "grant_type");
        assertThat(client.token(Map.of("grant_type", "password", "client_id", "databricks-cli"))
                        .body())
                .contains("\"error\":\"unsupported_grant_type\"");
        HttpResponse<String> unknown =
                client.token(Map.of("grant_type", "authorization_code", "client_id", "nobody", "code", "x"));
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).contains("\"error\":\"invalid_client\"").doesNotContain("error_code");
        assertThat(unknown.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(unknown.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(platform.post("/oidc/v1/token", Map.of("grant_type", "client_credentials"))
                        .body())
                .contains("\"error\":\"invalid_request\"", "x-www-form-urlencoded");
        assertThat(platform.send(
                                "POST",
                                "/oidc/v1/token",
                                "grant_type=a&grant_type=b",
                                "Content-Type",
                                "application/x-www-form-urlencoded")
                        .body())
                .contains("\"error\":\"invalid_request\"");
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws Exception {
        SignedJWT jwt = new SignedJWT(header, claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static String header(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String changed(String payload) {
        String json = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
        return header(json.replace("\"scope\":\"", "\"scope\":\"sql "));
    }
}
