package io.campanile.identity.scim;

import static io.campanile.identity.testing.DirectoryFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.identity.IdentityConfig;
import io.campanile.identity.sso.SsoConfig;
import io.campanile.identity.testing.DirectoryFixture;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Passwords that an administrator sets through SCIM: they count as a reset, and nothing says what they are. */
final class ScimPasswordTest {
    private static final String USERS = "/api/2.0/preview/scim/v2/Users";
    private static final String GIVEN = "canary Zq7 given by SCIM";
    private static final String OTHER = "canary Zq7 of the second time";
    private static final String OWN = "what the person chose 77";

    @TempDir
    static Path dataDir;

    private static DirectoryFixture platform;
    private static final StringBuffer ANSWERS = new StringBuffer();
    private static final Logged LOGGED = new Logged();

    @BeforeAll
    static void start() throws Exception {
        LOGGED.start();
        root().addAppender(LOGGED);
        ((Logger) LoggerFactory.getLogger("io.campanile")).setLevel(Level.TRACE);
        platform = new DirectoryFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        platform.close();
        root().detachAppender(LOGGED);
        ((Logger) LoggerFactory.getLogger("io.campanile")).setLevel(null);
    }

    @Test
    void itIsSetAsAResetSetsItAndIsNowhereToBeSeen() {
        String id = json(send("POST", "", Map.of("userName", "pat@example.com", "password", GIVEN), 201))
                .path("id")
                .asText();
        assertThat(login("pat@example.com", GIVEN, null)).isEqualTo("password_change_required");
        assertThat(login("pat@example.com", GIVEN, OWN)).isEqualTo("in");
        String session = session("pat@example.com", OWN);

        patch(id, "[{\"op\":\"replace\",\"path\":\"password\",\"value\":\"" + OTHER + "\"}]", 200);
        assertThat(login("pat@example.com", OWN, null)).isEqualTo("UNAUTHENTICATED");
        assertThat(login("pat@example.com", OTHER, null)).isEqualTo("password_change_required");
        assertThat(ended(session)).isTrue();
        patch(id, "[{\"op\":\"add\",\"value\":{\"password\":\"" + GIVEN + "\",\"displayName\":\"Pat\"}}]", 200);
        assertThat(login("pat@example.com", GIVEN, null)).isEqualTo("password_change_required");
        send("PUT", "/" + id, Map.of("userName", "pat@example.com", "password", OTHER), 200);
        assertThat(login("pat@example.com", OTHER, OWN)).isEqualTo("in");
        // Whoever does not speak of it leaves it as it is.
        send("PUT", "/" + id, Map.of("userName", "PAT@example.com"), 200);
        patch(id, "[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"P\"}]", 200);
        assertThat(login("pat@example.com", OWN, null)).isEqualTo("in");

        JsonNode read = json(send("GET", "/" + id + "?attributes=password,userName", null, 200));
        assertThat(read.has("password")).isFalse();
        LoggerFactory.getLogger("io.campanile.identity.scim").trace("Traces are heard");
        assertThat(LOGGED.text.toString()).contains("Traces are heard");
        assertThat(LOGGED.text.toString()).doesNotContain("canary");
        assertThat(ANSWERS.toString()).isNotEmpty().doesNotContain("canary");
        List<String> audit = platform.database(db -> db.resultQuery(
                        "select action || coalesce(details::text, '') || coalesce(resource, '') from audit_event")
                .fetchInto(String.class));
        assertThat(audit).noneMatch(row -> row.contains("canary"));
        assertThat(audit.stream().filter(row -> row.contains("password_set"))).hasSize(4);
        assertThat(platform.<String>database(
                        db -> db.fetchValue("select password_hash from person where user_id = ?", Long.valueOf(id))
                                .toString()))
                .startsWith("$argon2id$");
    }

    @Test
    void whatBreaksTheRulesIsRefusedWithoutBeingSaid() {
        String id = json(send("POST", "", Map.of("userName", "rules@example.com"), 201))
                .path("id")
                .asText();
        for (Map.Entry<Object, String> bad : Map.<Object, String>of(
                        "canary",
                        "password has at least 12",
                        "",
                        "password has at least 12",
                        "canary rules@example.com rules2@example.com",
                        "user name",
                        "canary".repeat(200),
                        "at most 1024",
                        7,
                        "password must be a string",
                        List.of("canary canary 12"),
                        "password must be a string",
                        Map.of("value", "canary canary"),
                        "password must be a string")
                .entrySet()) {
            assertThat(send("PUT", "/" + id, Map.of("userName", "rules@example.com", "password", bad.getKey()), 400)
                            .body())
                    .contains(bad.getValue());
            assertThat(send("POST", "", Map.of("userName", "rules2@example.com", "password", bad.getKey()), 400)
                            .body())
                    .doesNotContain("canary");
        }
        patch(id, "[{\"op\":\"replace\",\"path\":\"password\",\"value\":\"canary\"}]", 400);
        assertThat(patch(id, "[{\"op\":\"remove\",\"path\":\"password\"}]", 400))
                .contains("mutability");
        assertThat(patch(id, "[{\"op\":\"replace\",\"path\":\"password\",\"value\":null}]", 400))
                .contains("mutability");
        assertThat(patch(id, "[{\"op\":\"add\",\"path\":\"password[value eq \\\"canary\\\"]\",\"value\":\"x\"}]", 400))
                .contains("invalidPath");
        assertThat(platform.send("POST", USERS, "{\"password\":\"canary canary 12\",", platform.admin)
                        .body())
                .doesNotContain("canary");
        assertThat(json(send("GET", "?filter=userName%20eq%20%22rules2@example.com%22", null, 200))
                        .path("totalResults")
                        .asInt())
                .isZero();
        assertThat(login("rules@example.com", "canary", null)).isEqualTo("UNAUTHENTICATED");
        assertThat(ANSWERS.toString()).doesNotContain("canary");
        assertThat(LOGGED.text.toString()).doesNotContain("canary");
    }

