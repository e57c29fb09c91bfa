package io.campanile.node.files;

import io.campanile.node.files.PlatformCalls.Question;
import java.io.IOException;
import java.util.Map;

/**
 * A file that is read in pieces, each with a request of its own: the service may be away between two, and holds nothing
 * for a reader who takes his time. The pieces grow while they are read one after the other.
 */
final class PlatformFile implements OpenFile {
    private static final int SMALLEST = 128 * 1024;
    private static final int LARGEST = 8 * 1024 * 1024;

    private final PlatformCalls calls;
    private final String path;
    private final long size;
    private final String etag;
    private byte[] piece = new byte[0];
    private long pieceAt;
    private int ahead = SMALLEST;

    PlatformFile(PlatformCalls calls, String path, long size, String etag) {
        this.calls = calls;
        this.path = path;
        this.size = size;
        this.etag = etag;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        if (position >= size) {
            return -1;
        }
        if (position < pieceAt || position >= pieceAt + piece.length) {
            boolean goesOn = piece.length > 0 && position == pieceAt + piece.length;
            ahead = goesOn ? Math.min(LARGEST, ahead * 2) : SMALLEST;
            fetch(position, (int) Math.min(size - position, Math.max(ahead, Math.min(length, LARGEST))));
        }
        int at = (int) (position - pieceAt);
        int taken = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, into, offset, taken);
        return taken;
    }

    private void fetch(long from, int length) throws IOException {
        byte[] fetched = calls.send(new Question(
                        path,
                        "GET",
                        "content",
                        Map.of("path", path),
                        null,
                        "Range",
                        "bytes=" + from + "-" + (from + length - 1),
                        "If-Match",
                        "\"" + etag + "\""))
                .body();
        if (fetched.length != length) {
            throw new IOException(path + " has other bytes than it was said to have");
        }
        piece = fetched;
        pieceAt = from;
    }

    @Override
    public void close() {
        piece = new byte[0];
    }
}
