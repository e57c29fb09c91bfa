package io.campanile.common.json;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;

/**
 * JSON written piece by piece, in UTF-8. Texts may have unpaired surrogates, as the text of cells may: they are written as
 * escapes, since UTF-8 has no form for them and Jackson's own byte generator refuses them.
 */
public final class JsonStream {
    /** Values within a stream do not push it out one by one. */
    private static final ObjectWriter VALUES =
            Json.MAPPER.writer().without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);

    private JsonStream() {}

    /** Writes to {@code out}, and closes it when it is closed. */
    public static JsonGenerator to(OutputStream out) throws IOException {
        return Json.MAPPER.getFactory().createGenerator(new Utf8(out));
    }

    /** Writes one value of a stream; what the stream refuses to take comes as it was thrown. */
    public static void write(JsonGenerator json, Object value) throws IOException {
        try {
            VALUES.writeValue(json, value);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** Surrogates without their other half are only ever within JSON strings: there an escape means the same. */
    private static final class Utf8 extends Writer {
        private final OutputStream out;
        private final byte[] encoded = new byte[16 * 1024];
        private int length;
        private char high;

        Utf8(OutputStream out) {
            this.out = requireNonNull(out, "out");
        }

        @Override
        public void write(char[] chars, int from, int count) throws IOException {
            for (int i = from; i < from + count; i++) {
                char c = chars[i];
                if (length > encoded.length - 16) {
                    drain();
                }
                if (c < 0x80 && high == 0) {
                    encoded[length++] = (byte) c;
                } else {
                    other(c);
                }
            }
        }

        private void other(char c) {
            if (high != 0 && Character.isLowSurrogate(c)) {
                int point = Character.toCodePoint(high, c);
                high = 0;
                put(0xf0 | point >> 18, 0x80 | point >> 12 & 0x3f, 0x80 | point >> 6 & 0x3f, 0x80 | point & 0x3f);
                return;
            }
            if (high != 0) {
                escape(high);
                high = 0;
            }
            if (Character.isHighSurrogate(c)) {
                high = c;
            } else if (Character.isLowSurrogate(c)) {
                escape(c);
            } else if (c < 0x80) {
                put(c);
            } else if (c < 0x800) {
                put(0xc0 | c >> 6, 0x80 | c & 0x3f);
            } else {
                put(0xe0 | c >> 12, 0x80 | c >> 6 & 0x3f, 0x80 | c & 0x3f);
            }
        }

        private void escape(char unpaired) {
            String escape = String.format("\\u%04x", (int) unpaired);
            for (int i = 0; i < escape.length(); i++) {
                put(escape.charAt(i));
            }
        }

        private void put(int... bytes) {
            for (int one : bytes) {
                encoded[length++] = (byte) one;
            }
        }

        private void drain() throws IOException {
            out.write(encoded, 0, length);
            length = 0;
        }

        @Override
        public void flush() throws IOException {
            drain();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            if (high != 0) {
                escape(high);
                high = 0;
            }
            drain();
            out.close();
        }
    }
}
