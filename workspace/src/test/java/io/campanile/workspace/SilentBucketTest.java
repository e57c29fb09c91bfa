package io.campanile.workspace;

import static io.campanile.workspace.FilesFixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that takes requests and does not answer them keeps only those waiting who ask for files. */
final class SilentBucketTest {
    /** More than the service has connections to its database. */
    private static final int WAITING = 12;

    @Test
    void whoAsksForNoFilesIsAnswered(@TempDir Path dataDir) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Socket> held = new CopyOnWriteArrayList<>();
        try (ServerSocket bucket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                FilesFixture platform = new FilesFixture(dataDir, NodeOnBucket.config(bucket.getLocalPort()))) {
            threads.execute(() -> hold(bucket, held));
            List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, WAITING)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> platform.send(
                                    ALICE, "POST", "/api/2.0/dbfs/mkdirs", "{\"path\":\"/silent/" + i + "\"}"),
                            threads))
                    .toList();
            await().until(() -> held.size() >= 4);

            for (int i = 0; i < 20; i++) {
                HttpResponse<String> answer = CompletableFuture.supplyAsync(
                                () -> platform.send(ALICE, "GET", "/api/2.0/secrets/scopes/list", ""), threads)
                        .get(Duration.ofSeconds(5).toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }

            bucket.close();
            for (Socket socket : held) {
                socket.close();
            }
            for (CompletableFuture<HttpResponse<String>> one : waiting) {
                assertThat(one.get(120, java.util.concurrent.TimeUnit.SECONDS).statusCode())
                        .isEqualTo(503);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void hold(ServerSocket bucket, List<Socket> held) {
        while (!bucket.isClosed()) {
            try {
                held.add(bucket.accept());
            } catch (java.io.IOException closed) {
                return;
            }
        }
    }
}
