package io.campanile.node.files.dbfs;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.Path;

/** A file that is being written: what is refused at its end reads as it does at its beginning. */
final class FileOutput extends OutputStream {
    private final Path path;
    private final OutputStream out;

    FileOutput(Path path, OutputStream out) {
        this.path = path;
        this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
        out.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        Refusals.translated(path, () -> {
            out.close();
            return true;
        });
    }
}
