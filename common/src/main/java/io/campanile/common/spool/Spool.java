package io.campanile.common.spool;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.http.SpooledBody;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are written once and can then be read again and again: a few are in memory, more go to a file, so that a
 * hundred megabytes cost no more memory than one. Closing it deletes the file. One thread at a time.
 */
public final class Spool implements AutoCloseable {
    private static final int PIECE = 64 * 1024;

    private final @Nullable Path place;
    private final long limit;
    private final Supplier<ApiException> tooLong;
    private final Bytes memory = new Bytes();
    private @Nullable OutputStream file;
    private long size;

    private Spool(@Nullable Path place, long limit, Supplier<ApiException> tooLong) {
        this.place = place;
        this.limit = limit;
        this.tooLong = requireNonNull(tooLong, "tooLong");
    }

    /**
     * An empty one.
     *
     * @param place a name for the file, which nothing has yet
     * @param limit bytes it may have; one more is refused with {@code tooLong}
     */
    public static Spool at(Path place, long limit, Supplier<ApiException> tooLong) {
        return new Spool(requireNonNull(place, "place"), limit, tooLong);
    }

    /** A body that is in memory already. */
    public static Spool of(byte[] bytes) {
        Spool spool = new Spool(null, bytes.length, Spool::full);
        spool.memory.writeBytes(bytes);
        spool.size = bytes.length;
        return spool;
    }

    /** A body that has come into a file, which this deletes. */
    public static Spool of(Path file, long size) {
        Spool spool = new Spool(requireNonNull(file, "file"), size, Spool::full);
        spool.size = size;
        spool.file = OutputStream.nullOutputStream();
        return spool;
    }

    /** Where it is written; closing that ends the writing. */
    public OutputStream out() {
        return new Writing();
    }

    public long size() {
        return size;
    }

    /** The file it is in; empty while it is in memory. */
    public Optional<Path> file() {
        return file == null ? Optional.empty() : Optional.of(requireNonNull(place, "place"));
    }

    /** From its beginning; whoever opens it closes it. */
    public InputStream open() throws IOException {
        return file == null
                ? new ByteArrayInputStream(memory.array(), 0, memory.size())
                : Files.newInputStream(requireNonNull(place, "place"));
    }

    /** It as the body of a request. */
    public HttpRequest.BodyPublisher publisher() throws IOException {
        return file == null
                ? HttpRequest.BodyPublishers.ofByteArray(memory.array(), 0, memory.size())
                : HttpRequest.BodyPublishers.ofFile(requireNonNull(place, "place"));
    }

    /** The first bytes, at most {@code most}. */
    public byte[] head(int most) throws IOException {
        try (InputStream in = open()) {
            return in.readNBytes(most);
        }
    }

    /** All of it, for what has been found to be small. */
    public byte[] bytes() throws IOException {
        return head(Math.toIntExact(size));
    }

    /** Fails never: what cannot be deleted now is swept at the next start. */
    @Override
    public void close() {
        if (file == null) {
            return;
        }
        try (OutputStream open = file) {
            Files.deleteIfExists(requireNonNull(place, "place"));
        } catch (IOException swept) {
            file = OutputStream.nullOutputStream();
        }
    }

    private static ApiException full() {
        throw new IllegalStateException("Nothing is added to a body that has come");
    }

    private void write(byte[] bytes, int from, int length) throws IOException {
        if (size + length > limit) {
            throw tooLong.get();
        }
        size += length;
        if (file == null && place != null && size > SpooledBody.LARGE) {
            file = new BufferedOutputStream(Files.newOutputStream(place), PIECE);
            memory.writeTo(file);
            memory.forget();
        }
        if (file == null) {
            memory.write(bytes, from, length);
        } else {
            file.write(bytes, from, length);
        }
    }

    private final class Writing extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            Spool.this.write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            Spool.this.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }

    private static final class Bytes extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }

        void forget() {
            buf = new byte[0];
            count = 0;
        }
    }
}
