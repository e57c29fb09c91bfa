package io.campanile.notebooks.results;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;

/** An open Arrow file, of which one record batch at a time is in memory. For one thread. */
final class ArrowFile implements AutoCloseable {
    private final FileChannel channel;
    private final ArrowFileReader reader;
    private final List<ArrowBlock> blocks;
    private int current = -1;

    ArrowFile(Path path, BufferAllocator allocator) throws IOException {
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        this.reader = new ArrowFileReader(channel, allocator);
        try {
            this.blocks = reader.getRecordBlocks();
        } catch (IOException | RuntimeException e) {
            reader.close();
            channel.close();
            throw e;
        }
    }

    int batches() {
        return blocks.size();
    }

    VectorSchemaRoot root() throws IOException {
        return reader.getVectorSchemaRoot();
    }

    /** The root with a batch in it; does not load again what is loaded. */
    VectorSchemaRoot loaded(int batch) throws IOException {
        return batch == current ? reader.getVectorSchemaRoot() : load(batch);
    }

    /** Loads a batch into the root, in place of the one before. */
    VectorSchemaRoot load(int batch) throws IOException {
        reader.loadRecordBatch(blocks.get(batch));
        current = batch;
        return reader.getVectorSchemaRoot();
    }

    @Override
    public void close() throws IOException {
        reader.close();
        channel.close();
    }
}
