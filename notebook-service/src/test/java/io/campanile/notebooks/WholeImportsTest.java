package io.campanile.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import io.campanile.common.testing.TestEnvironment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import that is refused, wherever in its body, has changed nothing. */
final class WholeImportsTest {
    private static final Caller WORKSPACE =
            new Caller(1, 7, "alice@example.com", false, null, "request-1").via("workspace");

    @TempDir
    private Path dataDir;

    private TestEnvironment test;
    private NotebookServer server;

    @BeforeEach
    void start() throws Exception {
        test = new TestEnvironment(dataDir);
        server = NotebookServer.start(test.environment(), NotebookConfig.defaults())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        server.close();
        test.close();
    }

    @Test
    void outputsThatCannotBeReadLeaveTheNotebookAsItWas() throws Exception {
        String small = output("as it was");
        assertThat(send("PUT", body(false, "first", small)).statusCode()).isEqualTo(200);
        JsonNode before = read();

        // Each line may be as long; together they are a text that the reader of outputs refuses, after the cells.
        HttpResponse<String> answer = send("PUT", body(true, "second", output("x".repeat(21_000_000))));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(read()).isEqualTo(before);
        assertThat(before.path("cells").path(0).path("source").asText()).isEqualTo("first");
        assertThat(before.path("cells")
                        .path(0)
                        .path("outputs")
                        .path(0)
                        .path("text")
                        .asText())
                .isEqualTo("as it was");
        assertThat(send("PUT", body(true, "third", small)).statusCode()).isEqualTo(200);
        assertThat(read().path("cells").path(0).path("source").asText()).isEqualTo("third");
        try (Stream<Path> spools = Files.list(dataDir.resolve("spool/notebook-service"))) {
            assertThat(spools).isEmpty();
        }
    }

    @Test
    void aDiskThatDoesNotTakeThemIsSaid() throws Exception {
        assertThat(send("PUT", body(false, "first", output("1"))).statusCode()).isEqualTo(200);
        Files.delete(dataDir.resolve("spool/notebook-service"));

        HttpResponse<String> answer = send("PUT", body(true, "second", output("x".repeat(2_000_000))));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        Files.createDirectories(dataDir.resolve("spool/notebook-service"));
        assertThat(read().path("cells").path(0).path("source").asText()).isEqualTo("first");
    }

    private static String output(String text) {
        return "{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":\"" + text + "\"}";
    }

    private static String body(boolean replace, String source, String output) {
        return "{\"language\":\"JAVA\",\"replace\":" + replace + ",\"cells\":[{\"id\":\"c1\",\"type\":\"code\","
                + "\"source\":\"" + source + "\",\"outputs\":[" + output + "]}]}";
    }

    private JsonNode read() throws Exception {
        HttpResponse<String> answer = send("GET", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.MAPPER.readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://127.0.0.1:" + server.port() + "/internal/notebooks/100?outputs=true"))
                                .header("Authorization", test.bearer(WORKSPACE, "notebook-service"))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
