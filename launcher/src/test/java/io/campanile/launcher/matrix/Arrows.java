package io.campanile.launcher.matrix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** A result of one row, as a kernel writes it. */
final class Arrows {
    private Arrows() {}

    static byte[] row(String text) {
        Schema schema = new Schema(List.of(Field.nullable("text", new ArrowType.Utf8())));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, Channels.newChannel(file))) {
            writer.start();
            root.allocateNew();
            ((VarCharVector) root.getVector(0)).setSafe(0, text.getBytes(StandardCharsets.UTF_8));
            root.setRowCount(1);
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }
}
