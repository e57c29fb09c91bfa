package io.campanile.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Secret;
import io.campanile.common.http.InternalClient;
import io.campanile.common.json.Json;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.gateway.GatewayConfig;
import io.campanile.gateway.GatewayServer;
import io.campanile.identity.IdentityConfig;
import io.campanile.identity.IdentityServer;
import io.campanile.identity.sso.SsoConfig;
import io.vertx.core.Future;
import jakarta.ws.rs.core.Response;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** The shipped realm in a real Keycloak, before a real gateway and identity service: by its own form, as a browser. */
@Tag("slow")
final class RealKeycloakTest {
    private static final String PASSWORD = "a-password-of-somebody";
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path dataDir;

    private static TestEnvironment test;
    private static IdentityServer identity;
    private static GatewayServer gateway;
    private static KeycloakServer server;
    private static Keycloak admin;
    private static RealmResource realm;
    private static String origin;

    @BeforeAll
    static void start() throws Exception {
        int port = KeycloakServer.freePort();
        test = new TestEnvironment(dataDir);
        identity = ready(IdentityServer.start(
                test.environment(), IdentityConfig.defaults().with(settings(port))));
        test.announce("identity", identity.port());
        gateway = ready(GatewayServer.start(test.environment(), GatewayConfig.defaults()));
        origin = "http://127.0.0.1:" + gateway.port();
        new InternalClient(test.environment().directory(), test.environment().tokens(), "identity")
                .post(
                        Caller.service("launcher", 0, "request-of-tests"),
                        "/internal/bootstrap",
                        Map.of("user", "admin@example.com", "password", "a-password-of-tests"),
                        JsonNode.class);
        server = new KeycloakServer(port, dataDir, origin);
        admin = server.admin();
        realm = admin.realm("campanile");
    }

    @AfterAll
    static void stop() {
        if (admin != null) {
            admin.close();
        }
        if (server != null) {
            server.close();
        }
        gateway.close();
        identity.close();
        test.close();
    }

    private static SsoConfig settings(int port) {
        return new SsoConfig(
                KeycloakServer.url(port) + "/realms/campanile",
                "Keycloak",
                "campanile",
                new Secret(KeycloakServer.CLIENT_SECRET),
                "engineers -> Data engineers, analysts -> analysts",
                "admin",
                "",
                true,
                Duration.ofSeconds(1),
                Duration.ofMinutes(5));
    }

    @Test
    void somebodySignsInByKeycloaksFormAndIsWhoKeycloakSays() {
        user("ada", true, "engineers");
        Browser browser = new Browser().open(origin + "/oidc/sso/start?next=%2Fbrowse");
        assertThat(browser.showsForm()).as(browser.text()).isTrue();

        browser.submit("ada", "wrong");
        assertThat(browser.showsForm()).isTrue();
        assertThat(browser.text()).contains("Invalid username or password");
        browser.submit("ada", PASSWORD);

        assertThat(browser.address().toString()).isEqualTo(origin + "/browse");
        JsonNode me = json(browser.call("GET", origin, "/api/campanile/v1/me"));
        assertThat(me.path("user_name").asText()).isEqualTo("ada@example.com");
        assertThat(me.path("display_name").asText()).isEqualTo("ada Tester");
        assertThat(me.path("admin").asBoolean()).isFalse();
        assertThat(groups(browser)).containsExactlyInAnyOrder("users", "Data engineers");
        JsonNode sessions =
                json(browser.call("GET", origin, "/api/campanile/v1/sessions")).path("sessions");
        assertThat(sessions.get(0).path("by_provider").asBoolean()).isTrue();
    }

