package io.campanile.node.agent.logs;

import io.campanile.node.agent.process.Redaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One log as it is sent: chunks of whole lines with the offset at which they belong. A chunk is made once and kept until
 * it was taken, so that the same offset always has the same bytes. Belongs to the shipper's thread.
 */
final class LogStream implements AutoCloseable {
    /** Read at once; what is made of it may be three times as long where bytes are no text. */
    static final int PIECE = 256 << 10;

    private static final int QUIET_LOOKS = 2;
    private static final byte[] NOTHING = new byte[0];
    static final String MISSED = "[campanile: lines may be missing here; more was printed than could be sent]\n";

    private final String name;
    private final LogTail tail;
    private final Redaction redaction;
    private byte[] rest = NOTHING;
    private int quiet;
    private byte @Nullable [] chunk;
    private long offset = -1;
    private boolean full;
    private boolean refused;

    LogStream(String name, Path file, Redaction redaction) {
        this.name = name;
        this.tail = new LogTail(file);
        this.redaction = redaction;
    }

    String name() {
        return name;
    }

    /** Where the next chunk belongs; below zero until cluster-manager was asked. */
    long offset() {
        return offset;
    }

    /** The chunk that waits to be taken, if there is anything to send. */
    byte @Nullable [] chunk(ByteBuffer room, boolean last) throws IOException {
        if (chunk == null && !refused) {
            chunk = next(room.clear(), last);
        }
        return chunk;
    }

    /** More may be there at once. */
    boolean full() {
        return full;
    }

    private byte @Nullable [] next(ByteBuffer room, boolean last) throws IOException {
        room.put(rest);
        int came = tail.read(room);
        full = !room.hasRemaining();
        quiet = came == 0 ? quiet + 1 : 0;
        byte[] bytes = Arrays.copyOf(room.array(), room.position());
        String before = tail.missed() ? MISSED : "";
        int end = lineEnd(bytes);
        if (end == 0 && full) {
            return encoded(before + partOfLine(bytes));
        }
        if (end == 0 && (last || quiet >= QUIET_LOOKS)) {
            end = bytes.length;
        }
        rest = Arrays.copyOfRange(bytes, end, bytes.length);
        String text = before + redaction.of(new String(bytes, 0, end, StandardCharsets.UTF_8));
        return text.isEmpty() ? null : encoded(text);
    }

    /** A line that is longer than a piece: its end stays, as what is hidden may go on after it. */
    private String partOfLine(byte[] bytes) {
        int whole = bytes.length;
        while (whole > bytes.length - 4 && (bytes[whole - 1] & 0xC0) == 0x80) {
            whole--;
        }
        // The first byte of a character that may be cut.
        whole -= (bytes[whole - 1] & 0xC0) == 0xC0 ? 1 : 0;
        String text = redaction.of(new String(bytes, 0, whole, StandardCharsets.UTF_8));
        int cut = Math.max(text.length() / 2, text.length() - redaction.longest());
        cut -= cut < text.length() && Character.isLowSurrogate(text.charAt(cut)) ? 1 : 0;
        byte[] kept = encoded(text.substring(cut));
        rest = Arrays.copyOf(kept, kept.length + bytes.length - whole);
        System.arraycopy(bytes, whole, rest, kept.length, bytes.length - whole);
        return text.substring(0, cut);
    }

    private static byte[] encoded(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int lineEnd(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /**
     * Cluster-manager has the log up to {@code next}. What it has of our chunk is not sent again; where it has more or
     * less than that, it goes on there: then the answers of an earlier agent or a restored backup are the reason.
     */
    void taken(long next) {
        byte[] waiting = chunk;
        if (waiting != null && offset >= 0) {
            long part = next - offset;
            if (part == waiting.length) {
                chunk = null;
            } else if (part > 0 && part < waiting.length) {
                chunk = Arrays.copyOfRange(waiting, (int) part, waiting.length);
            }
        }
        offset = next;
    }

    /** Nothing of it is wanted any more. */
    void refuse() {
        refused = true;
        chunk = null;
        full = false;
    }

    boolean refused() {
        return refused;
    }

    @Override
    public void close() throws IOException {
        tail.close();
    }
}
