package io.campanile.node.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the client takes what may go wrong on the way, on a server that says what it is told to. */
final class PlatformFilesTest {
    private static final String BUSY = "503 {\"error_code\":\"TEMPORARILY_UNAVAILABLE\",\"message\":\"too many\"}";
    private static final String FILE = "200 {\"path\":\"/a/b\",\"is_directory\":false,\"size\":3,\"etag\":\"e\"}";

    @TempDir
    Path folder;

    private final Queue<String> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private Path access;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + exchange.getRequestURI());
            String answer = answers.remove();
            byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Path endpoints = Files.writeString(
                folder.resolve("endpoints.json"),
                "{\"workspace\":\"http://127.0.0.1:" + server.getAddress().getPort() + "\"}");
        access = folder.resolve("access.json");
        token("one", endpoints);
    }

    private void token(String token, Path endpoints) throws IOException {
        Files.writeString(access, "{\"token\":\"" + token + "\",\"endpoints_file\":\"" + endpoints + "\"}");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private PlatformFiles files(Duration patience) {
        return new PlatformFiles(new FilesAccess(access), patience);
    }

    @Test
    void aServiceThatIsBusyIsAskedAgain() throws IOException {
        answers.addAll(List.of(BUSY, "500 oops", FILE));

        assertThat(files(Duration.ofSeconds(20)).find("/a/b")).contains(new FileEntry("/a/b", false, 3, 0));
        assertThat(asked).hasSize(3).containsOnly("Bearer one /node/v1/files/status?path=%2Fa%2Fb");
    }

    @Test
    void aServiceThatStaysAwayIsAnErrorThatNamesThePath() {
        server.stop(0);

        assertThatThrownBy(() -> files(Duration.ofMillis(700)).find("/a/b"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("/a/b: the workspace's files cannot be reached at the moment");
    }

    @Test
    void aNodeWithoutAccessWaitsForItAndThenSaysSo() throws IOException {
        Files.delete(access);

        assertThatThrownBy(() -> files(Duration.ofMillis(300)).find("/a/b"))
                .hasMessageContaining("/a/b")
                .hasMessageContaining("no access to them yet");
    }

    @Test
    void aTokenThatEndedIsReadAnew() throws IOException {
        answers.addAll(List.of("401 {\"error_code\":\"UNAUTHENTICATED\"}", FILE));
        PlatformFiles files = files(Duration.ofSeconds(20));
        Path endpoints = folder.resolve("endpoints.json");

        Thread renewal = new Thread(() -> {
            while (asked.isEmpty()) {
                Thread.onSpinWait();
            }
            try {
                token("two", endpoints);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        renewal.start();

        assertThat(files.find("/a/b")).isPresent();
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatIsRefusedIsNotAskedAgain() {
        answers.add("403 {\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no grant\"}");

        assertThatThrownBy(() -> files(Duration.ofSeconds(20)).list("/a"))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("no grant");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aDeletionWhoseAnswerWasLostWasADeletion() throws IOException {
        answers.addAll(List.of(BUSY, "200 {\"deleted\":false}", "200 {\"deleted\":false}"));
        PlatformFiles files = files(Duration.ofSeconds(20));

        assertThat(files.delete("/a/b", false)).isTrue();
        assertThat(files.delete("/a/b", false)).isFalse();
    }

    @Test
    void aFileWhoseWritingFailedIsNotPutThere() throws IOException {
        answers.add("200 {}");
        var out = files(Duration.ofMillis(300)).create("/a/b", true);
        for (int i = 0; i < 3; i++) {
            answers.add(BUSY);
        }
        answers.addAll(List.of(BUSY, BUSY, BUSY, BUSY));

        assertThatThrownBy(() -> out.write(new byte[9 * 1024 * 1024])).hasMessageContaining("/a/b");
        assertThatThrownBy(() -> out.write(1)).hasMessageContaining("was not written");
        assertThatThrownBy(out::close).hasMessageContaining("was not written");
        assertThat(asked).noneMatch(request -> request.contains("content") || request.contains("complete"));
    }
}
