package io.campanile.driver.dbfs;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.jspecify.annotations.Nullable;

/** An open file that can be read from anywhere. */
final class FileInput extends FSInputStream {
    private final FileChannel channel;
    private final FileSystem.@Nullable Statistics statistics;

    FileInput(FileChannel channel, FileSystem.@Nullable Statistics statistics) {
        this.channel = channel;
        this.statistics = statistics;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        return counted(channel.read(ByteBuffer.wrap(into, offset, length)));
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        return counted(channel.read(ByteBuffer.wrap(into, offset, length), position));
    }

    private int counted(int bytes) {
        if (bytes > 0 && statistics != null) {
            statistics.incrementBytesRead(bytes);
        }
        return bytes;
    }

    @Override
    public void seek(long position) throws IOException {
        if (position < 0 || position > channel.size()) {
            throw new EOFException("Cannot seek to " + position + " of " + channel.size() + " bytes");
        }
        channel.position(position);
    }

    @Override
    public long getPos() throws IOException {
        return channel.position();
    }

    @Override
    public boolean seekToNewSource(long position) {
        return false;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(Integer.MAX_VALUE, channel.size() - channel.position());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
