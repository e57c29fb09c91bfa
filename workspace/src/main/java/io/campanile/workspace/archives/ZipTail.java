package io.campanile.workspace.archives;

import io.campanile.common.errors.ApiException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The end of a zip file, read before anything else is: it says how much a reader of its directory would take in. */
final class ZipTail {
    private static final int SIGNATURE = 0x06054b50;
    private static final int LENGTH = 22;
    private static final int LONGEST_COMMENT = 65535;
    private static final int UNSAID_SHORT = 0xffff;
    private static final long UNSAID = 0xffffffffL;

    private ZipTail() {}

    static void check(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            int tail = (int) Math.min(size, LENGTH + LONGEST_COMMENT);
            ByteBuffer bytes = ByteBuffer.allocate(tail).order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining() && channel.read(bytes, size - tail + bytes.position()) >= 0) {
                // Until the end of the file.
            }
            for (int at = tail - LENGTH; at >= 0; at--) {
                if (bytes.getInt(at) == SIGNATURE) {
                    check(bytes, at, size - tail + at);
                    return;
                }
            }
        }
        throw ApiException.invalid("content is not a zip file");
    }

    private static void check(ByteBuffer bytes, int at, long place) {
        int entries = Short.toUnsignedInt(bytes.getShort(at + 10));
        long directory = Integer.toUnsignedLong(bytes.getInt(at + 16));
        if (entries == UNSAID_SHORT || directory == UNSAID) {
            throw ApiException.invalid("content is a zip file of the large kind (zip64); it has too many entries");
        }
        if (entries > ArchiveLimits.ENTRIES) {
            throw ApiException.invalid(
                    "content has " + entries + " entries; an archive may have " + ArchiveLimits.ENTRIES);
        }
        if (directory > place || place - directory > ArchiveLimits.DIRECTORY) {
            throw ApiException.invalid("content has a directory that is too large for " + entries + " entries");
        }
    }
}
