package io.campanile.node.agent.spool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From the append to the moment the disk has it, with the fsync: one record, and a thousand of them in one go, which share
 * fsyncs. The folder is {@code -Dcampanile.bench.folder}, else the default temporary one: the disk under it is measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class SpoolBench {
    private static final int MANY = 1_000;

    private final Path folder;
    private final Spool spool;
    private final Semaphore written = new Semaphore(0);
    private final JsonNode line = JsonNodeFactory.instance
            .objectNode()
            .put("name", "stdout")
            .put("text", "line of a cell with some words and a number 12345\n");
    private long run;

    public SpoolBench() {
        try {
            String chosen = System.getProperty("campanile.bench.folder", System.getProperty("java.io.tmpdir"));
            folder = Files.createTempDirectory(Path.of(chosen), "spool-bench");
            spool = Spool.open(folder);
            spool.onDurable(written::release);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Benchmark
    public void oneRecord() throws InterruptedException {
        run++;
        append(1);
    }

    @Benchmark
    public void aThousandRecords() throws InterruptedException {
        run++;
        append(MANY);
    }

    /** A run's records and their acknowledgement, after which its file is dropped. */
    private void append(int records) throws InterruptedException {
        long last = 0;
        for (int record = 0; record < records; record++) {
            last = spool.append(run, record < records - 1 ? "stream" : RunLog.FINISHED, 1_700_000_000_000L, line);
        }
        while (durable() < last) {
            written.acquire();
        }
        written.drainPermits();
        spool.ack(run, last);
    }

    private long durable() {
        for (var info : spool.runs()) {
            if (info.runId() == run) {
                return info.lastSeq();
            }
        }
        return 0;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        spool.close();
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
