package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a session lasts that a provider has vouched for. */
final class SsoSessionTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    static Path dataDir;

    private static SsoFixture sso;

    @BeforeAll
    static void start() throws Exception {
        sso = new SsoFixture(
                dataDir, settings -> SsoFixture.config(settings.issuer(), "engineers -> engineers", "", true));
    }

    @AfterAll
    static void stop() {
        sso.close();
    }

    @AfterEach
    void mend() {
        sso.provider.refreshError = "";
        sso.provider.spoil = claims -> claims;
        sso.provider.refreshLife = 1800;
    }

    @Test
    void aSessionIsListedAndRevokedAsAnyOther() {
        String cookie = sso.session(sso.verified("listed@example.com"));
        JsonNode sessions = GatewayFixture.json(sso.platform.get("/api/campanile/v1/sessions", "Cookie", cookie))
                .path("sessions");

        assertThat(sessions).hasSize(1);
        assertThat(sessions.get(0).path("by_provider").asBoolean()).isTrue();
        String path = "/api/campanile/v1/sessions/"
                + sessions.get(0).path("session_id").asText();
        assertThat(sso.platform
                        .send("DELETE", path, null, "Cookie", cookie, "Origin", sso.platform.origin())
                        .statusCode())
                .isEqualTo(200);
        await().atMost(SOON).until(() -> sso.status(cookie) == 401);
    }

    @Test
    void aSessionInUseIsRenewedAndWhatTheProviderSaysIsFollowed() {
        Map<String, Object> person = new HashMap<>(sso.verified("renewed@example.com"));
        person.put("groups", List.of("/engineers"));
        String cookie = sso.session(person);
        assertThat(groups(cookie)).contains("engineers");

        person.put("groups", List.of());
        sso.provider.person = person;
        use(cookie);

        await().atMost(SOON).untilAsserted(() -> assertThat(groups(cookie)).doesNotContain("engineers"));
        assertThat(sso.status(cookie)).isEqualTo(200);
    }

    @Test
    void whatTheProviderDoesNotRenewEnds() {
        String cookie = sso.session(sso.verified("ended@example.com"));
        sso.provider.refreshError = "invalid_grant";

        use(cookie);

        await().atMost(SOON).until(() -> sso.status(cookie) == 401);
    }

    @Test
    void aSessionRenewedForSomebodyElseEnds() {
        String cookie = sso.session(sso.verified("swapped@example.com"));
        sso.provider.person = sso.verified("mallory@example.com");

        use(cookie);

        await().atMost(SOON).until(() -> sso.status(cookie) == 401);
    }

    @Test
    void aProviderThatIsAwayIsWaitedForButNotForEver() {
        sso.provider.refreshLife = Duration.ofHours(10).toSeconds();
        String cookie = sso.session(sso.verified("patient@example.com"));
        sso.provider.refreshError = "down";
        use(cookie);
        await().atMost(SOON).until(() -> failing("patient@example.com"));
        assertThat(sso.status(cookie)).isEqualTo(200);
        sso.provider.refreshError = "";
        use(cookie);
        await().atMost(SOON).until(() -> !failing("patient@example.com"));

        sso.provider.refreshError = "down";
        use(cookie);
        await().atMost(SOON).until(() -> failing("patient@example.com"));
        for (int minutes = 0; minutes < 25; minutes += 5) {
            use(cookie);
            assertThat(sso.status(cookie)).isEqualTo(200);
        }
        sso.clock.advance(Duration.ofMinutes(10));
        await().atMost(SOON).until(() -> sso.status(cookie) == 401);
    }

    @Test
    void anUnusedSessionEndsWhenTheProvidersWould() {
        String cookie = sso.session(sso.verified("idle@example.com"));
        sso.clock.advance(Duration.ofMinutes(31));

        await().atMost(SOON).until(() -> sso.status(cookie) == 401);
    }

    @Test
    void theProviderEndsASessionOrAllOfSomebody() {
        Map<String, Object> person = sso.verified("leaver@example.com");
        String one = sso.session(person);
        assertThat(logout(sso.provider.token(sso.provider.logoutClaims())).statusCode())
                .isEqualTo(200);
        await().atMost(SOON).until(() -> sso.status(one) == 401);

        String first = sso.session(person);
        String second = sso.session(person);
        String bystander = sso.session(sso.verified("bystander@example.com"));
        sso.provider.person = person;
        String ofAll = sso.provider.token(sso.provider.logoutClaims().claim("sid", null));
        assertThat(logout(ofAll).statusCode()).isEqualTo(200);
        await().atMost(SOON).until(() -> sso.status(first) == 401 && sso.status(second) == 401);
        assertThat(sso.status(bystander)).isEqualTo(200);

        String again = sso.session(person);
        HttpResponse<String> replayed = logout(ofAll);
        assertThat(replayed.statusCode()).isEqualTo(400);
        assertThat(replayed.body()).contains("shown before");
        assertThat(sso.status(again)).isEqualTo(200);
    }

    @Test
    void logoutTokensThatAreNoneEndNothing() {
        Map<String, Object> person = sso.verified("stays@example.com");
        String cookie = sso.session(person);
        Map<String, UnaryOperator<JWTClaimsSet.Builder>> spoiled = Map.of(
                "an ID token", claims -> claims.claim("events", null),
                "another event", claims -> claims.claim("events", Map.of("x", Map.of())),
                "a nonce", claims -> claims.claim("nonce", "n"),
                "another issuer", claims -> claims.issuer("https://evil.example"),
                "another audience", claims -> claims.audience("another"),
                "old", claims -> claims.issueTime(Date.from(sso.clock.instant().minus(Duration.ofMinutes(6)))),
                "of nobody", claims -> claims.claim("sid", null).subject(null),
                "without an id", claims -> claims.jwtID(null));
        spoiled.forEach((what, spoil) -> {
            sso.provider.spoil = spoil;
            assertThat(logout(sso.provider.token(sso.provider.logoutClaims())).statusCode())
                    .as(what)
                    .isEqualTo(400);
        });
        sso.provider.spoil = claims -> claims;
        assertThat(logout(TestProvider.signed(sso.provider.logoutClaims().build(), TestProvider.newKey()))
                        .statusCode())
                .isEqualTo(400);
        assertThat(sso.platform
                        .send("POST", "/oidc/sso/logout", "", "Content-Type", "application/x-www-form-urlencoded")
                        .statusCode())
                .isEqualTo(400);
        assertThat(sso.status(cookie)).isEqualTo(200);
    }

    @Test
    void signingOutGoesOnToTheProvider() {
        String cookie = sso.session(sso.verified("out@example.com"));

        HttpResponse<String> out = sso.platform.post(
                "/api/campanile/v1/logout", Map.of(), "Cookie", cookie, "Origin", sso.platform.origin());

        String onwards = GatewayFixture.json(out).path("redirect_to").asText();
        assertThat(onwards).startsWith(sso.provider.issuer() + "/logout?");
        assertThat(OAuthBrowser.query(URI.create(onwards).getRawQuery()))
                .containsEntry("post_logout_redirect_uri", sso.platform.origin() + "/login")
                .containsEntry("client_id", TestProvider.CLIENT)
                .containsKey("id_token_hint");
        assertThat(sso.status(cookie)).isEqualTo(401);
        String local = sso.platform.cookie();
        assertThat(sso.platform
                        .post("/api/campanile/v1/logout", Map.of(), "Cookie", local, "Origin", sso.platform.origin())
                        .body())
                .isEqualTo("{}");
    }

    @Test
    void theProvidersTokensAreSealed() {
        sso.session(sso.verified("sealed@example.com"));
        List<byte[]> stored =
                sso.database(db -> db.fetch("select tokens from sso_session")).getValues(0, byte[].class);

        assertThat(stored).isNotEmpty();
        assertThat(stored)
                .noneMatch(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains("eyJ"))
                .noneMatch(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains("refresh"));
    }

    /** Time goes by and the session is used, so that its use is written down and it is due. */
    private static void use(String cookie) {
        sso.clock.advance(Duration.ofMinutes(5).plusSeconds(1));
        OffsetDateTime now = sso.clock.instant().atOffset(ZoneOffset.UTC);
        await().atMost(SOON)
                .until(() -> sso.status(cookie) == 401
                        || !sso.database(db -> db.fetch(
                                        "select 1 from login_session where last_used_at >= cast(? as timestamptz)",
                                        now))
                                .isEmpty());
    }

    private static boolean failing(String user) {
        return !sso.database(db -> db.fetch(
                        "select 1 from sso_session s join account a on a.workspace_id = s.workspace_id"
                                + " and a.user_id = s.user_id where a.user_name = ? and s.failing_since is not null",
                        user))
                .isEmpty();
    }

    private static List<String> groups(String cookie) {
        return GatewayFixture.json(sso.platform.get("/api/2.0/preview/scim/v2/Me", "Cookie", cookie))
                .path("groups")
                .findValuesAsText("display");
    }

    private static HttpResponse<String> logout(String token) {
        return sso.platform.send(
                "POST",
                "/oidc/sso/logout",
                OAuthBrowser.form(Map.of("logout_token", token)),
                "Content-Type",
                "application/x-www-form-urlencoded");
    }
}
