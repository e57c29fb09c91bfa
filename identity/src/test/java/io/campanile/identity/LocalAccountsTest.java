package io.campanile.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.json.Json;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TestEnvironment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalAccountsTest {
    private static final Caller GATEWAY = Caller.service("gateway", 0, "request-1");
    private static final String BOB = "bob@example.com";
    private static final String PASSWORD = "correct horse of Bob's";
    private static final String BETTER = "an even better one 77";

    private final SettableClock clock = new SettableClock();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path dataDir;

    private TestEnvironment test;
    private IdentityServer identity;
    private JsonNode admin;
    private JsonNode bob;

    @BeforeEach
    void start() throws Exception {
        test = new TestEnvironment(dataDir, clock);
        identity = IdentityServer.start(test.environment())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        admin = json(internal("/internal/bootstrap", Map.of("user", "admin@example.com")));
        bob = json(internal("/internal/users", Map.of("workspace_id", workspace(), "user", BOB, "password", PASSWORD)));
    }

    @AfterEach
    void stop() {
        identity.close();
        test.close();
    }

    @Test
    void guessesLockAnAccountForLongerAndLongerButNeverLongerThanFiveMinutes() throws Exception {
        guess(10, "10.0.0.");

        HttpResponse<String> locked = login(PASSWORD, "10.9.9.9");

        assertThat(locked.statusCode()).isEqualTo(429);
        assertThat(locked.body()).contains("account_locked", "try again in 30 seconds");
        for (int round = 0; round < 6; round++) {
            clock.advance(Duration.ofSeconds(301));
            assertThat(login("wrong", "10.1.0." + round).statusCode()).isEqualTo(401);
        }
        assertThat(login(PASSWORD, "10.9.9.9").body()).contains("try again in 300 seconds");
        clock.advance(Duration.ofSeconds(301));
        assertThat(login(PASSWORD, "10.9.9.9").statusCode()).isEqualTo(200);
        assertThat(audited("identity.session.create", "DENIED")).isEqualTo(16);
    }

    @Test
    void whoSignedInFromAnAddressBeforeIsNotLockedOutThereByStrangers() throws Exception {
        assertThat(login(PASSWORD, "192.0.2.7").statusCode()).isEqualTo(200);
        guess(12, "10.0.0.");

        assertThat(login(PASSWORD, "10.0.0.200").statusCode()).isEqualTo(429);
        assertThat(login(PASSWORD, "192.0.2.7").statusCode()).isEqualTo(200);
        assertThat(login(PASSWORD, "10.0.0.200").statusCode()).isEqualTo(200);
    }

    @Test
    void aLockDoesNotTellWhoExists() {
        for (int i = 0; i < 10; i++) {
            assertThat(loginAs("nobody@example.com", "wrong", null, "10.0.0." + i)
                            .statusCode())
                    .isEqualTo(401);
        }

        HttpResponse<String> locked = loginAs("nobody@example.com", "wrong", null, "10.9.9.9");

        assertThat(locked.statusCode()).isEqualTo(429);
        assertThat(locked.body()).contains("account_locked", "try again in 30 seconds");
    }

    @Test
    void onesOwnPasswordNeedsTheOldOneAndTheRulesAndEndsOtherSessions() throws Exception {
        String here = sessionOf(login(PASSWORD, "192.0.2.1"));
        String there = sessionOf(login(PASSWORD, "192.0.2.2"));
        String hereId = json(authenticate(here)).path("session_id").asText();

        assertThat(change("wrong", BETTER, hereId).body()).contains("old_password is wrong");
        for (Map.Entry<String, String> bad : Map.of(
                        "short",
                        "at least 12",
                        "x".repeat(1025),
                        "at most 1024",
                        "my name is bob@example.com",
                        "user name",
                        "aaaaaaaaaaaabb",
                        "different characters",
                        "Password123456!",
                        "stolen passwords",
                        "P@ssw0rdP@ssw0rd",
                        "stolen passwords",
                        "qwertyuiopasdf",
                        "stolen passwords",
                        PASSWORD,
                        "must differ")
                .entrySet()) {
            HttpResponse<String> refused = change(PASSWORD, bad.getKey(), hereId);
            assertThat(refused.statusCode()).as(bad.getKey()).isEqualTo(400);
            assertThat(refused.body()).contains("new_password", bad.getValue());
        }
        assertThat(change(PASSWORD, BETTER, hereId).body()).isEqualTo("{}");

        assertThat(authenticate(here).statusCode()).isEqualTo(200);
        assertThat(authenticate(there).statusCode()).isEqualTo(401);
        assertThat(login(PASSWORD, "192.0.2.1").statusCode()).isEqualTo(401);
        assertThat(login(BETTER, "192.0.2.1").statusCode()).isEqualTo(200);
        assertThat(audited("identity.password.change", "DONE")).isEqualTo(1);
        assertThat(audited("identity.password.change", "DENIED")).isEqualTo(1);
    }

    @Test
    void aResetGivesATemporaryPasswordThatOpensOnlyTheChoiceOfAnother() throws Exception {
        String session = sessionOf(login(PASSWORD, "192.0.2.1"));

        JsonNode reset = json(reset(adminCaller(false)));
        String temporary = reset.path("temporary_password").asText();

        assertThat(authenticate(session).statusCode()).isEqualTo(401);
        assertThat(login(PASSWORD, "192.0.2.1").statusCode()).isEqualTo(401);
        HttpResponse<String> due = login(temporary, "192.0.2.1");
        assertThat(due.statusCode()).isEqualTo(403);
        assertThat(due.body()).contains("password_change_required").doesNotContain("session_secret");
        assertThat(loginAs(BOB, temporary, "short", "192.0.2.1").body()).contains("new_password", "at least 12");
        assertThat(loginAs(BOB, temporary, BETTER, "192.0.2.1").statusCode()).isEqualTo(200);
        assertThat(loginAs(BOB, temporary, BETTER, "192.0.2.1").statusCode()).isEqualTo(401);
        assertThat(login(BETTER, "192.0.2.1").statusCode()).isEqualTo(200);
        assertThat(audited("identity.password.reset", "DONE")).isEqualTo(1);
    }

    @Test
    void aTemporaryPasswordEnds() {
        String temporary =
                json(reset(adminCaller(false))).path("temporary_password").asText();
        clock.advance(Duration.ofDays(3).plusSeconds(1));

        assertThat(loginAs(BOB, temporary, BETTER, "192.0.2.1").body()).contains("temporary_password_ended");
    }

    @Test
    void onlyWhoAdministersThePersonsHomeMayReset() throws Exception {
        JsonNode other = json(internal("/internal/workspaces", Map.of("name", "Other", "user", "eve@example.com")));
        long elsewhere = other.path("workspace_id").asLong();
        long eve = other.path("user_id").asLong();
        Caller evil = new Caller(elsewhere, eve, "eve@example.com", true, null, "r");

        assertThat(reset(evil).statusCode()).isEqualTo(404);
        assertThat(send("GET", sessionsOf(bob), null, evil).statusCode()).isEqualTo(404);
        assertThat(reset(new Caller(workspace(), 77, "carl@example.com", false, null, "r"))
                        .statusCode())
                .isEqualTo(403);
        join(elsewhere, bob.path("user_id").asLong());
        assertThat(reset(evil).statusCode()).isEqualTo(403);
        assertThat(reset(evil.with(new Rights(true, true, Set.of(), Set.of()))).statusCode())
                .isEqualTo(200);
        assertThat(send("POST", user(admin) + "/password-reset", null, adminCaller(false))
                        .statusCode())
                .as("a workspace's administrator has no power over the account's")
                .isEqualTo(403);
        assertThat(audited("identity.password.reset", "DENIED")).isPositive();
    }

    @Test
    void anAdministratorListsAndEndsSomebodysSessions() {
        String session = sessionOf(login(PASSWORD, "192.0.2.1"));

        List<String> ids =
                json(send("GET", sessionsOf(bob), null, adminCaller(false))).findValuesAsText("session_id");
        HttpResponse<String> ended = send("DELETE", sessionsOf(bob) + "/" + ids.get(0), null, adminCaller(false));

        assertThat(ids).hasSize(1);
        assertThat(ended.body()).isEqualTo("{}");
        assertThat(authenticate(session).statusCode()).isEqualTo(401);
        assertThat(send("DELETE", sessionsOf(bob) + "/" + ids.get(0), null, adminCaller(false))
                        .statusCode())
                .isEqualTo(404);
        Caller bobHimself = new Caller(workspace(), bob.path("user_id").asLong(), BOB, false, null, "r");
        assertThat(send("GET", sessionsOf(admin), null, bobHimself).statusCode())
                .isEqualTo(403);
    }

    private void guess(int times, String network) {
        for (int i = 0; i < times; i++) {
            login("wrong", network + i);
        }
    }

    private long workspace() {
        return admin.path("workspace_id").asLong();
    }

    private static String user(JsonNode person) {
        return "/api/campanile/v1/users/" + person.path("user_id").asLong();
    }

    private static String sessionsOf(JsonNode person) {
        return user(person) + "/sessions";
    }

    private Caller adminCaller(boolean account) {
        return new Caller(workspace(), 1, "root@example.com", true, null, "request-2")
                .with(new Rights(true, account, Set.of(), Set.of()));
    }

    private HttpResponse<String> reset(Caller caller) {
        return send("POST", user(bob) + "/password-reset", null, caller);
    }

    private HttpResponse<String> change(String old, String chosen, String sessionId) {
        return internal(
                "/internal/password",
                Map.of(
                        "workspace_id", workspace(),
                        "user_id", bob.path("user_id").asLong(),
                        "user_name", BOB,
                        "session_id", sessionId,
                        "address", "192.0.2.1",
                        "old_password", old,
                        "new_password", chosen));
    }

    private HttpResponse<String> login(String password, String address) {
        return loginAs(BOB, password, null, address);
    }

    private HttpResponse<String> loginAs(String user, String password, @Nullable String chosen, String address) {
        Map<String, Object> body = new HashMap<>(Map.of("user", user, "password", password, "address", address));
        if (chosen != null) {
            body.put("new_password", chosen);
        }
        return internal("/internal/login", body);
    }

    private static String sessionOf(HttpResponse<String> login) {
        assertThat(login.statusCode()).as(login.body()).isEqualTo(200);
        return json(login).path("session_secret").asText();
    }

    private HttpResponse<String> authenticate(String session) {
        return internal("/internal/authenticate", Map.of("kind", "session", "secret", session));
    }

    private int audited(String action, String outcome) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from identity.audit_event where action = '"
                        + action + "' and outcome = '" + outcome + "'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void join(long workspaceId, long userId) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("insert into identity.account (workspace_id, user_id, kind, user_name, login_name,"
                    + " display_name, active, created_at) values (" + workspaceId + ", " + userId
                    + ", 'USER', '" + BOB + "', '" + BOB + "', 'Bob', true, now())");
        }
    }

    private Connection connect() throws Exception {
        var settings = test.environment().database();
        return DriverManager.getConnection(
                settings.jdbcUrl(), settings.user(), settings.password().value());
    }

    private HttpResponse<String> internal(String path, Object body) {
        return send("POST", path, body, GATEWAY);
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
