package io.campanile.kernel.output;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Joins what a cell prints into pieces: at most 20 ms old, at most 64 KiB long, the two streams in the order of
 * printing. A hundred thousand printed lines become some hundred messages.
 */
final class PrintedText {
    static final int PIECE_BYTES = 64 * 1024;
    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private final Sink sink;
    private final Map<String, Decoder> decoders = new HashMap<>();
    private String current = "stdout";
    private ByteBuffer buffer = ByteBuffer.allocate(PIECE_BYTES);

    /** Takes a finished piece. */
    interface Sink {
        void accept(String stream, String text);
    }

    PrintedText(Sink sink) {
        this.sink = sink;
    }

    void start() {
        Thread thread = new Thread(this::flushLate, "printed-text");
        thread.setDaemon(true);
        thread.start();
    }

    PrintStream stream(String name) {
        return new PrintStream(new Stream(name), false, StandardCharsets.UTF_8);
    }

    synchronized void flush() {
        if (buffer.position() == 0) {
            return;
        }
        ByteBuffer full = buffer;
        buffer = ByteBuffer.allocate(PIECE_BYTES);
        full.flip();
        String text = decoders.computeIfAbsent(current, name -> new Decoder()).decode(full);
        if (!text.isEmpty()) {
            sink.accept(current, text);
        }
    }

    private synchronized void write(String name, byte[] bytes, int offset, int length) {
        if (!name.equals(current)) {
            flush();
            current = name;
        }
        int from = offset;
        int left = length;
        while (left > 0) {
            int part = Math.min(left, buffer.remaining());
            buffer.put(bytes, from, part);
            from += part;
            left -= part;
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
        notifyAll();
    }

    private void flushLate() {
        try {
            while (true) {
                synchronized (this) {
                    while (buffer.position() == 0) {
                        wait();
                    }
                }
                TimeUnit.NANOSECONDS.sleep(DELAY_NANOS);
                flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Stream extends OutputStream {
        private final String name;

        Stream(String name) {
            this.name = name;
        }

        @Override
        public void write(int value) {
            PrintedText.this.write(name, new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            PrintedText.this.write(name, bytes, offset, length);
        }
    }

    /** Keeps the first bytes of a character that a piece cut in two. */
    private static final class Decoder {
        private final CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private byte[] kept = new byte[0];

        String decode(ByteBuffer piece) {
            ByteBuffer bytes = ByteBuffer.allocate(kept.length + piece.remaining());
            bytes.put(kept).put(piece).flip();
            CharBuffer text = CharBuffer.allocate(bytes.remaining() + 1);
            utf8.decode(bytes, text, false);
            kept = new byte[bytes.remaining()];
            bytes.get(kept);
            utf8.reset();
            return text.flip().toString();
        }
    }
}
