package io.campanile.workspace.objects;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Decodes base64 that comes character by character. Space around it is let pass, within it is refused. */
final class Base64Text implements AutoCloseable {
    private final OutputStream out;
    /** Whole groups of four, so that each piece decodes by itself. */
    private final byte[] text = new byte[64 * 1024];

    private final byte[] bytes = new byte[48 * 1024];
    private int length;
    private boolean begun;
    private boolean ended;

    Base64Text(OutputStream out) {
        this.out = out;
    }

    void add(int character) throws IOException {
        if (character <= ' ') {
            ended = begun;
            return;
        }
        if (ended || character > 'z') {
            throw refused(null);
        }
        begun = true;
        text[length++] = (byte) character;
        if (length == text.length) {
            decode();
        }
    }

    private void decode() throws IOException {
        try {
            // The end of the whole is where padding may be: nothing may follow it.
            ended = length > 0 && text[length - 1] == '=';
            int got = length == text.length
                    ? Base64.getDecoder().decode(text, bytes)
                    : Base64.getDecoder().decode(Arrays.copyOf(text, length), bytes);
            out.write(bytes, 0, got);
            length = 0;
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
    }

    /** Decodes what is left, unless the text was refused. */
    @Override
    public void close() throws IOException {
        if (length < text.length) {
            decode();
        }
        out.close();
    }

    private static ApiException refused(@Nullable Throwable cause) {
        return new ApiException(ErrorCode.INVALID_PARAMETER_VALUE, "Field content: content is not valid base64", cause);
    }
}
