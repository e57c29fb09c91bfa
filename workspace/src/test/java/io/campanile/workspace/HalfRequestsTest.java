package io.campanile.workspace;

import static io.campanile.workspace.FilesFixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Senders that go away at every moment of a request take no place with them, and leave no file. */
final class HalfRequestsTest {
    private static final int TIMES = 150;

    @Test
    void nothingIsLeftOfRequestsThatBrokeOff(@TempDir Path dataDir) throws Exception {
        List<String> faults = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (event.getLevel() == Level.ERROR) {
                    faults.add(event.getFormattedMessage() + " "
                            + (event.getThrowableProxy() == null
                                    ? ""
                                    : event.getThrowableProxy().getMessage()));
                }
            }
        };
        log.start();
        Logger root = (Logger) LoggerFactory.getLogger("ROOT");
        root.addAppender(log);
        try (NodeOnBucket bucket = new NodeOnBucket();
                FilesFixture platform = new FilesFixture(dataDir, NodeOnBucket.config(bucket.port()))) {
            platform.test.announce("workspace", platform.port());
            platform.volume(ALICE, "v");
            String node = NodeOnBucket.access(
                    platform.port(), platform.test.environment().tokens(), ALICE, dataDir, dataDir.resolve("access"));
            String person = platform.test.bearer(ALICE, "workspace");
            for (int i = 0; i < TIMES; i++) {
                broken(platform, "PUT /api/2.0/fs/files/Volumes/main/default/v/half/" + i, person, 2_000_000, i);
                broken(
                        platform,
                        "PUT /node/v1/files/content?path=/half/n" + i + "&mark=m",
                        "Bearer " + node,
                        2_000_000,
                        i);
                broken(platform, "POST /api/2.0/workspace/import", person, 2_000_000, i);
                broken(platform, "POST /api/2.0/workspace/mkdirs", person, 2_000_000, i);
                broken(platform, "GET /api/2.0/fs/directories/Volumes/main/default/v", person, 0, i);
            }

            // What is walked over may be deleted at that moment.
            await().atMost(Duration.ofSeconds(120))
                    .ignoreException(UncheckedIOException.class)
                    .untilAsserted(() -> {
                        try (Stream<Path> staged = Files.walk(dataDir)) {
                            assertThat(staged.filter(Files::isRegularFile)
                                            .map(file ->
                                                    dataDir.relativize(file).toString())
                                            .filter(file -> file.contains("staging")
                                                    || file.contains("draft")
                                                    || file.contains("spool")))
                                    .isEmpty();
                        }
                    });
            for (int i = 0; i < 70; i++) {
                assertThat(platform.send(ALICE, "PUT", "/api/2.0/fs/files/Volumes/main/default/v/whole/" + i, "x")
                                .statusCode())
                        .isEqualTo(204);
            }
            assertThat(faults).isEmpty();
        } finally {
            root.detachAppender(log);
        }
    }

    /** Sends a part of a request and goes away: at once, after a moment, or with a reset. */
    private static void broken(FilesFixture platform, String line, String bearer, int length, int how)
            throws IOException {
        try (Socket socket = new Socket("127.0.0.1", platform.port())) {
            socket.setTcpNoDelay(true);
            if (how % 2 == 0) {
                socket.setSoLinger(true, 0);
            }
            String head = line + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + bearer + "\r\nContent-Length: " + length
                    + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            if (length > 0 && how % 3 > 0) {
                socket.getOutputStream().write(new byte[how % 3 == 1 ? 10 : 100_000]);
            }
            if (how % 5 == 0) {
                socket.getOutputStream().flush();
                java.util.concurrent.locks.LockSupport.parkNanos(2_000_000L * (how % 7));
            }
        }
    }
}
