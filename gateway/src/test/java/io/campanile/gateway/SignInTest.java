package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignInTest {
    private static final String LOGIN = "/api/campanile/v1/login";
    private static final Map<String, String> RIGHT =
            Map.of("user", GatewayFixture.USER, "password", GatewayFixture.PASSWORD);

    @TempDir
    Path dataDir;

    private GatewayFixture platform;

    @BeforeEach
    void start() throws Exception {
        platform = new GatewayFixture(dataDir);
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void signingInGivesACookieThatScriptsAndOtherSitesCannotUse() {
        HttpResponse<String> answer = platform.post(LOGIN, RIGHT);
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        JsonNode body = GatewayFixture.json(answer);

        assertThat(cookie).startsWith("campanile_session=").contains("HttpOnly", "SameSite=Strict", "Path=/");
        assertThat(body.path("workspace_id").asLong()).isEqualTo(platform.workspaceId);
        assertThat(body.path("admin").asBoolean()).isTrue();
        assertThat(body.has("session_secret")).isFalse();
        assertThat(answer.headers().firstValue("X-Databricks-Org-Id")).contains(Long.toString(platform.workspaceId));
        assertThat(platform.get("/api/campanile/v1/me", "Cookie", cookie.substring(0, cookie.indexOf(';')))
                        .body())
                .contains("workspace_name", GatewayFixture.USER);
    }

    @Test
    void wrongSignInsAreRefusedAndSoonLimited() {
        Map<String, String> wrong = Map.of("user", GatewayFixture.USER, "password", "wrong");
        assertThat(platform.post(LOGIN, "nonsense").body()).contains("MALFORMED_REQUEST");
        assertThat(platform.post(LOGIN, Map.of("user", "a")).body()).contains("Missing required field: password");
        for (int i = 0; i < 10; i++) {
            assertThat(platform.post(LOGIN, wrong).statusCode()).isEqualTo(401);
        }

        HttpResponse<String> limited = platform.post(LOGIN, RIGHT);

        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.body()).contains("REQUEST_LIMIT_EXCEEDED", "retry_after_seconds");
        assertThat(limited.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void signInFromAnotherPageOrAFormIsRefused() {
        assertThat(platform.post(LOGIN, RIGHT, "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(platform.post(LOGIN, RIGHT, "Sec-Fetch-Site", "cross-site").statusCode())
                .isEqualTo(403);
        assertThat(platform.post(LOGIN, RIGHT, "Content-Type", "text/plain").statusCode())
                .isEqualTo(400);
        assertThat(platform.post(LOGIN, RIGHT, "Origin", platform.origin()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aSessionIsToldWhichOneOfThePersonsItIs() {
        String cookie = platform.cookie();
        platform.cookie();

        String own = GatewayFixture.json(platform.get("/api/campanile/v1/me/session", "Cookie", cookie))
                .path("session_id")
                .asText();
        JsonNode all = GatewayFixture.json(platform.get("/api/campanile/v1/sessions", "Cookie", cookie))
                .path("sessions");

        assertThat(own).isNotEmpty();
        assertThat(all.findValuesAsText("session_id")).hasSizeGreaterThan(1).containsOnlyOnce(own);
        assertThat(platform.get("/api/campanile/v1/me/session").statusCode()).isEqualTo(401);
    }

    @Test
    void unsafeMethodsWithACookieNeedOurOriginSpelledExactly() {
        String cookie = platform.cookie();
        String path = "/api/2.0/workspace/echo";

        for (String origin : new String[] {
            "http://evil.example",
            "null",
            platform.origin() + ".evil.example",
            platform.origin() + "/",
            "https://127.0.0.1:" + platform.gateway.port(),
            "http://localhost:" + platform.gateway.port(),
            "http://127.0.0.1"
        }) {
            assertThat(platform.post(path, Map.of(), "Cookie", cookie, "Origin", origin)
                            .statusCode())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(platform.post(path, Map.of(), "Cookie", cookie).statusCode()).isEqualTo(403);
        assertThat(platform.post(path, Map.of(), "Cookie", cookie, "Sec-Fetch-Site", "same-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(platform.post(path, Map.of(), "Cookie", cookie, "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(200);
        assertThat(platform.post(path, Map.of(), "Cookie", cookie, "Origin", platform.origin())
                        .statusCode())
                .isEqualTo(200);
        assertThat(platform.post(path, Map.of(), "Authorization", platform.bearer())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aWrongTokenIsNotSavedByACookieAndTwoCookiesAreNone() {
        String cookie = platform.cookie();

        assertThat(platform.get("/api/campanile/v1/me", "Cookie", cookie, "Authorization", "Bearer dapi0")
                        .statusCode())
                .isEqualTo(401);
        assertThat(platform.get("/api/campanile/v1/me", "Cookie", cookie + "; " + cookie)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void signingOutEndsTheSessionAtOnce() {
        String cookie = platform.cookie();
        assertThat(platform.get("/api/campanile/v1/me", "Cookie", cookie).statusCode())
                .isEqualTo(200);

        HttpResponse<String> out =
                platform.post("/api/campanile/v1/logout", Map.of(), "Cookie", cookie, "Origin", platform.origin());

        assertThat(out.body()).isEqualTo("{}");
        assertThat(out.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(platform.get("/api/campanile/v1/me", "Cookie", cookie).statusCode())
                .isEqualTo(401);
    }
}
