package io.campanile.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.identity.sso.SsoConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityApiTest {
    private static final Caller LAUNCHER = Caller.service("launcher", 0, "request-1");

    private final SettableClock clock = new SettableClock();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path dataDir;

    private TestEnvironment test;
    private IdentityServer identity;
    private JsonNode admin;

    @BeforeEach
    void start() throws Exception {
        test = new TestEnvironment(dataDir, clock);
        IdentityConfig config = new IdentityConfig(
                Duration.ofHours(24),
                Duration.ofDays(14),
                Duration.ofDays(30),
                Duration.ofDays(90),
                Duration.ofDays(730),
                3,
                10,
                12,
                2,
                SsoConfig.OFF);
        identity = IdentityServer.start(test.environment(), config)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        admin = json(internal("/internal/bootstrap", Map.of("user", "Admin@example.com")));
    }

    @AfterEach
    void stop() {
        identity.close();
        test.close();
    }

    @Test
    void credentialsAreGivenAgainUntilTheLauncherHasWrittenThemDown() throws Exception {
        JsonNode again = json(internal("/internal/bootstrap", Map.of("user", "Admin@example.com")));
        internal("/internal/bootstrap/confirm", Map.of());
        JsonNode later = json(internal("/internal/bootstrap", Map.of("user", "Admin@example.com")));

        assertThat(again.path("workspace_id")).isEqualTo(admin.path("workspace_id"));
        assertThat(again.path("token").asText()).startsWith("dapi").hasSize(68);
        assertThat(authenticate("pat", admin.path("token").asText()).statusCode())
                .isEqualTo(401);
        assertThat(authenticate("pat", again.path("token").asText()).statusCode())
                .isEqualTo(200);
        assertThat(login("admin@example.com", again.path("password").asText()).statusCode())
                .isEqualTo(200);
        assertThat(later.path("workspace_id")).isEqualTo(admin.path("workspace_id"));
        assertThat(later.has("token")).isFalse();
        assertThat(later.has("password")).isFalse();
        assertThat(authenticate("pat", again.path("token").asText()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void concurrentFirstStartsMakeOneWorkspace() throws Exception {
        List<Thread> starts = new ArrayList<>();
        List<Long> workspaces = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            Thread start = new Thread(() -> workspaces.add(
                    json(internal("/internal/bootstrap", Map.of("user", "Admin@example.com", "password", "secret")))
                            .path("workspace_id")
                            .asLong()));
            starts.add(start);
            start.start();
        }
        for (Thread start : starts) {
            start.join();
        }

        assertThat(workspaces)
                .hasSize(4)
                .containsOnly(admin.path("workspace_id").asLong());
    }

    @Test
    void signInGivesASessionThatEndsWhenItIsIdleOrOldOrLeft() throws Exception {
        String first = session();
        String second = session();

        clock.advance(Duration.ofHours(20));
        assertThat(authenticate("session", first).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofHours(20));
        assertThat(authenticate("session", first).statusCode()).isEqualTo(200);
        assertThat(authenticate("session", second).statusCode()).isEqualTo(401);

        internal("/internal/logout", Map.of("session_secret", first));
        assertThat(authenticate("session", first).statusCode()).isEqualTo(401);

        String third = session();
        for (int day = 0; day < 13; day++) {
            clock.advance(Duration.ofHours(23));
            assertThat(authenticate("session", third).statusCode()).isEqualTo(200);
        }
        clock.advance(Duration.ofHours(23));
        clock.advance(Duration.ofHours(14));
        assertThat(authenticate("session", third).statusCode()).isEqualTo(401);
    }

    @Test
    void theEleventhWrongPasswordOfAMinuteIsRefusedAndRightOnesAreFree() throws Exception {
        for (int i = 0; i < 12; i++) {
            session();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(login("admin@example.com", "wrong").statusCode()).isEqualTo(401);
        }

        HttpResponse<String> refused =
                login("ADMIN@example.com", admin.path("password").asText());

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("REQUEST_LIMIT_EXCEEDED", "retry_after_seconds");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        clock.advance(Duration.ofSeconds(61));
        assertThat(login("admin@example.com", admin.path("password").asText()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void hostileSignInsAreWrongNotErrors() throws Exception {
        for (String user : List.of("", "a\u0000b", "x".repeat(5000), "' or 1=1 --", "nobody")) {
            assertThat(login(user, "x".repeat(5000)).body()).contains("The user or the password is wrong");
        }
        assertThat(internal("/internal/login", Map.of("user", "a")).body())
                .contains("Missing required field: password");
    }

    @Test
    void tokensAreMadeListedUsedAndRevoked() throws Exception {
        HttpResponse<String> made =
                user("POST", "/api/2.0/token/create", Map.of("comment", "laptop", "lifetime_seconds", 3600));
        String secret = json(made).path("token_value").asText();
        String id = json(made).path("token_info").path("token_id").asText();

        assertThat(authenticate("pat", secret).body()).contains("\"user_name\":\"Admin@example.com\"", id);
        assertThat(user("GET", "/api/2.0/token/list", null).body())
                .contains(id, "laptop")
                .doesNotContain(secret);
        String nearlyRight = secret.substring(0, 67) + (secret.endsWith("0") ? "1" : "0");
        assertThat(authenticate("pat", nearlyRight).statusCode()).isEqualTo(401);
        assertThat(authenticate("session", secret).statusCode()).isEqualTo(401);

        assertThat(user("POST", "/api/2.0/token/delete", Map.of("token_id", id)).body())
                .isEqualTo("{}");
        assertThat(authenticate("pat", secret).statusCode()).isEqualTo(401);
        assertThat(user("POST", "/api/2.0/token/delete", Map.of("token_id", id)).body())
                .contains("RESOURCE_DOES_NOT_EXIST", "does not exist!");
    }

    @Test
    void tokensExpireAndAreCounted() throws Exception {
        HttpResponse<String> brief = user("POST", "/api/2.0/token/create", Map.of("lifetime_seconds", 60));
        assertThat(user("POST", "/api/2.0/token/create", Map.of()).statusCode()).isEqualTo(200);
        assertThat(user("POST", "/api/2.0/token/create", Map.of()).body()).contains("INVALID_STATE", "limit");

        clock.advance(Duration.ofSeconds(61));

        assertThat(authenticate("pat", json(brief).path("token_value").asText()).statusCode())
                .isEqualTo(401);
        assertThat(user("POST", "/api/2.0/token/create", Map.of()).statusCode()).isEqualTo(200);
        for (Object life : List.of(0, -1, 100_000_000_000L)) {
            assertThat(user("POST", "/api/2.0/token/create", Map.of("lifetime_seconds", life))
                            .body())
                    .contains("INVALID_PARAMETER_VALUE");
        }
        assertThat(user("POST", "/api/2.0/token/create", Map.of("comment", "a\u0000b"))
                        .body())
                .contains("INVALID_PARAMETER_VALUE");
    }

    @Test
    void endedNamesTheCredentialsThatNoLongerOpen() throws Exception {
        HttpResponse<String> made = user("POST", "/api/2.0/token/create", Map.of("lifetime_seconds", 60));
        String tokenId = json(made).path("token_info").path("token_id").asText();
        session();
        String sessionId = json(user("GET", "/api/campanile/v1/sessions", null))
                .path("sessions")
                .path(0)
                .path("session_id")
                .asText();
        Map<String, Object> asked = Map.of("session_ids", List.of(sessionId, "gone"), "token_ids", List.of(tokenId));

        JsonNode answered = json(internal("/internal/ended", asked));
        assertThat(answered.path("session_ids").toString()).isEqualTo("[\"gone\"]");
        assertThat(answered.path("token_ids").toString()).isEqualTo("[]");
        assertThat(answered.path("rights").size()).isEqualTo(2);
        assertThat(answered.path("rights").path(tokenId))
                .isEqualTo(answered.path("rights").path(sessionId));
        assertThat(user("DELETE", "/api/campanile/v1/sessions/" + sessionId, null)
                        .statusCode())
                .isEqualTo(200);
        clock.advance(Duration.ofSeconds(61));

        assertThat(json(internal("/internal/ended", asked)).toString()).contains(sessionId, tokenId);
    }

    @Test
    void meIsScimAndOurs() throws Exception {
        JsonNode scim = json(user("GET", "/api/2.0/preview/scim/v2/Me", null));
        JsonNode own = json(user("GET", "/api/campanile/v1/me", null));

        assertThat(scim.path("id").asText()).isEqualTo(admin.path("user_id").asText());
        assertThat(scim.path("userName").asText()).isEqualTo("Admin@example.com");
        assertThat(scim.path("groups").findValuesAsText("display")).containsExactly("admins", "users");
        assertThat(own.path("admin").asBoolean()).isTrue();
        assertThat(own.path("workspace_id").asLong())
                .isEqualTo(admin.path("workspace_id").asLong());
        assertThat(own.path("workspace_name").asText()).isEqualTo("Campanile");
    }

    @Test
    void anotherWorkspaceSeesAndChangesNothing() throws Exception {
        String mine = json(user("POST", "/api/2.0/token/create", Map.of("comment", "canary")))
                .path("token_info")
                .path("token_id")
                .asText();
        session();
        String mySession = json(user("GET", "/api/campanile/v1/sessions", null))
                .findValuesAsText("session_id")
                .get(0);
        JsonNode other = json(internal("/internal/workspaces", Map.of("name", "Other", "user", "eve@example.com")));
        // The worst case: another tenant's administrator whose user id is the same number.
        Caller eve = new Caller(
                other.path("workspace_id").asLong(), admin.path("user_id").asLong(), "eve", true, null, "r");

        assertThat(send("GET", "/api/2.0/token/list", null, eve).body()).isEqualTo("{\"token_infos\":[]}");
        assertThat(send("POST", "/api/2.0/token/delete", Map.of("token_id", mine), eve)
                        .statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/api/campanile/v1/sessions", null, eve).body()).isEqualTo("{\"sessions\":[]}");
        assertThat(send("DELETE", "/api/campanile/v1/sessions/" + mySession, null, eve)
                        .statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/api/campanile/v1/me", null, eve).statusCode()).isEqualTo(404);
        assertThat(user("GET", "/api/2.0/token/list", null).body()).contains(mine);
        assertThat(user("GET", "/api/campanile/v1/sessions", null).body()).contains(mySession);
    }

    @Test
    void oneNameInTwoWorkspacesIsTwoPeople() throws Exception {
        JsonNode first = json(internal("/internal/workspaces", Map.of("name", "First", "user", "twin@example.com")));
        JsonNode second = json(internal("/internal/workspaces", Map.of("name", "Second", "user", "TWIN@example.com")));

        for (JsonNode made : List.of(first, second)) {
            JsonNode signedIn = json(internal(
                    "/internal/login",
                    Map.of(
                            "user",
                            "twin@example.com",
                            "password",
                            made.path("password").asText())));

            assertThat(signedIn.path("workspace_id").asLong())
                    .isEqualTo(made.path("workspace_id").asLong());
            assertThat(signedIn.path("user_id").asLong())
                    .isEqualTo(made.path("user_id").asLong());
        }
        assertThat(internal(
                                "/internal/login",
                                Map.of(
                                        "user", "twin@example.com",
                                        "password", first.path("password").asText(),
                                        "workspace_id",
                                                second.path("workspace_id").asLong()))
                        .statusCode())
                .isEqualTo(401);
        assertThat(internal(
                                "/internal/users",
                                Map.of(
                                        "workspace_id",
                                        first.path("workspace_id").asLong(),
                                        "user",
                                        "Twin@example.com"))
                        .body())
                .contains("RESOURCE_ALREADY_EXISTS");
    }

    @Test
    void aUserNameIsANameThatAFolderCanHave() throws Exception {
        for (String name : new String[] {".", "..", "a/b", "a b", "x".repeat(129)}) {
            HttpResponse<String> answer = internal(
                    "/internal/users",
                    Map.of("workspace_id", admin.path("workspace_id").asLong(), "user", name));

            assertThat(answer.statusCode()).as(name).isEqualTo(400);
            assertThat(answer.body()).contains("A user name");
        }
    }

    @Test
    void aFurtherPersonIsNoAdministrator() throws Exception {
        JsonNode made = json(internal(
                "/internal/users",
                Map.of("workspace_id", admin.path("workspace_id").asLong(), "user", "bob@example.com")));

        JsonNode bob = json(authenticate("pat", made.path("token").asText()));

        assertThat(bob.path("admin").asBoolean()).isFalse();
        assertThat(bob.path("workspace_id")).isEqualTo(admin.path("workspace_id"));
    }

    private String session() throws Exception {
        return json(login("admin@example.com", admin.path("password").asText()))
                .path("session_secret")
                .asText();
    }

    private HttpResponse<String> login(String user, String password) {
        return internal("/internal/login", Map.of("user", user, "password", password, "address", "127.0.0.1"));
    }

    private HttpResponse<String> authenticate(String kind, String secret) {
        return internal("/internal/authenticate", Map.of("kind", kind, "secret", secret));
    }

    private HttpResponse<String> internal(String path, Object body) {
        return send("POST", path, body, LAUNCHER);
    }

    private HttpResponse<String> user(String method, String path, @Nullable Object body) {
        return send(
                method,
                path,
                body,
                new Caller(
                        admin.path("workspace_id").asLong(),
                        admin.path("user_id").asLong(),
                        "Admin@example.com",
                        true,
                        null,
                        "request-2"));
    }

    private HttpResponse<String> send(String method, String path, @Nullable Object body, Caller caller) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + identity.port() + path))
                            .method(
                                    method,
                                    body == null
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofString(Json.write(body)))
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
