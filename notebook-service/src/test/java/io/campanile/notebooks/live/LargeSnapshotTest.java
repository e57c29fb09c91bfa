package io.campanile.notebooks.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a tab is shown of a notebook that has more than a page can hold, and what an export has of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LargeSnapshotTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final int MEBIBYTE = 1024 * 1024;

    private TestEnvironment test;
    private ServiceHttp workspace;
    private NotebookServer server;
    /** Held, because a client that nobody holds is closed by the garbage collector, its connections too. */
    private WebSocketClient client;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        client = test.environment().vertx().createWebSocketClient();
        workspace = new ServiceHttp("workspace", test.environment(), 1 << 20, () -> true);
        Endpoints api = workspace.endpoints();
        api.get(
                "/internal/objects/:id/access",
                Requires.service("objects.access", "notebook"),
                (caller, x) -> Map.of(
                        "object_id",
                        Endpoints.longParam(x, "id"),
                        "path",
                        "/n",
                        "object_type",
                        "NOTEBOOK",
                        "language",
                        "PYTHON",
                        "permission",
                        "CAN_MANAGE"));
        api.handle(
                HttpMethod.POST,
                "/internal/objects/changes",
                Requires.service("objects.changes", "object"),
                (caller, x) -> Map.of("changes", Map.of("1", 1)));
        api.handle(
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
    }

    @AfterAll
    void stop() {
        server.close();
        workspace.close();
        test.close();
    }

    @Test
    void aPageHasAsManyOutputsAsItCanHoldAndIsToldOfTheOthers() throws Exception {
        ObjectNode document = document(12, 10, MEBIBYTE);
        assertThat(put(200, document)).isEqualTo(200);

        HttpResponse<String> shown = call(ALICE, "GET", "/api/campanile/v1/notebooks/200", "");
        JsonNode exported = Json.read(
                call(ALICE.via("workspace"), "GET", "/internal/notebooks/200?outputs=true", "")
                        .body(),
                JsonNode.class);

        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.body()).hasSizeLessThan(9 * MEBIBYTE);
        long left = 0;
        JsonNode outputs = Json.read(shown.body(), JsonNode.class).path("outputs");
        assertThat(outputs).hasSize(12);
        for (JsonNode run : outputs) {
            JsonNode first = run.path(0);
            boolean elided = first.path("kind").asText().equals("elided");
            left += elided ? 1 : 0;
            assertThat(first.path(elided ? "bytes" : "n").asLong()).isPositive();
        }
        assertThat(left).isEqualTo(5);
        assertThat(exported.path("cells")).hasSize(12);
        for (int i = 0; i < 12; i++) {
            assertThat(exported.path("cells").path(i).path("outputs"))
                    .isEqualTo(document.path("cells").path(i).path("outputs"));
        }
    }

    @Test
    void aTextNoPageCanHoldIsRefusedInWords() throws Exception {
        assertThat(put(201, document(4, 2 * MEBIBYTE, 1))).isEqualTo(200);
        List<JsonNode> heard = new CopyOnWriteArrayList<>();

        HttpResponse<String> read = call(ALICE, "GET", "/api/campanile/v1/notebooks/201", "");
        WebSocket socket = client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(server.port())
                        .setURI("/ws/v1")
                        .addHeader("Authorization", test.bearer(ALICE, "notebook-service")))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        socket.textMessageHandler(text -> heard.add(Json.read(text, JsonNode.class)));
        socket.writeTextMessage("{\"ch\":\"nb:201\",\"t\":\"sub\",\"rev\":0}");

        assertThat(read.statusCode()).isEqualTo(400);
        assertThat(read.body()).contains("MAX_NOTEBOOK_SIZE_EXCEEDED").contains("at most");
        await().until(() ->
                heard.stream().anyMatch(frame -> frame.path("t").asText().equals("gone")));
        assertThat(heard.get(heard.size() - 1).path("error_code").asText()).isEqualTo("MAX_NOTEBOOK_SIZE_EXCEEDED");
        socket.close();
    }

    @Test
    void aDocumentWithTooManyCellsOrTooMuchTextIsRefusedWhileItIsRead() throws Exception {
        assertThat(put(202, document(10_001, 1, 0))).isEqualTo(400);
        assertThat(put(202, document(10, 5 * MEBIBYTE, 0))).isEqualTo(400);

        assertThat(call(ALICE.via("workspace"), "GET", "/internal/notebooks/202", "")
                        .statusCode())
                .isEqualTo(404);
    }

    private static ObjectNode document(int cells, int text, int output) {
        ObjectNode document =
                Json.MAPPER.createObjectNode().put("language", "PYTHON").put("replace", false);
        ArrayNode list = document.putArray("cells");
        for (int i = 0; i < cells; i++) {
            ObjectNode cell = list.addObject()
                    .put("id", "c" + i)
                    .put("type", "code")
                    .put("language", "PYTHON")
                    .put("source", "x".repeat(text));
            if (output > 0) {
                cell.putArray("outputs")
                        .addObject()
                        .put("output_type", "stream")
                        .put("name", "stdout")
                        .put("text", "o".repeat(100));
                ObjectNode picture =
                        ((ArrayNode) cell.path("outputs")).addObject().put("output_type", "display_data");
                picture.putObject("data").put("image/png", "A".repeat(output));
                picture.putObject("metadata");
            }
        }
        return document;
    }

    private int put(long notebook, ObjectNode document) throws Exception {
        return call(ALICE.via("workspace"), "PUT", "/internal/notebooks/" + notebook, Json.write(document))
                .statusCode();
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
