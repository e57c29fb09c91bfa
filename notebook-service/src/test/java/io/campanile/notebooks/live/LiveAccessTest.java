package io.campanile.notebooks.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.notebooks.NotebookConfig;
import io.campanile.notebooks.NotebookServer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an open socket hears when access is given and taken, with a workspace service in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LiveAccessTest {
    private static final long NOTEBOOK = 100;
    private static final long TEAM = 50;
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");

    /** Levels by principal: a user's or a group's id. */
    private final Map<Long, String> grants = new ConcurrentHashMap<>();

    private final AtomicLong changes = new AtomicLong();
    private TestEnvironment test;
    private ServiceHttp workspace;
    private NotebookServer server;
    private Database database;
    /** Held, because a client that nobody holds is closed by the garbage collector, its connections too. */
    private WebSocketClient client;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        client = test.environment().vertx().createWebSocketClient();
        workspace = new ServiceHttp("workspace", test.environment(), 1 << 20, () -> true);
        workspace
                .endpoints()
                .get("/internal/objects/:id/access", Requires.service("objects.access", "notebook"), (caller, x) -> {
                    String level = grants.entrySet().stream()
                            .filter(grant -> grant.getKey() == caller.userId()
                                    || caller.groups().contains(grant.getKey()))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElseThrow(() -> ApiException.notFound("Object 100 doesn't exist."));
                    return Map.of(
                            "object_id",
                            Endpoints.longParam(x, "id"),
                            "path",
                            "/n",
                            "object_type",
                            "NOTEBOOK",
                            "language",
                            "JAVA",
                            "permission",
                            level);
                });
        workspace
                .endpoints()
                .handle(
                        HttpMethod.POST,
                        "/internal/objects/changes",
                        Requires.service("objects.changes", "object"),
                        (caller, x) -> Map.of("changes", Map.of("1", changes.get())));
        workspace
                .endpoints()
                .handle(
                        HttpMethod.POST,
                        "/internal/objects/:id/touched",
                        Requires.service("objects.touched", "notebook"),
                        (caller, x) -> Map.of());
        workspace.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        test.announce("workspace", workspace.port());
        server = NotebookServer.start(test.environment(), NotebookConfig.defaults())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        database = Database.open(test.environment().database(), "notebook_service", "notebook-service");
        grants.put(ALICE.userId(), "CAN_MANAGE");
        call(
                ALICE.via("workspace"),
                "PUT",
                "/internal/notebooks/" + NOTEBOOK,
                "{\"language\":\"JAVA\",\"cells\":[{\"id\":\"c1\",\"type\":\"code\",\"source\":\"1\"}]}");
    }

    @AfterAll
    void stop() {
        database.close();
        server.close();
        workspace.close();
        test.close();
    }

    @Test
    void aRevokedGrantEndsTheSubscriptionWithinFiveSeconds() throws Exception {
        grants.put(BOB.userId(), "CAN_READ");
        List<JsonNode> heard = subscribed(BOB);
        // The first look at a workspace is over: what follows is found by the number alone.
        await().pollDelay(Duration.ofMillis(2_500)).until(() -> true);

        grants.remove(BOB.userId());
        changes.incrementAndGet();

        await().atMost(Duration.ofSeconds(5)).until(() -> last(heard).equals("gone"));
        assertThat(heard.get(heard.size() - 1).path("message").asText())
                .isEqualTo("You no longer have access to this notebook");
    }

    @Test
    void whatIsRememberedOfOneSetOfGroupsIsNotTakenForAnother() throws Exception {
        Caller carol = new Caller(1, 10, "carol@example.com", false, null, "request-1");
        Caller inTeam = carol.with(new Rights(false, false, Set.of(TEAM), Set.of()));
        grants.put(TEAM, "CAN_RUN");
        String route = "/api/campanile/v1/notebooks/" + NOTEBOOK;

        assertThat(call(inTeam, "GET", route, "").statusCode()).isEqualTo(200);
        assertThat(call(carol, "GET", route, "").statusCode()).isEqualTo(404);
        assertThat(call(inTeam, "GET", route, "").statusCode()).isEqualTo(200);
    }

    @Test
    void runsCancelsAndRefusalsOfASocketAreInTheAuditLog() throws Exception {
        Caller dave = new Caller(1, 11, "dave@example.com", false, null, "request-1");
        Caller reader = new Caller(1, 12, "reader@example.com", false, null, "request-1");
        grants.put(dave.userId(), "CAN_RUN");
        grants.put(reader.userId(), "CAN_READ");
        List<JsonNode> heard = new CopyOnWriteArrayList<>();
        WebSocket socket = open(dave, heard);

        socket.writeTextMessage(frame("run", ",\"id\":\"r-1\",\"cells\":[\"c1\"]"));
        await().until(() -> last(heard).equals("run") || heard.toString().contains("run_ack"));
        socket.writeTextMessage(frame("run", ",\"id\":\"r-1\",\"cells\":[\"c1\"]"));
        socket.writeTextMessage(frame("cancel", ""));
        List<JsonNode> refused = new CopyOnWriteArrayList<>();
        WebSocket readers = open(reader, refused);
        for (int i = 0; i < 5; i++) {
            readers.writeTextMessage(frame("run", ",\"id\":\"r-" + i + "\",\"cells\":[\"c1\"]"));
        }

        await().untilAsserted(() -> assertThat(audited(dave.userId()))
                .containsExactly("notebooks.run DONE notebook/100", "notebooks.cancel DONE notebook/100"));
        await().untilAsserted(() ->
                assertThat(audited(reader.userId())).containsExactly("notebooks.run DENIED notebook/100"));
        await().until(() -> refused.stream()
                        .filter(node -> node.path("t").asText().equals("run_nack"))
                        .count()
                == 5);
        assertThat(audited(reader.userId())).hasSize(1);
    }

    private List<String> audited(long user) {
        return database.acrossWorkspaces("a test")
                .fetch("select action || ' ' || outcome || ' ' || resource from audit_event"
                        + " where workspace_id = 1 and user_id = " + user + " order by event_id")
                .into(String.class);
    }

    private static String frame(String type, String rest) {
        return "{\"ch\":\"nb:100\",\"t\":\"" + type + "\"" + rest + "}";
    }

    private List<JsonNode> subscribed(Caller caller) throws Exception {
        List<JsonNode> heard = new CopyOnWriteArrayList<>();
        open(caller, heard);
        return heard;
    }

    private WebSocket open(Caller caller, List<JsonNode> heard) throws Exception {
        WebSocket socket = client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(server.port())
                        .setURI("/ws/v1")
                        .addHeader("Authorization", test.bearer(caller, "notebook-service")))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        socket.textMessageHandler(text -> heard.add(Json.read(text, JsonNode.class)));
        socket.writeTextMessage(frame("sub", ",\"rev\":0"));
        await().until(() ->
                heard.stream().anyMatch(node -> node.path("t").asText().equals("snapshot")));
        return socket;
    }

    private static String last(List<JsonNode> heard) {
        return heard.get(heard.size() - 1).path("t").asText();
    }

    private HttpResponse<String> call(Caller caller, String method, String path, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .header("Authorization", test.bearer(caller, "notebook-service"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
