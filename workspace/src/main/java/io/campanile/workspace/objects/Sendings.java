package io.campanile.workspace.objects;

import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** Answers that are somebody's content. */
final class Sendings {
    private static final int GROUP = 3 * 16 * 1024;

    private Sendings() {}

    /** Never shown in the application's own origin, whatever it is. */
    static void asAttachment(HttpServerResponse response, String name) {
        response.putHeader("Content-Type", "application/octet-stream")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Security-Policy", "sandbox; default-src 'none'")
                .putHeader(
                        "Content-Disposition",
                        "attachment; filename*=UTF-8''"
                                + URLEncoder.encode(name, StandardCharsets.UTF_8)
                                        .replace("+", "%20"));
    }

    /** A stream in base64 between two texts, made while it is read. */
    static InputStream base64(String before, InputStream content, String after) {
        return new SequenceInputStream(
                Collections.enumeration(List.of(text(before), new Encoding(content), text(after))));
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whole groups of three bytes at a time, so that padding comes at the end alone. */
    private static final class Encoding extends InputStream {
        private final InputStream content;
        private byte[] encoded = new byte[0];
        private int at;

        Encoding(InputStream content) {
            this.content = content;
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
            if (at == encoded.length) {
                encoded = Base64.getEncoder().encode(content.readNBytes(GROUP));
                at = 0;
                if (encoded.length == 0) {
                    return -1;
                }
            }
            int got = Math.min(length, encoded.length - at);
            System.arraycopy(encoded, at, into, offset, got);
            at += got;
            return got;
        }

        @Override
        public void close() throws IOException {
            content.close();
        }
    }
}
