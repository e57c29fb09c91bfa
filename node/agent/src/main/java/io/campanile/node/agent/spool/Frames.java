package io.campanile.node.agent.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The frame of a spool file: length (4 bytes), CRC-32C of the payload (4 bytes), payload. */
final class Frames {
    static final int HEADER = 8;
    private static final int LONGEST = 64 << 20;

    private Frames() {}

    static ByteBuffer encode(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + payload.length);
        frame.putInt(payload.length).putInt(checksum(payload)).put(payload);
        return frame.flip();
    }

    /** The payload at an offset; empty when the file ends there, inside the frame, or when the bytes are damaged. */
    static Optional<byte[]> read(FileChannel file, long offset) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        if (!fill(file, header, offset)) {
            return Optional.empty();
        }
        int length = header.getInt();
        int checksum = header.getInt();
        if (length <= 0 || length > LONGEST || offset + HEADER + length > file.size()) {
            return Optional.empty();
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        if (!fill(file, payload, offset + HEADER) || checksum(payload.array()) != checksum) {
            return Optional.empty();
        }
        return Optional.of(payload.array());
    }

    /** The offset behind the frame at {@code offset}, which must be whole. */
    static long skip(FileChannel file, long offset) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        if (!fill(file, header, offset)) {
            throw new IOException("No frame at offset " + offset);
        }
        return offset + HEADER + header.getInt();
    }

    private static boolean fill(FileChannel file, ByteBuffer buffer, long offset) throws IOException {
        long at = offset;
        while (buffer.hasRemaining()) {
            int read = file.read(buffer, at);
            if (read < 0) {
                return false;
            }
            at += read;
        }
        buffer.flip();
        return true;
    }

    private static int checksum(byte[] payload) {
        var crc = new CRC32C();
        crc.update(payload);
        return (int) crc.getValue();
    }
}
