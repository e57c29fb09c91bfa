package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Some bytes of an open file. */
public final class FileRange extends InputStream {
    private final FileChannel channel;
    private long left;

    FileRange(FileChannel channel, long from, long length) throws IOException {
        this.channel = requireNonNull(channel, "channel");
        this.left = length;
        channel.position(from);
    }

    /** The file itself, for who can have the system send it. */
    public FileChannel channel() {
        return channel;
    }

    /** How many bytes are still to be read, from the channel's position on. */
    public long left() {
        return left;
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
        if (left == 0) {
            return -1;
        }
        int got = channel.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, left)));
        left -= Math.max(0, got);
        return got;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
