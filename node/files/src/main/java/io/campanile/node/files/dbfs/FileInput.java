package io.campanile.node.files.dbfs;

import io.campanile.node.files.OpenFile;
import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.jspecify.annotations.Nullable;

/** An open file that can be read from anywhere. */
final class FileInput extends FSInputStream {
    private final OpenFile file;
    private final FileSystem.@Nullable Statistics statistics;
    private long position;

    FileInput(OpenFile file, FileSystem.@Nullable Statistics statistics) {
        this.file = file;
        this.statistics = statistics;
    }

    @Override
    public synchronized int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) throws IOException {
        int bytes = read(position, into, offset, length);
        position += Math.max(0, bytes);
        return bytes;
    }

    @Override
    public synchronized int read(long from, byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int bytes = file.read(from, into, offset, length);
        if (bytes > 0 && statistics != null) {
            statistics.incrementBytesRead(bytes);
        }
        return bytes;
    }

    @Override
    public synchronized void seek(long to) throws IOException {
        if (to < 0 || to > file.size()) {
            throw new EOFException("Cannot seek to " + to + " of " + file.size() + " bytes");
        }
        position = to;
    }

    @Override
    public synchronized long getPos() {
        return position;
    }

    @Override
    public boolean seekToNewSource(long to) {
        return false;
    }

    @Override
    public synchronized int available() throws IOException {
        return (int) Math.min(Integer.MAX_VALUE, file.size() - position);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
