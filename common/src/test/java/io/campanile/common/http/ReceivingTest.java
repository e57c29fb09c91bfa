package io.campanile.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.errors.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of a real server into files, among them one that takes every byte and cannot be synced. */
final class ReceivingTest {
    private static final Path NEVER_SYNCED = Path.of("/dev/null");
    private static final int MEGABYTE = 1024 * 1024;
    private static final long LIMIT = 64L * MEGABYTE;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<Long> result = new CompletableFuture<>();
    private WorkerExecutor workers;
    private Path file;
    private long at;

    @BeforeEach
    void prepare() {
        workers = vertx.createSharedWorkerExecutor("receiving");
        file = folder.resolve("content");
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aBodyThatIsSyncedManyTimesOnItsWayIsInTheFileAsItCame() throws Exception {
        byte[] content = bytes(50 * MEGABYTE + 7);
        at = 3;
        Files.writeString(file, "abcdefgh");

        try (Socket sender = sender("Content-Length: " + content.length)) {
            sender.getOutputStream().write(content);

            assertThat(received()).isEqualTo(content.length);
        }
        byte[] found = Files.readAllBytes(file);
        assertThat(new String(found, 0, 3, StandardCharsets.US_ASCII)).isEqualTo("abc");
        assertThat(Arrays.mismatch(Arrays.copyOfRange(found, 3, found.length), content))
                .isEqualTo(-1);
    }

    @Test
    void aBodyInTheSmallestPiecesIsInTheFileAsItCame() throws Exception {
        byte[] content = bytes(200_000);

        try (Socket sender = sender("Transfer-Encoding: chunked")) {
            OutputStream out = new BufferedOutputStream(sender.getOutputStream());
            for (byte one : content) {
                out.write("1\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(one);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();

            assertThat(received()).isEqualTo(content.length);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void aSyncThatFailsWhileTheRestIsStillComingFailsTheBody() throws Exception {
        file = NEVER_SYNCED;

        try (Socket sender = sender("Content-Length: " + 40 * MEGABYTE)) {
            sender.getOutputStream().write(bytes(20 * MEGABYTE));

            assertThat(failure()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSyncThatFailsAtTheEndFailsTheBody() throws Exception {
        file = NEVER_SYNCED;

        try (Socket sender = sender("Content-Length: 10")) {
            sender.getOutputStream().write(bytes(10));

            assertThat(failure()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatCameBeforeABodyBrokeOffIsInTheFile() throws Exception {
        byte[] content = bytes(30 * MEGABYTE);

        try (Socket sender = sender("Content-Length: " + 40 * MEGABYTE)) {
            sender.getOutputStream().write(content);
            sender.shutdownOutput();

            assertThat(failure()).isInstanceOf(ApiException.class).hasMessageContaining("broke off");
        }
        byte[] found = Files.readAllBytes(file);
        assertThat(Arrays.mismatch(found, content)).isIn(-1, found.length);
        assertThat(found).hasSizeGreaterThan(20 * MEGABYTE);
    }

    @Test
    void aBodyWithMoreThanTheLimitIsRefused() throws Exception {
        try (Socket sender = sender("Transfer-Encoding: chunked")) {
            sender.getOutputStream().write((Long.toHexString(LIMIT + 1) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            sender.getOutputStream().write(bytes((int) LIMIT + 1));

            assertThat(failure()).isInstanceOf(ApiException.class).hasMessageContaining("more than " + LIMIT);
        }
    }

    private Socket sender(String header) throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(this::receive)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        Socket socket = new Socket("127.0.0.1", server.actualPort());
        socket.getOutputStream()
                .write(("PUT / HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void receive(HttpServerRequest request) {
        request.pause();
        Future<Receiving> opened =
                workers.executeBlocking(() -> new Receiving(workers, request, file, at, LIMIT), false);
        opened.compose(Receiving::run)
                .onSuccess(result::complete)
                .onFailure(result::completeExceptionally)
                // Otherwise a sender would wait for whoever reads what nobody wants any more.
                .onFailure(refused -> discard(request));
    }

    private static void discard(HttpServerRequest request) {
        if (!request.isEnded()) {
            request.handler(piece -> {}).resume();
        }
    }

    private long received() throws Exception {
        return result.get(60, TimeUnit.SECONDS);
    }

    private Throwable failure() {
        return result.orTimeout(60, TimeUnit.SECONDS)
                .handle((bytes, why) -> why instanceof CompletionException ? why.getCause() : why)
                .join();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
