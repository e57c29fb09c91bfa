package io.campanile.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.http.InternalClient;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.credentials.Passwords;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of the first version, with people in it, becomes one of this version, and everybody still gets in. */
final class MigrationTest {
    private static final String PASSWORD = "the password of before";

    @TempDir
    Path dataDir;

    private TestEnvironment test;
    private IdentityServer identity;
    private final Minted token = Minted.create("dapi");
    private final Minted session = Minted.create("");

    @BeforeEach
    void start() throws Exception {
        test = new TestEnvironment(dataDir);
        firstVersion(test.environment());
        identity = IdentityServer.start(test.environment())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        test.announce("identity", identity.port());
    }

    @AfterEach
    void stop() {
        identity.close();
        test.close();
    }

    @Test
    void everybodyStillGetsInAsWhoTheyWere() {
        JsonNode signedIn = internal("/internal/login", Map.of("user", "ADA@example.com", "password", PASSWORD));
        JsonNode byToken = internal("/internal/authenticate", Map.of("kind", "pat", "secret", token.value()));
        JsonNode bySession = internal("/internal/authenticate", Map.of("kind", "session", "secret", session.value()));

        assertThat(signedIn.path("user_id").asLong()).isEqualTo(2000001);
        assertThat(signedIn.path("workspace_id").asLong()).isEqualTo(1000001);
        assertThat(signedIn.path("admin").asBoolean()).isTrue();
        assertThat(byToken.path("rights").path("admin").asBoolean()).isTrue();
        assertThat(byToken.path("rights").path("account_admin").asBoolean()).isTrue();
        assertThat(byToken.path("rights").path("entitlements").toString()).contains("workspace-access");
        assertThat(bySession.path("user_id").asLong()).isEqualTo(2000002);
        assertThat(bySession.path("rights").path("admin").asBoolean()).isFalse();
        assertThat(bySession.path("rights").path("account_admin").asBoolean()).isFalse();
    }

    @Test
    void theInstallationIsKnownAndNewPeopleGetNumbersOfTheirOwn() {
        JsonNode again = internal("/internal/bootstrap", Map.of("user", "somebody@example.com"));
        JsonNode made = internal("/internal/users", Map.of("workspace_id", 1000001, "user", "new@example.com"));
        JsonNode found = internal("/internal/principals", Map.of("ids", new long[] {2000001, 3000001}));

        assertThat(again.path("user").asText()).isEqualTo("Ada@example.com");
        assertThat(again.has("password")).isFalse();
        assertThat(made.path("user_id").asLong()).isGreaterThan(4000000);
        assertThat(found.path("principals").findValuesAsText("name")).containsExactly("Ada@example.com", "admins");
    }

    private JsonNode internal(String path, Object body) {
        InternalTokens tokens = test.environment().tokens();
        return new InternalClient(test.environment().directory(), tokens, "identity")
                .post(Caller.service("launcher", 1000001, "request-1"), path, body, JsonNode.class);
    }

    private void firstVersion(ServiceEnvironment environment) throws Exception {
        DatabaseSettings settings = environment.database();
        Flyway.configure()
                .dataSource(
                        settings.jdbcUrl(), settings.user(), settings.password().value())
                .schemas("identity")
                .defaultSchema("identity")
                .locations("classpath:db/migration/identity")
                .target("1")
                .load()
                .migrate();
        String hash = new Passwords(1).hash(PASSWORD);
        try (Connection connection = DriverManager.getConnection(
                settings.jdbcUrl(), settings.user(), settings.password().value())) {
            connection.setSchema("identity");
            var db = DSL.using(connection, SQLDialect.POSTGRES);
            db.execute("insert into workspace (name, created_at) values ('Campanile', now())");
            for (String name : new String[] {"Ada@example.com", "Bob@example.com"}) {
                db.execute(
                        "insert into account (workspace_id, user_name, login_name, display_name, password_hash, active,"
                                + " created_at) values (1000001, ?, lower(?), 'shown', ?, true, now())",
                        name,
                        name,
                        hash);
            }
            db.execute("insert into user_group (workspace_id, name) values (1000001, 'admins'), (1000001, 'users')");
            db.execute("insert into group_member values (1000001, 3000001, 2000001), (1000001, 3000002, 2000001),"
                    + " (1000001, 3000002, 2000002)");
            db.execute(
                    "insert into access_token values (?, 1000001, 2000001, ?, ?, '', now(), now() + interval '1 day',"
                            + " null)",
                    "0".repeat(64),
                    token.lookup(),
                    token.hash());
            db.execute(
                    "insert into login_session values (?, 1000001, 2000002, ?, ?, '127.0.0.1', now(), now(),"
                            + " now() + interval '1 day')",
                    "0".repeat(32),
                    session.lookup(),
                    session.hash());
            db.execute("insert into installation values (1, 1000001, 2000001, now())");
        }
    }
}
