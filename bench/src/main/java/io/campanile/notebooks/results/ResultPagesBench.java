package io.campanile.notebooks.results;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
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

/** A result of a million rows, in batches as kernels write them: a page of it as it is, and its order by a column. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/java.nio=ALL-UNNAMED")
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class ResultPagesBench {
    private static final int ROWS = 1_000_000;
    private static final int BATCH = 10_000;
    private static final int PAGE = 200;

    private final RootAllocator allocator = new RootAllocator();
    private final Path folder;
    private final Path path;
    private final StoredResult result;

    public ResultPagesBench() {
        try {
            folder = Files.createTempDirectory("result-bench");
            path = folder.resolve("result.arrow");
            result = write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private StoredResult write() throws IOException {
        Schema schema = new Schema(List.of(
                Field.nullable("id", new ArrowType.Int(64, true)),
                Field.nullable("name", new ArrowType.Utf8()),
                Field.nullable("part", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));
        List<Integer> batches = new ArrayList<>();
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            writer.start();
            for (int first = 0; first < ROWS; first += BATCH) {
                fill(root, first);
                writer.writeBatch();
                batches.add(BATCH);
            }
            writer.end();
        }
        return new StoredResult(
                1,
                "result",
                1,
                1,
                SparkTypes.columns(schema.getFields()),
                batches,
                ROWS,
                Files.size(path),
                false,
                Instant.EPOCH);
    }

    /** Values in no order: multiplied by a prime, modulo the number of rows. */
    private static void fill(VectorSchemaRoot root, int first) {
        root.allocateNew();
        for (int row = 0; row < BATCH; row++) {
            long value = (first + row) * 7_919L % ROWS;
            ((BigIntVector) root.getVector(0)).setSafe(row, value);
            ((VarCharVector) root.getVector(1)).setSafe(row, ("name " + value).getBytes(StandardCharsets.UTF_8));
            ((Float8Vector) root.getVector(2)).setSafe(row, value / 7.0);
        }
        root.setRowCount(BATCH);
    }

    private int[] order(String sort) throws IOException {
        try (ArrowFile file = new ArrowFile(path, allocator)) {
            return RowOrder.of(file, RowQuery.parse(result, sort, null));
        }
    }

    @Benchmark
    public byte[] pageInTheMiddleAsJson() throws IOException {
        try (ArrowFile file = new ArrowFile(path, allocator)) {
            int[] window = ResultPages.window(ROWS, null, ROWS / 2, PAGE);
            return ResultPages.json(file, result, window, ROWS / 2, ROWS);
        }
    }

    @Benchmark
    public byte[] pageInTheMiddleAsArrow() throws IOException {
        try (ArrowFile file = new ArrowFile(path, allocator)) {
            return ResultPages.arrow(file, result, ResultPages.window(ROWS, null, ROWS / 2, PAGE), allocator);
        }
    }

    /** Rows of a sorted page lie anywhere: with 200 of them nearly every batch is read. */
    @Benchmark
    public byte[] pageAllOverTheFile() throws IOException {
        int[] window = new int[PAGE];
        for (int place = 0; place < PAGE; place++) {
            window[place] = (int) (place * 104_729L % ROWS);
        }
        try (ArrowFile file = new ArrowFile(path, allocator)) {
            return ResultPages.json(file, result, window, 0, ROWS);
        }
    }

    @Benchmark
    public int[] orderByNumber() throws IOException {
        return order("id");
    }

    @Benchmark
    public int[] orderByText() throws IOException {
        return order("name:desc");
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        allocator.close();
        Files.delete(path);
        Files.delete(folder);
    }
}
