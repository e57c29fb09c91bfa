package io.campanile.workspace.objects;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Errors;
import io.campanile.common.json.Json;
import io.campanile.common.spool.Spool;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The JSON body of an import, read as a stream: a JSON parser would have its content, which is most of it, in memory as
 * one string. Here the string {@code content} of the outermost object goes decoded into a spool, an empty one takes its
 * place, and the small rest is JSON like any other.
 */
final class ImportReader {
    private static final String CONTENT = "content";
    /** Of everything but the content. */
    private static final int LARGEST_REST = 2 * 1024 * 1024;

    private final InputStream in;
    private final Spool content;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private final byte[] piece = new byte[64 * 1024];
    private int length;
    private int at;
    private boolean decoded;

    private ImportReader(InputStream in, Spool content) {
        this.in = in;
        this.content = content;
    }

    /** Reads the fields of a body; what {@code content} says is then in the spool. */
    static WorkspaceRoutes.ImportBody read(InputStream body, Spool content) throws IOException {
        ImportReader reader = new ImportReader(body, content);
        try {
            reader.scan();
        } catch (EOFException broken) {
            throw new ApiException(ErrorCode.MALFORMED_REQUEST, "The request body is not valid JSON", broken);
        }
        return reader.fields();
    }

    private WorkspaceRoutes.ImportBody fields() throws IOException {
        WorkspaceRoutes.@Nullable ImportBody read;
        try {
            byte[] json = rest.size() == 0 ? new byte[] {'{', '}'} : rest.toByteArray();
            read = Json.MAPPER.readValue(json, WorkspaceRoutes.ImportBody.class);
        } catch (JsonProcessingException e) {
            throw Errors.malformed(e);
        } catch (IOException e) {
            throw new ApiException(ErrorCode.MALFORMED_REQUEST, "The request body is not valid JSON", e);
        }
        if (read == null) {
            throw new ApiException(ErrorCode.MALFORMED_REQUEST, "The request body is null");
        }
        String spelled = ApiException.require(read.content(), CONTENT);
        if (!decoded) {
            // Its name was written with escapes, or the body in UTF-16: then it is among the rest.
            try (Base64Text text = new Base64Text(content.out())) {
                for (byte one : spelled.getBytes(StandardCharsets.UTF_8)) {
                    text.add(one);
                }
            }
        }
        return read;
    }

    private void scan() throws IOException {
        int depth = 0;
        boolean object = false;
        boolean name = false;
        @Nullable String last = null;
        for (int one = next(); one >= 0; one = next()) {
            if (one == '"') {
                boolean top = depth == 1 && object;
                if (top && !name && CONTENT.equals(last)) {
                    decode();
                } else {
                    String kept = keepString();
                    last = top && name ? kept : last;
                }
                name = name && !top;
                continue;
            }
            keep(one);
            if (one == '{' || one == '[') {
                depth++;
                object = depth == 1 ? one == '{' : object;
                name = depth == 1 && object;
            } else if (one == '}' || one == ']') {
                depth--;
            } else if (one == ',' && depth == 1) {
                name = object;
            }
        }
    }

    /** Answers how the string is spelled, as far as it may be the name of the content. */
    private String keepString() throws IOException {
        StringBuilder spelled = new StringBuilder();
        keep('"');
        for (int one = some(); one != '"'; one = some()) {
            keep(one);
            if (spelled.length() <= CONTENT.length()) {
                spelled.append((char) one);
            }
            if (one == '\\') {
                keep(some());
            }
        }
        keep('"');
        return spelled.toString();
    }

    private void decode() throws IOException {
        if (decoded) {
            throw new ApiException(ErrorCode.MALFORMED_REQUEST, "Field content is there twice");
        }
        decoded = true;
        try (Base64Text text = new Base64Text(content.out())) {
            for (int one = some(); one != '"'; one = some()) {
                text.add(one == '\\' ? escaped() : one);
            }
        }
        keep('"');
        keep('"');
    }

    private int escaped() throws IOException {
        int kind = some();
        switch (kind) {
            case 'n', 'r', 't', 'f', 'b' -> {
                return ' ';
            }
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(some(), 16);
                    if (digit < 0) {
                        throw new ApiException(ErrorCode.MALFORMED_REQUEST, "The request body is not valid JSON");
                    }
                    code = code * 16 + digit;
                }
                return code;
            }
            default -> {
                return kind;
            }
        }
    }

    private void keep(int one) {
        if (rest.size() == LARGEST_REST) {
            throw new ApiException(
                    ErrorCode.MALFORMED_REQUEST,
                    "The fields of the request besides content have more than " + LARGEST_REST + " bytes");
        }
        rest.write(one);
    }

    /** The next byte, where one must come. */
    private int some() throws IOException {
        int one = next();
        if (one < 0) {
            throw new EOFException();
        }
        return one;
    }

    private int next() throws IOException {
        if (at == length) {
            length = Math.max(0, in.read(piece));
            at = 0;
            if (length == 0) {
                return -1;
            }
        }
        return piece[at++] & 0xff;
    }
}
