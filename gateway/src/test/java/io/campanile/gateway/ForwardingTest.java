package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForwardingTest {
    private static final String ECHO = "/api/2.0/workspace/echo";

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
    void anonymousIsRefusedBeforeItIsSaidWhetherThereIsAnything() {
        for (String path : new String[] {
            "/api",
            "/api/",
            "/api/2.0/workspace/list",
            "/api/2.0/no/such",
            "/sql/1.0/warehouses/x",
            "/ws/v1",
            "/metrics"
        }) {
            HttpResponse<String> answer = platform.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.body()).contains("UNAUTHENTICATED", "\"details\":[]");
        }
        HttpResponse<String> unknown = platform.get("/api/2.0/no/such", "Authorization", platform.bearer());
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("ENDPOINT_NOT_FOUND");
        for (String path : new String[] {"/internal/routes", "/node/v1/work", "/oidc/v1/token", "/health/other"}) {
            assertThat(platform.get(path).body()).as(path).contains("ENDPOINT_NOT_FOUND");
        }
    }

    @Test
    void identityHeadersOfTheClientNeverArrive() {
        JsonNode seen = GatewayFixture.json(platform.post(
                ECHO + "?q=%C3%A4+b",
                Map.of("a", 1),
                "Authorization",
                platform.bearer(),
                "Cookie",
                "campanile_session=x",
                "X-Campanile-User",
                "root",
                "X_Campanile_User",
                "root",
                "X-Forwarded-For",
                "6.6.6.6",
                "X-Forwarded-Host",
                "evil.example",
                "Forwarded",
                "for=6.6.6.6",
                "X-Request-Id",
                "a-harmless-request-id",
                "X-Kept",
                "yes"));
        JsonNode headers = seen.path("headers");

        assertThat(headers.path("x-kept").asText()).isEqualTo("yes");
        assertThat(headers.path("x-forwarded-for").asText()).isEqualTo("127.0.0.1");
        assertThat(headers.path("x-forwarded-host").asText()).isEqualTo("127.0.0.1:" + platform.gateway.port());
        assertThat(headers.toString()).doesNotContain("root", "6.6.6.6", "evil", "dapi", "campanile_session");
        assertThat(seen.path("user").asText()).isEqualTo(GatewayFixture.USER);
        assertThat(seen.path("uri").asText()).isEqualTo(ECHO + "?q=%C3%A4+b");
        assertThat(seen.path("request_id").asText()).isEqualTo("a-harmless-request-id");
    }

    @Test
    void answersCarryTheGatewaysWordOnSecurityAlone() {
        HttpResponse<String> answer = platform.post(ECHO, Map.of(), "Authorization", platform.bearer());

        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(answer.headers().firstValue("X-Powered-By")).isEmpty();
        assertThat(answer.headers().allValues("Content-Security-Policy"))
                .containsExactly("default-src 'none'; frame-ancestors 'none'; sandbox");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("X-Databricks-Org-Id")).contains(Long.toString(platform.workspaceId));
    }

    @Test
    void bodiesAreLimitedAndImportsMayBeLarger() {
        String eleven = "x".repeat(11 * 1024 * 1024);

        HttpResponse<String> refused = platform.post(ECHO, eleven, "Authorization", platform.bearer());
        HttpResponse<String> imported =
                platform.post("/api/2.0/workspace/import", eleven, "Authorization", platform.bearer());

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).contains("REQUEST_TOO_LARGE");
        assertThat(GatewayFixture.json(imported).path("length").asLong()).isEqualTo(eleven.length());
    }

    @Test
    void aServiceThatIsAwayIs503AndFoundAgainAtItsNewAddress() throws Exception {
        platform.stopService("workspace");

        HttpResponse<String> away = platform.get("/api/2.0/workspace/list", "Authorization", platform.bearer());
        HttpResponse<String> notReady = platform.get("/health/ready");
        platform.startService("workspace");
        HttpResponse<String> back = platform.get("/api/2.0/workspace/list", "Authorization", platform.bearer());

        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.body()).contains("TEMPORARILY_UNAVAILABLE");
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
        assertThat(notReady.statusCode()).isEqualTo(503);
        assertThat(notReady.body()).contains("\"workspace\":\"DOWN\"", "\"identity\":\"UP\"");
        assertThat(back.statusCode()).isEqualTo(200);
        assertThat(platform.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(platform.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void theRouteDumpNamesThePermissionOfEveryRouteAndIsForAdministrators() {
        String bob = platform.internal(
                        "/internal/users", Map.of("workspace_id", platform.workspaceId, "user", "bob@example.com"))
                .path("token")
                .asText();

        JsonNode routes =
                GatewayFixture.json(platform.get("/api/campanile/v1/routes", "Authorization", platform.bearer()));

        assertThat(routes.size()).isGreaterThan(30);
        for (JsonNode route : routes) {
            for (String field :
                    new String[] {"service", "method", "path", "protocol", "action", "resource", "access", "public"}) {
                assertThat(route.path(field).asText()).as(route + " " + field).isNotEmpty();
            }
            if (route.path("public").asBoolean()) {
                assertThat(route.path("access").asText()).isNotIn("SERVICE", "NODE");
            }
        }
        assertThat(routes.findValuesAsText("path")).contains("/api/2.0/token/create", "/ws/v1", "/*", "/metrics");
        for (String path : new String[] {"/api/campanile/v1/routes", "/metrics"}) {
            assertThat(platform.get(path, "Authorization", "Bearer " + bob).statusCode())
                    .isEqualTo(403);
        }
        assertThat(platform.get("/metrics", "Authorization", platform.bearer()).body())
                .contains("campanile_gateway_requests");
    }

    @Test
    void clientsFindTheirSignInDocumentsWithoutACredential() {
        assertThat(platform.get("/.well-known/databricks-config").body())
                .contains(platform.origin() + "/oidc", "\"workspace_id\":\"" + platform.workspaceId + "\"");
        assertThat(platform.get("/oidc/.well-known/oauth-authorization-server").body())
                .contains("authorization_endpoint", "token_endpoint");
    }
}
