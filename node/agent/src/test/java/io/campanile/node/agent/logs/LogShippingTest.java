package io.campanile.node.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.node.agent.fake.FakeServices;
import io.campanile.node.agent.fake.TestNode;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.agent.process.Redaction;
import io.campanile.node.agent.stream.Endpoints;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs of real processes on their way to a service that takes, refuses and forgets to answer. */
final class LogShippingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CANARY = "canary-5Yk2-secret";

    @TempDir
    Path folder;

    private FakeServices services;
    private final Redaction redaction = new Redaction(List.of());
    private LogShipper shipper;

    @BeforeEach
    void start() throws Exception {
        services = new FakeServices(folder.resolve("services")).start();
        Files.createDirectories(logs());
        shipper = new LogShipper(
                HttpClient.newHttpClient(),
                new Endpoints(FakeServices.endpoints(folder.resolve("services"))),
                "node.n1.s3cret",
                logs(),
                redaction);
    }

    @AfterEach
    void stop() throws Exception {
        shipper.finish(Duration.ZERO);
        services.close();
    }

    @Test
    void whatAProcessPrintsArrivesToItsLastLineOnceAndWithoutSecrets() throws Exception {
        shipper.start();
        redaction.hide(List.of(CANARY));
        Files.writeString(logs().resolve("agent.log"), "the platform's own\n");
        ChildProcess child = run("echo begun; echo token=" + CANARY + "; cat; echo \"$0\" >&2; printf 'no end'");

        await().atMost(PATIENCE).until(() -> services.logs.text("stderr").contains("token="));
        services.logs.losingAnswers = true;
        child.input().write("while answers are lost\n".getBytes(StandardCharsets.UTF_8));
        child.input().flush();
        await().atMost(PATIENCE).until(() -> services.logs.text("stderr").contains("answers are lost"));
        services.logs.losingAnswers = false;
        child.end(Duration.ofSeconds(5));
        child.exit().get();
        shipper.finish(PATIENCE);

        assertThat(services.logs.text("stderr"))
                .isEqualTo("begun\ntoken=[REDACTED]\nwhile answers are lost\nsh\nno end");
        assertThat(services.logs.streams()).containsExactly("stderr");
        assertThat(services.logs.credentials).containsOnly("Bearer node.n1.s3cret");
    }

    @Test
    void whatCannotBeSentWaitsInItsFilesAndTheLogSaysWhatWasLost() throws Exception {
        services.logs.taking = false;
        Path log = Files.writeString(logs().resolve("driver.err"), "first\n");
        shipper.start();
        await().atMost(PATIENCE).until(() -> !services.logs.credentials.isEmpty());

        Files.writeString(log, "second\n", StandardOpenOption.APPEND);
        for (String next : List.of("third\n", "fourth\n", "fifth\n")) {
            Files.move(log, logs().resolve("driver.err.1"), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(log, next);
        }
        services.logs.taking = true;
        shipper.finish(PATIENCE);

        assertThat(services.logs.text("stderr")).isEqualTo("first\nsecond\n" + LogStream.MISSED + "fourth\nfifth\n");
    }

    @Test
    void aLogIsFollowedThroughTheFilesThatItIsRolledInto() throws Exception {
        Path log = logs().resolve("driver.log");
        var tail = new LogTail(log);
        ByteBuffer room = ByteBuffer.allocate(1024);

        Files.writeString(log, "1\n");
        tail.read(room);
        Files.writeString(log, "1\n2\n");
        Files.move(log, logs().resolve("driver.log.1"));
        Files.writeString(log, "3\n");
        tail.read(room);
        Files.move(log, logs().resolve("driver.log.2"));
        Files.writeString(log, "4\n");
        tail.read(room);

        assertThat(new String(room.array(), 0, room.position(), StandardCharsets.UTF_8))
                .isEqualTo("1\n2\n3\n4\n");
        assertThat(tail.missed()).isFalse();
        tail.close();
    }

    @Test
    void aLinkIsNoLog() throws Exception {
        Path secret = Files.writeString(folder.resolve("key"), "not the node's\n");
        Files.createSymbolicLink(logs().resolve("driver.log"), secret);
        var tail = new LogTail(logs().resolve("driver.log"));

        assertThat(tail.read(ByteBuffer.allocate(100))).isZero();
    }

    @Test
    void aSecretThatStandsWhereALongLineIsCutIsLeftOut() throws Exception {
        redaction.hide(List.of(CANARY));
        String line = "x".repeat(LogStream.PIECE - 5) + CANARY + "\u20AC".repeat(100) + "\n";
        Files.writeString(logs().resolve("driver.log"), line);
        var stream = new LogStream("log4j", logs().resolve("driver.log"), redaction);
        ByteBuffer room = ByteBuffer.allocate(LogStream.PIECE);
        stream.taken(0);

        StringBuilder sent = new StringBuilder();
        for (byte[] chunk = stream.chunk(room, true); chunk != null; chunk = stream.chunk(room, true)) {
            sent.append(new String(chunk, StandardCharsets.UTF_8));
            stream.taken(stream.offset() + chunk.length);
        }

        assertThat(sent.toString()).isEqualTo(line.replace(CANARY, "[REDACTED]"));
        stream.close();
    }

    @Test
    void streamsHaveTheNamesThatPeopleReadThemBy() {
        assertThat(LogNames.stream("executor.err")).contains("stderr");
        assertThat(LogNames.stream("executor.log")).contains("log4j");
        assertThat(LogNames.stream("kernel-3.log")).contains("kernel-3");
        assertThat(LogNames.stream("kernel-3.log.1")).isEmpty();
        assertThat(LogNames.stream("agent.log")).isEmpty();
        assertThat(LogNames.ofScript("12_set up!.sh.stderr.log")).contains("init-12-set_up__sh-stderr");
        assertThat(LogNames.ofScript("12_x.stdout.log.1")).isEmpty();
    }

    @Test
    void anAgentSendsTheLogsOfItsNodeOnceItHasACluster() throws Exception {
        try (TestNode node = new TestNode(folder.resolve("node"), folder.resolve("services"))
                .withFakeDriver()
                .start()) {
            await().atMost(PATIENCE)
                    .until(() -> services.status().path("driver").asText().equals("READY"));
            assertThat(services.logs.streams()).isEmpty();

            services.control(TestNode.assignment(folder.resolve("files")));

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(services.logs.text("stderr")).startsWith("driver of "));
            assertThat(services.logs.credentials).containsOnly("Bearer node.n1.s3cret");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(services.status()
                                    .path("usage")
                                    .path("memory")
                                    .asLong())
                            .isGreaterThan(1 << 20));
        }
    }

    private ChildProcess run(String script) throws Exception {
        return ChildProcess.start(new ChildProcess.Command(
                List.of("/bin/sh", "-c", script, "sh"), folder, Map.of(), logs().resolve("driver.err")));
    }

    private Path logs() {
        return folder.resolve("logs");
    }
}
