package io.campanile.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Secret;
import io.campanile.common.testing.SettableClock;
import io.campanile.identity.IdentityConfig;
import io.campanile.identity.sso.SsoConfig;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** A gateway and an identity service that know a provider. */
final class SsoFixture implements AutoCloseable {
    final SettableClock clock = SettableClock.running();
    final TestProvider provider;
    final GatewayFixture platform;

    SsoFixture(Path dataDir, UnaryOperator<SsoConfig> settings) throws Exception {
        provider = new TestProvider(clock);
        platform = new GatewayFixture(
                dataDir,
                GatewayConfig.defaults(),
                IdentityConfig.defaults().with(settings.apply(plain(provider.issuer()))),
                clock);
    }

    static SsoConfig plain(String issuer) {
        return config(issuer, "", "", true);
    }

    static SsoConfig config(String issuer, String groups, String workspaces, boolean passwords) {
        return new SsoConfig(
                issuer,
                "Keycloak",
                TestProvider.CLIENT,
                new Secret(TestProvider.SECRET),
                groups,
                "admin",
                workspaces,
                passwords,
                Duration.ofMinutes(5),
                Duration.ofMinutes(30));
    }

    Browser browser() {
        return new Browser();
    }

    /** Somebody over there with an address the provider has verified. */
    Map<String, Object> verified(String email) {
        return Map.of("sub", UUID.randomUUID().toString(), "email", email, "email_verified", true, "name", "A name");
    }

    /** Signs somebody in and gives the Cookie header of the session. */
    String session(Map<String, Object> person) {
        provider.person = person;
        HttpResponse<String> in = browser().signIn();
        assertThat(in.headers().firstValue("Location")).contains("/");
        return Browser.cookie(in);
    }

    JsonNode me(String cookie) {
        return GatewayFixture.json(platform.get("/api/campanile/v1/me", "Cookie", cookie));
    }

    int status(String cookie) {
        return platform.get("/api/campanile/v1/me", "Cookie", cookie).statusCode();
    }

    HttpResponse<String> asAdmin(String method, String path, @Nullable Object body) {
        return platform.send(
                method,
                path,
                body == null ? null : io.campanile.common.json.Json.write(body),
                "Authorization",
                platform.bearer());
    }

    <T> T database(java.util.function.Function<DSLContext, T> work) {
        var settings = platform.test.environment().database();
        try (var connection = DriverManager.getConnection(
                settings.jdbcUrl(), settings.user(), settings.password().value())) {
            connection.setSchema("identity");
            return work.apply(DSL.using(connection, org.jooq.SQLDialect.POSTGRES));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        platform.close();
        provider.close();
    }

    /** One browser: what it was given by the start, it shows at the callback. */
    final class Browser {
        String secret = "";
        Map<String, String> request = Map.of();

        /** Begins, and gives the state. */
        String start(String query) {
            HttpResponse<String> sent = secret.isEmpty()
                    ? platform.get("/oidc/sso/start" + query)
                    : platform.get("/oidc/sso/start" + query, "Cookie", secret);
            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
            String location = sent.headers().firstValue("Location").orElseThrow();
            assertThat(location).startsWith(provider.issuer() + "/auth?");
            secret = cookie(sent);
            request = OAuthBrowser.query(URI.create(location).getRawQuery());
            return requireNonNull(request.get("state"));
        }

        HttpResponse<String> back(Map<String, String> parameters) {
            String path = "/oidc/sso/callback?" + OAuthBrowser.form(parameters);
            return secret.isEmpty() ? platform.get(path) : platform.get(path, "Cookie", secret);
        }

        /** The whole way of a person whom the provider lets in. */
        HttpResponse<String> signIn() {
            String state = start("");
            return back(Map.of("state", state, "code", provider.authorize(request), "iss", provider.issuer()));
        }

        static String cookie(HttpResponse<String> response) {
            String set = response.headers().firstValue("Set-Cookie").orElseThrow();
            return set.substring(0, set.indexOf(';'));
        }
    }

    /** The problem that the browser was sent to our sign-in page with. */
    static String problem(HttpResponse<String> response) {
        String location = response.headers().firstValue("Location").orElse("");
        assertThat(location).as("status %d", response.statusCode()).startsWith("/login?problem=");
        assertThat(response.headers().allValues("Set-Cookie")).noneMatch(set -> set.startsWith("campanile_session"));
        return requireNonNull(OAuthBrowser.query(location.substring(location.indexOf('?') + 1))
                .get("problem"));
    }
}