    @Test
    void theShippedGroupOfAdministratorsAdministers() {
        user("chief", true, "administrators");

        assertThat(json(signedIn("chief").call("GET", origin, "/api/campanile/v1/me"))
                        .path("admin")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void anUnverifiedAddressIsNobodysName() {
        // The address of the administrator here, claimed over there.
        claim(user("mallory", false, "engineers"), "mallory");
        Browser mallory = new Browser().open(origin + "/oidc/sso/start").submit("mallory", PASSWORD);
        JsonNode me = json(mallory.call("GET", origin, "/api/campanile/v1/me"));
        assertThat(me.path("user_name").asText()).isEqualTo("mallory");
        assertThat(me.path("admin").asBoolean()).isFalse();
        mallory.open(json(mallory.call("POST", origin, "/api/campanile/v1/logout"))
                .path("redirect_to")
                .asText());

        String eve = user("eve@elsewhere.example", false, "engineers");
        Browser browser = new Browser().open(origin + "/oidc/sso/start").submit("eve@elsewhere.example", PASSWORD);
        assertThat(realm.users().get(eve).toRepresentation().isEmailVerified()).isFalse();
        assertThat(browser.address().getPath()).isEqualTo("/login");
        assertThat(browser.address().getQuery()).contains("problem=email_unverified");
        assertThat(browser.call("GET", origin, "/api/campanile/v1/me").statusCode())
                .isEqualTo(401);
    }

    private static void claim(String id, String name) {
        UserRepresentation user = realm.users().get(id).toRepresentation();
        assertThat(user.getUsername()).isEqualTo(name);
        user.setEmail("admin@example.com");
        user.setEmailVerified(false);
        realm.users().get(id).update(user);
    }

    @Test
    void aSessionIsRenewedAndFollowsGroupsUntilThePersonIsSwitchedOff() {
        String id = user("grace", true, "engineers");
        Browser browser = signedIn("grace");
        String analysts = realm.groups().groups("analysts", 0, 1).get(0).getId();
        realm.users().get(id).joinGroup(analysts);

        await().atMost(SOON).untilAsserted(() -> {
            use();
            assertThat(groups(browser)).contains("analysts", "Data engineers");
        });
        assertThat(browser.call("GET", origin, "/api/campanile/v1/me").statusCode())
                .isEqualTo(200);

        UserRepresentation grace = realm.users().get(id).toRepresentation();
        grace.setEnabled(false);
        realm.users().get(id).update(grace);
        await().atMost(SOON).until(() -> {
            use();
            return browser.call("GET", origin, "/api/campanile/v1/me").statusCode() == 401;
        });
        Browser again = new Browser().open(origin + "/oidc/sso/start").submit("grace", PASSWORD);
        assertThat(again.text()).contains("disabled");
    }

    @Test
    void keycloakEndsASessionByItsBackChannel() {
        String id = user("linus", true, "engineers");
        Browser browser = signedIn("linus");
        Browser other = signedIn("linus");
        assertThat(browser.call("GET", origin, "/api/campanile/v1/me").statusCode())
                .isEqualTo(200);

        realm.users().get(id).logout();

        // Nothing uses the sessions meanwhile, so that only the logout token can have ended them.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sessionsOf("linus@example.com"))
                        .as(() -> refusals() + server.said())
                        .isZero());
        await().atMost(SOON)
                .until(() -> browser.call("GET", origin, "/api/campanile/v1/me").statusCode() == 401
                        && other.call("GET", origin, "/api/campanile/v1/me").statusCode() == 401);
    }

    @Test
    void signingOutHereSignsOutThereAndComesBack() {
        user("margaret", true, "engineers");
        Browser browser = signedIn("margaret");
        browser.open(origin + "/oidc/sso/start");
        assertThat(browser.address().toString()).as("Keycloak remembers").isEqualTo(origin + "/");

        String onwards = json(browser.call("POST", origin, "/api/campanile/v1/logout"))
                .path("redirect_to")
                .asText();
        browser.open(onwards);

        assertThat(browser.address().toString()).startsWith(origin + "/login");
        browser.open(origin + "/oidc/sso/start");
        assertThat(browser.showsForm()).as("Keycloak asks again").isTrue();
    }

    @Test
    void provisioningMakesARealmOnceAndFindsTheShippedOneAsItShouldBe() {
        Provisioner provisioner = new Provisioner(admin);
        Provisioner.Wanted wanted = new Provisioner.Wanted("tenant-b", List.of(origin, "https://b.example.com"));
        Provisioner.Outcome first = provisioner.provision(wanted);
        Provisioner.Outcome second = provisioner.provision(wanted);

        assertThat(first.changes()).containsExactly("made the realm tenant-b");
        assertThat(second.changes()).isEmpty();
        assertThat(second.secret()).isEqualTo(first.secret()).hasSize(43);
        Provisioner.Outcome shipped = provisioner.provision(new Provisioner.Wanted("campanile", List.of(origin)));
        assertThat(shipped.changes()).as("the shipped realm").isEmpty();
        assertThat(shipped.secret()).isEqualTo(KeycloakServer.CLIENT_SECRET);
        assertThatThrownBy(() -> new Provisioner.Wanted("x", List.of("https://a.example/path")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void provisioningMendsWhatWasSpoilt() {
        Provisioner provisioner = new Provisioner(admin);
        Provisioner.Wanted wanted = new Provisioner.Wanted("tenant-c", List.of(origin));
        provisioner.provision(wanted);
        RealmResource spoilt = admin.realm("tenant-c");
        String id = spoilt.clients().findByClientId("campanile").get(0).getId();
        ProtocolMapperRepresentation roles = spoilt.clients().get(id).getProtocolMappers().getMappers().stream()
                .filter(mapper -> mapper.getName().equals("roles"))
                .findFirst()
                .orElseThrow();
        spoilt.clients().get(id).getProtocolMappers().delete(roles.getId());
        spoilt.clients().get(id).roles().deleteRole("admin");
        spoilt.groups()
                .group(spoilt.groups().groups("analysts", 0, 1).get(0).getId())
                .remove();

        assertThat(provisioner.provision(wanted).changes())
                .containsExactlyInAnyOrder(
                        "made the mapper roles",
                        "made the role admin",
                        "gave a group the role admin",
                        "made the group analysts");
        assertThat(provisioner.provision(wanted).changes()).isEmpty();
    }

    private static Browser signedIn(String user) {
        Browser browser = new Browser().open(origin + "/oidc/sso/start").submit(user, PASSWORD);
        assertThat(browser.address().toString()).as(browser.text()).isEqualTo(origin + "/");
        return browser;
    }

    /** Makes somebody in Keycloak, and gives their id there. */
    private static String user(String name, boolean verified, String group) {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(PASSWORD);
        password.setTemporary(false);
        UserRepresentation user = new UserRepresentation();
        user.setUsername(name);
        user.setFirstName(name);
        user.setLastName("Tester");
        user.setEmail(name.contains("@") ? name : name + "@example.com");
        user.setEmailVerified(verified);
        user.setEnabled(true);
        user.setCredentials(List.of(password));
        user.setGroups(List.of(group));
        try (Response made = realm.users().create(user)) {
            assertThat(made.getStatus()).isEqualTo(201);
            String path = made.getLocation().getPath();
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    private static List<String> groups(Browser browser) {
        return json(browser.call("GET", origin, "/api/2.0/preview/scim/v2/Me"))
                .path("groups")
                .findValuesAsText("display");
    }

    /** Use is written down once a minute; here a minute has passed for all sessions that are there. */
    private static void use() {
        database(statement ->
                statement.executeUpdate("update login_session set last_used_at = now() + interval '1 second'"));
    }

    /** What identity has refused of the provider, for a failure. */
    private static String refusals() {
        StringBuilder found = new StringBuilder();
        database(statement -> {
            try (var rows = statement.executeQuery(
                    "select action, outcome, resource, details from audit_event order by event_id desc limit 8")) {
                while (rows.next()) {
                    found.append(rows.getString(1))
                            .append(' ')
                            .append(rows.getString(2))
                            .append(' ');
                    found.append(rows.getString(3))
                            .append(' ')
                            .append(rows.getString(4))
                            .append('\n');
                }
                return 0;
            }
        });
        return found.toString();
    }

    private static int sessionsOf(String user) {
        return database(statement -> {
            try (var found = statement.executeQuery("select count(*) from login_session l join account a"
                    + " on a.workspace_id = l.workspace_id and a.user_id = l.user_id where a.login_name = '"
                    + user + "'")) {
                found.next();
                return found.getInt(1);
            }
        });
    }

    private interface Work {
        int with(Statement statement) throws SQLException;
    }

    private static int database(Work work) {
        var settings = test.environment().database();
        try (var connection = DriverManager.getConnection(
                        settings.jdbcUrl(), settings.user(), settings.password().value());
                var statement = connection.createStatement()) {
            connection.setSchema("identity");
            return work.with(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.read(response.body(), JsonNode.class);
    }

    private static <T> T ready(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
