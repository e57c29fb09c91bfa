package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.json.Json;
import io.campanile.common.testing.TestDatabase;
import io.campanile.node.files.dbfs.DbfsSettings;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The workspace service is killed with -9 under a node that reads and writes: a pause, and nothing half of anything. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NodeFilesCrashTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final int MEGABYTE = 1024 * 1024;

    private final DatabaseSettings database = TestDatabase.create();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private java.nio.file.Path dataDir;
    private NodeOnBucket bucket;
    private Process process;
    private FileSystem fs;
    private int port;

    @BeforeAll
    void start(@TempDir java.nio.file.Path folder) throws Exception {
        dataDir = folder;
        bucket = new NodeOnBucket();
        Files.createDirectories(folder.resolve("run"));
        launch();
        java.nio.file.Path access = folder.resolve("access.json");
        NodeOnBucket.access(port, new InternalTokens(FilesCrashMain.KEY, Clock.systemUTC()), ALICE, folder, access);
        DbfsSettings.attach(folder.resolve("files/1").toString(), access.toString());
        fs = DbfsContract.fileSystem();
    }

    @AfterAll
    void stop() throws Exception {
        threads.shutdownNow();
        kill();
        bucket.close();
    }

    @Test
    void aFileThatIsBeingWrittenIsWholeInTheEnd() throws Exception {
        byte[] bytes = random(80);
        Path path = new Path("/crash/written");
        AtomicLong written = new AtomicLong();
        Future<Boolean> writer = threads.submit(() -> {
            try (FSDataOutputStream out = fs.create(path)) {
                for (int at = 0; at < bytes.length; at += MEGABYTE) {
                    out.write(bytes, at, MEGABYTE);
                    written.addAndGet(MEGABYTE);
                }
            }
            return true;
        });
        for (int round = 1; round <= 3; round++) {
            await().atMost(Duration.ofSeconds(60)).until(reached(written, round * 18L * MEGABYTE));
            kill();
            launch();
            assertThat(writer.isDone()
                            || !fs.exists(path)
                            || fs.getFileStatus(path).getLen() == bytes.length)
                    .as("whole or not there")
                    .isTrue();
        }

        assertThat(writer.get(2, TimeUnit.MINUTES)).isTrue();
        assertThat(Arrays.equals(read(path, new AtomicLong()), bytes)).isTrue();
    }

    @Test
    void aFileThatIsBeingReadIsReadToItsEnd() throws Exception {
        byte[] bytes = random(60);
        Path path = new Path("/crash/read");
        try (FSDataOutputStream out = fs.create(path)) {
            out.write(bytes);
        }
        AtomicLong read = new AtomicLong();
        Future<byte[]> reader = threads.submit(() -> read(path, read));
        for (int round = 1; round <= 2; round++) {
            await().atMost(Duration.ofSeconds(60)).until(reached(read, round * 15L * MEGABYTE));
            kill();
            launch();
        }

        assertThat(Arrays.equals(reader.get(2, TimeUnit.MINUTES), bytes)).isTrue();
    }

    @Test
    void aFolderThatIsBeingRenamedIsAtItsNewPlaceInTheEnd() throws Exception {
        for (int i = 0; i < 40; i++) {
            try (FSDataOutputStream out = fs.create(new Path("/crash/from/" + i % 4 + "/" + i))) {
                out.write(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
            }
        }
        Path target = new Path("/crash/to");
        Future<Boolean> rename = threads.submit(() -> fs.rename(new Path("/crash/from"), target));
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> fs.exists(target));
        kill();
        launch();

        assertThat(rename.get(2, TimeUnit.MINUTES)).isTrue();
        assertThat(fs.exists(new Path("/crash/from"))).isFalse();
        for (int i = 0; i < 40; i++) {
            assertThat(read(new Path("/crash/to/" + i % 4 + "/" + i), new AtomicLong()))
                    .isEqualTo(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatNobodyClosedIsNotThere() throws Exception {
        Path path = new Path("/crash/abandoned");
        FSDataOutputStream out = fs.create(path);
        out.write(random(20));
        kill();
        launch();

        assertThat(fs.exists(path)).isFalse();
    }

    private static Callable<Boolean> reached(AtomicLong count, long wanted) {
        return () -> count.get() >= wanted;
    }

    private static byte[] random(int megabytes) {
        byte[] bytes = new byte[megabytes * MEGABYTE];
        new Random(megabytes).nextBytes(bytes);
        return bytes;
    }

    private byte[] read(Path path, AtomicLong count) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[MEGABYTE];
        try (FSDataInputStream in = fs.open(path)) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                all.write(piece, 0, read);
                count.addAndGet(read);
            }
        }
        return all.toByteArray();
    }

    private void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private void launch() throws Exception {
        process = new ProcessBuilder(
                        java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FilesCrashMain.class.getName(),
                        dataDir.toString(),
                        database.jdbcUrl(),
                        database.user(),
                        database.password().value(),
                        Integer.toString(bucket.port()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("PORT ")) {
            line = out.readLine();
        }
        assertThat(line).as("the service started").isNotNull();
        port = Integer.parseInt(line.substring("PORT ".length()));
        Thread drain = new Thread(() -> out.lines().forEach(any -> {}));
        drain.setDaemon(true);
        drain.start();
        // A service keeps its port; this one has another each time, as after a move.
        java.nio.file.Path draft = dataDir.resolve("run/endpoints.draft");
        Files.writeString(draft, Json.write(Map.of("workspace", "http://127.0.0.1:" + port)));
        Files.move(
                draft,
                dataDir.resolve("run/endpoints.json"),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
