package io.campanile.identity.testing;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.http.InternalClient;
import io.campanile.common.json.Json;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.identity.IdentityConfig;
import io.campanile.identity.IdentityServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** A real identity service with two workspaces, each with an administrator and a user, called as the gateway calls. */
public final class DirectoryFixture implements AutoCloseable {
    public final TestEnvironment test;
    public final IdentityServer identity;
    public final Caller admin;
    public final Caller user;
    public final Caller otherAdmin;
    public final Caller otherUser;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Starts everything: about two seconds. */
    public DirectoryFixture(Path dataDir) throws Exception {
        this(dataDir, IdentityConfig.defaults());
    }

    /** The same with settings of its own. */
    public DirectoryFixture(Path dataDir, IdentityConfig config) throws Exception {
        test = new TestEnvironment(dataDir);
        identity = IdentityServer.start(test.environment(), config)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        test.announce("identity", identity.port());
        JsonNode first = internal("/internal/bootstrap", Map.of("user", "Admin@example.com"));
        JsonNode second = internal("/internal/workspaces", Map.of("name", "Other", "user", "eve@example.com"));
        admin = caller(first, new Rights(true, true, Set.of(), Set.of()));
        otherAdmin = caller(second, Rights.ADMIN);
        user = person(admin, "bob@example.com");
        otherUser = person(otherAdmin, "bob@example.com");
    }

    /** A further person of a workspace, without rights. */
    public Caller person(Caller workspace, String name) {
        return caller(
                internal("/internal/users", Map.of("workspace_id", workspace.workspaceId(), "user", name)),
                Rights.NONE);
    }

    /** The client library of the public API, signed in as somebody; for a minute. */
    public WorkspaceClient sdk(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + identity.port())
                .setToken(test.bearer(caller, "identity").substring("Bearer ".length()))
                .setAuthType("pat"));
    }

    /** Asks as a service does. */
    public JsonNode internal(String path, Object body) {
        return new InternalClient(
                        test.environment().directory(), test.environment().tokens(), "identity")
                .post(Caller.service("launcher", 0, "request-of-tests"), path, body, JsonNode.class);
    }

    /** A request of a person as the gateway forwards it. {@code body}: text as it is, anything else as JSON. */
    public HttpResponse<String> send(String method, String path, @Nullable Object body, Caller caller) {
        String text = body == null ? null : body instanceof String given ? given : Json.write(body);
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + identity.port() + path))
                            .method(
                                    method,
                                    text == null
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofString(text))
                            .header("Authorization", test.bearer(caller, "identity"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The body of an answer as JSON. */
    public static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(response.body(), e);
        }
    }

    /** The tables of the service, for what no interface shows. */
    public <T> T database(java.util.function.Function<DSLContext, T> work) {
        var settings = test.environment().database();
        try (Connection connection = DriverManager.getConnection(
                settings.jdbcUrl(), settings.user(), settings.password().value())) {
            connection.setSchema("identity");
            return work.apply(DSL.using(connection, org.jooq.SQLDialect.POSTGRES));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        identity.close();
        test.close();
    }

    private static Caller caller(JsonNode made, Rights rights) {
        return new Caller(
                made.path("workspace_id").asLong(),
                made.path("user_id").asLong(),
                made.path("user").asText(),
                rights,
                null,
                "",
                "request-of-tests");
    }
}
