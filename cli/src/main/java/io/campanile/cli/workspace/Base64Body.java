package io.campanile.cli.workspace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.wire.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** The body of an import: a file within JSON, encoded while it is sent, so that its size needs no memory. */
final class Base64Body {
    private Base64Body() {}

    static BodyPublisher of(ObjectNode fields, Path file) {
        byte[] closed = Json.bytes(fields.deepCopy().put("content", ""));
        // {"...":...,"content":""} : the content goes before the last two characters.
        byte[] before = Arrays.copyOf(closed, closed.length - 2);
        byte[] after = {'"', '}'};
        try {
            long length = before.length + (Files.size(file) + 2) / 3 * 4 + after.length;
            BodyPublisher stream = BodyPublishers.ofInputStream(() -> new SequenceInputStream(Collections.enumeration(
                    List.of(new ByteArrayInputStream(before), encoded(file), new ByteArrayInputStream(after)))));
            return BodyPublishers.fromPublisher(stream, length);
        } catch (IOException e) {
            throw CliFailure.io("The file cannot be read", e);
        }
    }

    private static InputStream encoded(Path file) {
        try {
            return new Encoded(new BufferedInputStream(Files.newInputStream(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Base64 of a stream, read. */
    private static final class Encoded extends InputStream {
        /** A multiple of three: only the last piece is padded. */
        private static final int PIECE = 3 * 16 * 1024;

        private final InputStream plain;
        private byte[] piece = new byte[0];
        private int at;

        private Encoded(InputStream plain) {
            this.plain = plain;
        }

        @Override
        public int read() throws IOException {
            return fill() ? piece[at++] : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, into, offset, count);
            at += count;
            return count;
        }

        private boolean fill() throws IOException {
            if (at == piece.length) {
                piece = Base64.getEncoder().encode(plain.readNBytes(PIECE));
                at = 0;
            }
            return piece.length > 0;
        }

        @Override
        public void close() throws IOException {
            plain.close();
        }
    }
}
