package io.campanile.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.testing.AuditWalk;
import io.campanile.common.testing.AuditWalk.Call;
import io.campanile.common.testing.OtherTenant;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.notebooks.compute.ClusterState;
import io.campanile.notebooks.runs.FakeClusters;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route that changes something writes one row of the audit log, and touches no other workspace. */
final class NotebookAuditTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    private static final String NOTEBOOK = "/api/campanile/v1/notebooks/100";
    private static final String ROUTE = "/api/campanile/v1/notebooks/:object_id";

    private static final String CONTEXT = "{\"clusterId\":\"c-1\",\"language\":\"sql\"}";

    private final AtomicInteger names = new AtomicInteger();
    private TestEnvironment test;
    private final FakeClusters clusters = new FakeClusters();
    private ServiceHttp workspace;
    private ServiceHttp manager;
    private NotebookServer server;
    private OtherTenant other;
    private AuditWalk walk;

    @BeforeEach
    void start(@TempDir Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        workspace = new ServiceHttp("workspace", test.environment(), 1 << 20, () -> true);
        workspace
                .endpoints()
                .get("/internal/objects/:id/access", Requires.service("objects.access", "notebook"), (caller, x) -> {
                    String level = caller.userId() == ALICE.userId() ? "CAN_MANAGE" : "CAN_READ";
                    long id = Endpoints.longParam(x, "id");
                    return Map.of("object_id", id, "path", "/n", "object_type", "NOTEBOOK", "permission", level);
                });
        workspace
                .endpoints()
                .handle(
                        HttpMethod.POST,
                        "/internal/objects/:id/touched",
                        Requires.service("objects.touched", "notebook"),
                        (caller, x) -> Map.of());
        workspace.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        test.announce("workspace", workspace.port());
        clusters.put("c-1", 1, ALICE.userId(), ClusterState.RUNNING, 1, "");
        manager = new ServiceHttp("cluster-manager", test.environment(), 1 << 20, () -> true);
        Requires read = Requires.service("clusters.read", "cluster");
        manager.endpoints()
                .get(
                        "/internal/clusters/changes",
                        read,
                        (caller, x) -> clusters.changes(Endpoints.longParam(x, "since"), Duration.ofMillis(500)));
        manager.endpoints().get("/internal/clusters/:id", read, (caller, x) -> clusters.get(caller, x.pathParam("id")));
        manager.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        test.announce("cluster-manager", manager.port());
        server = NotebookServer.start(test.environment(), NotebookConfig.defaults())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        other = new OtherTenant(test.environment().database(), "notebook_service", 1, 77);
        walk = new AuditWalk(test, "notebook-service", server.port())
                .stranger(BOB)
                .beside(other);
        cells();
        walk.ok(ALICE, "POST", NOTEBOOK + "/attachments", "GIF89a");
    }

    @AfterEach
    void stop() {
        other.close();
        server.close();
        workspace.close();
        manager.close();
        test.close();
    }

    @Test
    void everyRouteThatChangesSomethingWritesOneRowAndRefusalsDoToo() {
        walk.calls(
                "POST " + ROUTE + "/attachments",
                ALICE,
                () -> new Call(NOTEBOOK + "/attachments", "GIF89a" + names.incrementAndGet()));
        walk.calls("POST " + ROUTE + "/versions", ALICE, () -> new Call(NOTEBOOK + "/versions", name()));
        walk.calls("PATCH " + ROUTE + "/versions/:version_id", ALICE, () -> new Call(version(), name()));
        walk.calls("DELETE " + ROUTE + "/versions/:version_id", ALICE, () -> new Call(version(), ""));
        walk.calls(
                "POST " + ROUTE + "/restore",
                ALICE,
                () -> new Call(
                        NOTEBOOK + "/restore",
                        "{\"revision\":0,\"request_id\":\"r-" + names.incrementAndGet() + "\"}"));
        commands();

        assertThat(walk.problems()).isEmpty();
        assertThat(other.seen())
                .contains(
                        "attachment",
                        "audit_event",
                        "cell_run",
                        "command_context",
                        "notebook",
                        "notebook_cell",
                        "notebook_op",
                        "notebook_snapshot",
                        "notebook_version");
    }

    @Test
    void noAnswerChangesWithTheRowsOfAnotherWorkspace() {
        version();

        assertThat(walk.problemsOfReading(
                        ALICE,
                        other,
                        NOTEBOOK,
                        NOTEBOOK + "/history",
                        NOTEBOOK + "/versions",
                        NOTEBOOK + "/diff?from=0"))
                .isEmpty();
    }

    @Test
    void nothingIsLeftOfAWorkspaceThatIsErased() {
        Path blobs = test.environment().dataDir().resolve("blobs/1");
        version();
        assertThat(blobs).exists();

        assertThat(walk.problemsOfErasure(Caller.service("identity", 1, "request-1"), other))
                .isEmpty();

        assertThat(blobs).doesNotExist();
    }

    private void commands() {
        walk.calls("POST /api/1.2/contexts/create", ALICE, () -> new Call("/api/1.2/contexts/create", CONTEXT));
        walk.calls(
                "POST /api/1.2/contexts/destroy",
                ALICE,
                () -> new Call("/api/1.2/contexts/destroy", "{" + context() + "}"));
        walk.calls(
                "POST /api/1.2/commands/execute",
                ALICE,
                () -> new Call("/api/1.2/commands/execute", "{" + context() + ",\"command\":\"select 1\"}"));
        walk.calls("POST /api/1.2/commands/cancel", ALICE, () -> new Call("/api/1.2/commands/cancel", command()));
    }

    private String context() {
        // A context that was destroyed is forgotten in the background: no change of the call that is looked at next.
        await().atMost(Duration.ofSeconds(20)).until(this::nothingIsDestroyed);
        String id = walk.ok(ALICE, "POST", "/api/1.2/contexts/create", CONTEXT)
                .path("id")
                .asText();
        return "\"clusterId\":\"c-1\",\"contextId\":\"" + id + "\"";
    }

    private boolean nothingIsDestroyed() throws SQLException {
        DatabaseSettings database = test.environment().database();
        try (Connection connection = DriverManager.getConnection(
                        database.jdbcUrl(), database.user(), database.password().value());
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "select 1 from notebook_service.command_context where state = 'destroyed'")) {
            return !found.next();
        }
    }

    private String command() {
        String context = context();
        String id = walk.ok(ALICE, "POST", "/api/1.2/commands/execute", "{" + context + ",\"command\":\"select 1\"}")
                .path("id")
                .asText();
        return "{" + context + ",\"commandId\":\"" + id + "\"}";
    }

    private void cells() {
        walk.ok(
                ALICE.via("workspace"),
                "PUT",
                "/internal/notebooks/100",
                "{\"language\":\"JAVA\",\"cells\":[{\"id\":\"c1\",\"type\":\"code\",\"source\":\"1\"}]}");
    }

    private String version() {
        return NOTEBOOK + "/versions/"
                + walk.ok(ALICE, "POST", NOTEBOOK + "/versions", name())
                        .path("version_id")
                        .asText();
    }

    private String name() {
        return "{\"name\":\"version " + names.incrementAndGet() + "\"}";
    }
}
