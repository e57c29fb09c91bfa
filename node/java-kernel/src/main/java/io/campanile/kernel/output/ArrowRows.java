package io.campanile.kernel.output;

import io.campanile.kernel.secrets.Redaction;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.util.ArrowUtils;
import org.jspecify.annotations.Nullable;
import org.sparkproject.com.google.protobuf.ByteString;
import org.sparkproject.org.apache.arrow.memory.BufferAllocator;
import org.sparkproject.org.apache.arrow.memory.RootAllocator;
import org.sparkproject.org.apache.arrow.vector.FieldVector;
import org.sparkproject.org.apache.arrow.vector.VectorLoader;
import org.sparkproject.org.apache.arrow.vector.VectorSchemaRoot;
import org.sparkproject.org.apache.arrow.vector.VectorUnloader;
import org.sparkproject.org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.sparkproject.org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.sparkproject.org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.sparkproject.org.apache.arrow.vector.types.pojo.Schema;

/** Writes the Arrow streams of Connect's answers (one stream each) into one Arrow file. */
final class ArrowRows implements AutoCloseable {
    private final BufferAllocator allocator = new RootAllocator();
    private final FileChannel channel;
    private final int previewRows;
    private final List<Column> columns = new ArrayList<>();
    private final RedactedVectors redacted;
    private final Redaction redaction;
    private TextTable preview;
    private @Nullable VectorSchemaRoot root;
    private @Nullable ArrowFileWriter writer;
    private long rows;
    private boolean cut;

    /** A column as the grid sees it; the type is Spark SQL's name. */
    record Column(String name, String type, boolean nullable) {}

    ArrowRows(FileChannel channel, int previewRows, Redaction redaction) {
        this.redaction = redaction;
        this.redacted = new RedactedVectors(redaction);
        this.preview = new TextTable(List.of(), redaction);
        this.channel = channel;
        this.previewRows = previewRows;
    }

    List<Column> columns() {
        return columns;
    }

    long rows() {
        return rows;
    }

    /** Whether rows were left out. */
    boolean cut() {
        return cut;
    }

    long bytes() throws IOException {
        return channel.position();
    }

    TextTable preview() {
        return preview;
    }

    /** Adds at most {@code room} rows of a stream. */
    void add(ByteString stream, long room) throws IOException {
        try (ArrowStreamReader reader = new ArrowStreamReader(stream.newInput(), allocator)) {
            VectorSchemaRoot source = reader.getVectorSchemaRoot();
            if (root == null) {
                open(source.getSchema());
            }
            long left = room;
            while (reader.loadNextBatch()) {
                int count = source.getRowCount();
                int taken = (int) Math.min(left, count);
                cut |= taken < count;
                if (taken > 0) {
                    append(source, taken);
                }
                left -= taken;
            }
        }
    }

    private void open(Schema schema) throws IOException {
        for (StructField field : ArrowUtils.fromArrowSchema(schema).fields()) {
            columns.add(new Column(field.name(), field.dataType().catalogString(), field.nullable()));
        }
        preview = new TextTable(columns.stream().map(Column::name).toList(), redaction);
        if (!columns.isEmpty()) {
            VectorSchemaRoot target = VectorSchemaRoot.create(redacted.names(schema), allocator);
            root = target;
            ArrowFileWriter file = new ArrowFileWriter(target, null, channel);
            file.start();
            writer = file;
        }
    }

    private void append(VectorSchemaRoot source, int count) throws IOException {
        ArrowFileWriter file = writer;
        VectorSchemaRoot target = root;
        if (file == null || target == null) {
            return;
        }
        redacted.values(source);
        for (int row = 0; row < count && preview.size() < previewRows; row++) {
            List<String> cells = new ArrayList<>();
            for (FieldVector vector : source.getFieldVectors()) {
                cells.add(ArrowText.of(vector, row));
            }
            preview.add(cells);
        }
        if (count < source.getRowCount()) {
            try (VectorSchemaRoot part = source.slice(0, count)) {
                copy(part, target);
            }
        } else {
            copy(source, target);
        }
        file.writeBatch();
        target.clear();
        rows += count;
    }

    private static void copy(VectorSchemaRoot source, VectorSchemaRoot target) {
        try (ArrowRecordBatch batch = new VectorUnloader(source).getRecordBatch()) {
            new VectorLoader(target).load(batch);
        }
    }

    /** Writes the file's footer. */
    void finish() throws IOException {
        if (writer != null) {
            writer.end();
        }
    }

    @Override
    public void close() {
        if (root != null) {
            root.close();
        }
        allocator.close();
    }
}