    @Test
    void onlyWhoMayResetItMaySetIt() {
        Caller person = platform.person(platform.admin, "member@example.com");
        String id = Long.toString(person.userId());
        String operation = "{\"Operations\":[{\"op\":\"replace\",\"path\":\"password\",\"value\":\"" + GIVEN + "\"}]}";
        platform.database(db -> db.execute(
                "insert into account (workspace_id, user_id, kind, user_name, login_name, display_name, active,"
                        + " created_at) values (?, ?, 'USER', 'member@example.com', 'member@example.com', 'M', true,"
                        + " now())",
                platform.otherAdmin.workspaceId(),
                person.userId()));

        assertThat(platform.send("PATCH", USERS + "/" + id, operation, platform.otherAdmin)
                        .statusCode())
                .as("a workspace the person does not come from")
                .isEqualTo(403);
        assertThat(platform.send("PATCH", USERS + "/" + id, operation, platform.user)
                        .statusCode())
                .as("not an administrator")
                .isEqualTo(403);
        assertThat(platform.send("PATCH", USERS + "/" + platform.user.userId(), operation, platform.otherAdmin)
                        .statusCode())
                .as("a stranger")
                .isEqualTo(404);
        Caller lesser = new Caller(
                platform.admin.workspaceId(), person.userId(), "member@example.com", Rights.ADMIN, null, "", "r");
        assertThat(platform.send("PATCH", USERS + "/" + platform.admin.userId(), operation, lesser)
                        .statusCode())
                .as("an administrator of the account, by one of a workspace")
                .isEqualTo(403);
        assertThat(platform.send("PATCH", USERS + "/" + id, operation, lesser).body())
                .contains("Your own password is changed with the old one");
        HttpResponse<String> robot = platform.send(
                "POST",
                USERS.replace("Users", "ServicePrincipals"),
                Map.of("displayName", "robot", "password", GIVEN),
                platform.admin);
        assertThat(robot.statusCode()).isEqualTo(400);
        assertThat(robot.body()).contains("client secrets").doesNotContain("canary");
        assertThat(login("member@example.com", GIVEN, null)).isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void whereNobodySignsInWithPasswordsNoneIsTaken(@TempDir Path folder) throws Exception {
        SsoConfig provider = new SsoConfig(
                "http://127.0.0.1:9/realms/none",
                "Keycloak",
                "campanile",
                new Secret("s"),
                "",
                "",
                "",
                false,
                Duration.ofMinutes(5),
                Duration.ofHours(1));
        try (DirectoryFixture off =
                new DirectoryFixture(folder, IdentityConfig.defaults().with(provider))) {
            HttpResponse<String> refused =
                    off.send("POST", USERS, Map.of("userName", "x@example.com", "password", GIVEN), off.admin);

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("password: sign-in with a password is switched off here");
            assertThat(off.send("POST", USERS, Map.of("userName", "x@example.com"), off.admin)
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    private static HttpResponse<String> send(String method, String path, @Nullable Object body, int status) {
        HttpResponse<String> answer = platform.send(method, USERS + path, body, platform.admin);
        ANSWERS.append(answer.body()).append(answer.headers().map()).append('\n');
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    private static String patch(String id, String operations, int status) {
        return send("PATCH", "/" + id, "{\"Operations\":" + operations + "}", status)
                .body();
    }

    /** What signing in comes to. */
    private static String login(String name, String password, @Nullable String chosen) {
        Map<String, Object> body =
                new HashMap<>(Map.of("user", name, "password", password, "address", "192.0.2." + name.length()));
        if (chosen != null) {
            body.put("new_password", chosen);
        }
        try {
            platform.internal("/internal/login", body);
            return "in";
        } catch (ApiException e) {
            return String.valueOf(e.getMessage()).contains("This password is a temporary one")
                    ? "password_change_required"
                    : e.code().name();
        }
    }

    private static String session(String name, String password) {
        return platform.internal("/internal/login", Map.of("user", name, "password", password, "address", "192.0.2.9"))
                .path("session_secret")
                .asText();
    }

    private static boolean ended(String session) {
        try {
            platform.internal("/internal/authenticate", Map.of("kind", "session", "secret", session));
            return false;
        } catch (ApiException e) {
            return true;
        }
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** All that was logged, with the traces. */
    private static final class Logged extends AppenderBase<ILoggingEvent> {
        private final StringBuffer text = new StringBuffer();

        @Override
        protected void append(ILoggingEvent event) {
            text.append(event.getFormattedMessage()).append(event.getKeyValuePairs());
            if (event.getThrowableProxy() != null) {
                text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            text.append('\n');
        }
    }
}
