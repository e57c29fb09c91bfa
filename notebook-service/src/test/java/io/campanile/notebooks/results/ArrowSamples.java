package io.campanile.notebooks.results;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Arrow files as kernels write them. */
public final class ArrowSamples {
    private static final int BATCH = 10_000;

    private ArrowSamples() {}

    /** {@code n} bigint 0.., {@code text} t0..t9 in turn, {@code maybe} n/2 or in every fourth row null. */
    public static void numbers(Path file, int rows) throws IOException {
        Schema schema = new Schema(List.of(
                field("n", new ArrowType.Int(64, true)),
                field("text", new ArrowType.Utf8()),
                field("maybe", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));
        write(file, schema, (root, writer) -> {
            for (int first = 0; first < rows; first += BATCH) {
                int count = Math.min(BATCH, rows - first);
                root.allocateNew();
                for (int row = 0; row < count; row++) {
                    int number = first + row;
                    ((BigIntVector) root.getVector(0)).setSafe(row, number);
                    ((VarCharVector) root.getVector(1)).setSafe(row, bytes("t" + number % 10));
                    if (number % 4 != 0) {
                        ((Float8Vector) root.getVector(2)).setSafe(row, number / 2.0);
                    }
                }
                root.setRowCount(count);
                writer.writeBatch();
                root.clear();
            }
        });
    }

    /** A row with a value of every type, and a row of nulls. */
    static void types(Path file) throws IOException {
        Schema schema = new Schema(List.of(
                field("a", new ArrowType.Bool()),
                field("b", new ArrowType.Int(8, true)),
                field("c", new ArrowType.Int(16, true)),
                field("d", new ArrowType.Int(32, true)),
                field("e", new ArrowType.Int(64, true)),
                field("f", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
                field("g", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                field("h", new ArrowType.Decimal(38, 2, 128)),
                field("i", new ArrowType.Utf8()),
                field("j", new ArrowType.Binary()),
                field("k", new ArrowType.Date(DateUnit.DAY)),
                field("l", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "Europe/Berlin")),
                field("m", new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
                field("n", new ArrowType.Interval(IntervalUnit.YEAR_MONTH)),
                field("o", new ArrowType.List(), field("element", new ArrowType.Int(32, true))),
                field(
                        "p",
                        new ArrowType.Struct(),
                        field("a", new ArrowType.Int(32, true)),
                        field("b", new ArrowType.Utf8())),
                field(
                        "q",
                        new ArrowType.Map(false),
                        new Field(
                                "entries",
                                FieldType.notNullable(new ArrowType.Struct()),
                                List.of(
                                        new Field("key", FieldType.notNullable(new ArrowType.Utf8()), null),
                                        field("value", new ArrowType.Int(32, true)))))));
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2020-02-29T12:00:00.000001Z"));
        write(file, schema, (root, writer) -> {
            root.allocateNew();
            ((BitVector) root.getVector("a")).setSafe(0, 1);
            ((TinyIntVector) root.getVector("b")).setSafe(0, 1);
            ((SmallIntVector) root.getVector("c")).setSafe(0, 2);
            ((IntVector) root.getVector("d")).setSafe(0, 3);
            ((BigIntVector) root.getVector("e")).setSafe(0, 9007199254740993L);
            ((Float4Vector) root.getVector("f")).setSafe(0, 1.5f);
            ((Float8Vector) root.getVector("g")).setSafe(0, Double.NaN);
            ((DecimalVector) root.getVector("h")).setSafe(0, new java.math.BigDecimal("12345678901234567890.50"));
            ((VarCharVector) root.getVector("i")).setSafe(0, bytes("é"));
            ((VarBinaryVector) root.getVector("j")).setSafe(0, bytes("hi"));
            ((DateDayVector) root.getVector("k"))
                    .setSafe(0, (int) LocalDate.of(2020, 2, 29).toEpochDay());
            ((TimeStampMicroTZVector) root.getVector("l")).setSafe(0, micros);
            ((TimeStampMicroVector) root.getVector("m")).setSafe(0, micros);
            ((IntervalYearVector) root.getVector("n")).setSafe(0, 14);
            nested(root);
            root.setRowCount(2);
            writer.writeBatch();
        });
    }

    private static void nested(VectorSchemaRoot root) {
        ListVector list = (ListVector) root.getVector("o");
        list.startNewValue(0);
        ((IntVector) list.getDataVector()).setSafe(0, 1);
        list.getDataVector().setValueCount(2);
        list.endValue(0, 2);
        StructVector struct = (StructVector) root.getVector("p");
        struct.setIndexDefined(0);
        ((IntVector) struct.getChild("a")).setSafe(0, 1);
        ((VarCharVector) struct.getChild("b")).setSafe(0, bytes("x"));
        MapVector map = (MapVector) root.getVector("q");
        map.startNewValue(0);
        StructVector entries = (StructVector) map.getDataVector();
        entries.setIndexDefined(0);
        ((VarCharVector) entries.getChild("key")).setSafe(0, bytes("k"));
        ((IntVector) entries.getChild("value")).setSafe(0, 5);
        map.endValue(0, 1);
    }

    private interface Filling {
        void fill(VectorSchemaRoot root, ArrowFileWriter writer) throws IOException;
    }

    private static void write(Path file, Schema schema, Filling filling) throws IOException {
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            writer.start();
            filling.fill(root, writer);
            writer.end();
        }
    }

    private static Field field(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.nullable(type), List.of(children));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
