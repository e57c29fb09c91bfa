package io.campanile.node.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campanile.node.protocol.NodeJson;
import io.campanile.node.protocol.WorkMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {
    @TempDir
    Path folder;

    @Test
    void recordsAreNumberedWithoutGapsAndReadInOrder() throws IOException {
        try (Spool spool = Spool.open(folder)) {
            for (int i = 0; i < 500; i++) {
                append(spool, 7, "line " + i);
            }
            durable(spool, 7, 500);

            assertThat(read(spool)).extracting(WorkMessage.Record::seq).containsExactlyElementsOf(range(1, 500));
        }
    }

    @Test
    void aFileCutAtAnyByteKeepsAWholePrefix() throws IOException {
        try (Spool spool = Spool.open(folder)) {
            for (int i = 0; i < 8; i++) {
                append(spool, 7, "line " + i + " \u00e9\u4e2d");
            }
            durable(spool, 7, 8);
        }
        Path file = folder.resolve("7.log");
        byte[] whole = Files.readAllBytes(file);

        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(file, java.util.Arrays.copyOf(whole, cut));
            try (Spool spool = Spool.open(folder)) {
                List<WorkMessage.Record> kept = read(spool);
                assertThat(kept).extracting(WorkMessage.Record::seq).containsExactlyElementsOf(range(1, kept.size()));
                assertThat(kept.size()).isGreaterThanOrEqualTo((int) (8L * cut / whole.length) - 1);
                append(spool, 7, "after the crash");
                durable(spool, 7, kept.size() + 1);
                assertThat(read(spool)).hasSize(kept.size() + 1);
            }
        }
    }

    @Test
    void aDamagedByteEndsThePrefixThere() throws IOException {
        try (Spool spool = Spool.open(folder)) {
            for (int i = 0; i < 20; i++) {
                append(spool, 7, "line " + i);
            }
            durable(spool, 7, 20);
        }
        Path file = folder.resolve("7.log");
        byte[] whole = Files.readAllBytes(file);
        var random = new Random(42);

        for (int round = 0; round < 200; round++) {
            byte[] damaged = whole.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            try (Spool spool = Spool.open(folder)) {
                List<WorkMessage.Record> kept = read(spool);
                assertThat(kept.size()).isBetween((int) (20L * at / whole.length) - 1, 19);
                assertThat(kept)
                        .allSatisfy(
                                record -> assertThat(record.data().path("text").asText())
                                        .isEqualTo("line " + (record.seq() - 1)));
            }
        }
    }

    @Test
    void acknowledgedRecordsAreNotReadAgainAndAFinishedRunLeavesNoFile() throws IOException {
        try (Spool spool = Spool.open(folder)) {
            append(spool, 7, "one");
            append(spool, 7, "two");
            spool.append(7, "finished", 1, JsonNodeFactory.instance.objectNode().put("state", "ok"));
            durable(spool, 7, 3);

            spool.ack(7, 2);
            assertThat(read(spool)).extracting(WorkMessage.Record::seq).containsExactly(3L);
            spool.ack(7, 3);

            assertThat(read(spool)).isEmpty();
            assertThat(spool.holds(7)).isFalse();
            assertThat(spool.bytes()).isZero();
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void anUnfinishedRunSurvivesWithItsRecords() throws IOException {
        try (Spool spool = Spool.open(folder)) {
            append(spool, 7, "one");
            durable(spool, 7, 1);
        }

        try (Spool spool = Spool.open(folder)) {
            assertThat(spool.unfinished()).containsExactly(7L);
            assertThat(spool.runs()).containsExactly(new WorkMessage.RunInfo(7, 1, false));
        }
    }

    @Test
    void manyWritersKeepEachRunsOrder() throws Exception {
        try (Spool spool = Spool.open(folder)) {
            var start = new CountDownLatch(1);
            List<Thread> writers = LongStream.rangeClosed(1, 8)
                    .mapToObj(run -> new Thread(() -> {
                        try {
                            start.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        IntStream.range(0, 400).forEach(i -> append(spool, run, "line " + i));
                    }))
                    .toList();
            writers.forEach(Thread::start);
            start.countDown();
            for (Thread writer : writers) {
                writer.join();
            }
            for (long run = 1; run <= 8; run++) {
                durable(spool, run, 400);
            }

            List<WorkMessage.Record> all = read(spool);

            for (long run = 1; run <= 8; run++) {
                long id = run;
                assertThat(all.stream().filter(record -> record.runId() == id))
                        .allSatisfy(record ->
                                assertThat(record.data().path("text").asText()).isEqualTo("line " + (record.seq() - 1)))
                        .hasSize(400);
            }
        }
    }

    private static void append(Spool spool, long run, String text) {
        spool.append(run, "stream", 1, JsonNodeFactory.instance.objectNode().put("text", text));
    }

    private static void durable(Spool spool, long run, long seq) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> spool.runs().stream().anyMatch(info -> info.runId() == run && info.lastSeq() == seq));
    }

    private static List<WorkMessage.Record> read(Spool spool) {
        Spool.Reader reader = spool.reader();
        List<WorkMessage.Record> records = new ArrayList<>();
        for (List<String> frames = reader.next(); !frames.isEmpty(); frames = reader.next()) {
            frames.forEach(frame -> records.add((WorkMessage.Record) NodeJson.read(frame, WorkMessage.class)));
        }
        return records;
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}
