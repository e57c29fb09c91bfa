package io.campanile.workspace.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads a JSON text of any length value by value; one value costs no more memory than a service can bear. */
final class JsonValues implements AutoCloseable {
    /** Bytes of one value: of a cell with its outputs. */
    static final long BYTES = 32L * 1024 * 1024;
    /** Numbers, texts, names and brackets of one value: each is an object in memory, however short it is written. */
    static final int TOKENS = 1_000_000;

    private final Counting in;
    private final JsonParser parser;
    private long begin;
    private int tokens;
    private String reading = "the notebook";

    JsonValues(InputStream stream) throws IOException {
        in = new Counting(stream);
        try {
            parser = new Limited(Json.MAPPER.getFactory().createParser(in));
        } catch (CharConversionException e) {
            // The first bytes, by which it is told how the text is encoded, are those of no text.
            throw refused(e);
        }
    }

    /** Where the reading is; values are read by {@link #value}. */
    JsonParser parser() {
        return parser;
    }

    /** The value that begins here; {@code name} is what a refusal says it is. */
    JsonNode value(String name) throws IOException {
        begin = in.count;
        tokens = 0;
        reading = name;
        try {
            return Json.MAPPER.readTree(parser);
        } finally {
            begin = Long.MAX_VALUE;
            tokens = Integer.MIN_VALUE;
        }
    }

    /** Goes past the value that begins here. */
    void skip(String name) throws IOException {
        reading = name;
        begin = Long.MAX_VALUE;
        tokens = Integer.MIN_VALUE;
        parser.skipChildren();
    }

    /** What the reader could not take. */
    ApiException refused(IOException failure) {
        if (failure instanceof StreamConstraintsException) {
            return new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "Field content: a single value of " + reading
                            + " is larger than 20 MB, or it is nested more than 1000 levels deep",
                    failure);
        }
        return new ApiException(
                ErrorCode.INVALID_PARAMETER_VALUE,
                "Field content: the content is not a Jupyter notebook: it is not JSON",
                failure);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private ApiException tooLarge() {
        return new ApiException(
                ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                "Field content: " + reading + " has more than " + BYTES + " bytes, or more than " + TOKENS
                        + " values, with its outputs");
    }

    private final class Limited extends JsonParserDelegate {
        Limited(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            tokens++;
            if (tokens > TOKENS || in.count - begin > BYTES) {
                throw tooLarge();
            }
            return super.nextToken();
        }
    }

    private static final class Counting extends FilterInputStream {
        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count += one < 0 ? 0 : 1;
            return one;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int got = super.read(into, from, length);
            count += Math.max(0, got);
            return got;
        }
    }
}
