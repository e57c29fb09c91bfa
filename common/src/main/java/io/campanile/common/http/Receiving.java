package io.campanile.common.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One body on its way into a file. Pieces collect while the ones before are written; the sender waits when there are too
 * many. Everything but the writing happens on the request's event loop.
 */
public final class Receiving {
    private static final int MOST_WAITING = 256 * 1024;
    private static final int ROOM = MOST_WAITING + 64 * 1024;

    private final WorkerExecutor workers;
    private final HttpServerRequest request;
    private final FileChannel channel;
    private final long limit;
    private final Promise<Long> done = Promise.promise();
    /** One is filled while the other is written: no piece is copied more often than it must be. */
    private byte[] waiting = new byte[ROOM];

    private byte[] other = new byte[ROOM];
    private int waits;
    private long received;
    private boolean writing;
    private boolean ended;
    private @Nullable Throwable failure;

    /** Blocking: opens the file, and forgets what it has beyond {@code at}. */
    public Receiving(WorkerExecutor workers, HttpServerRequest request, Path file, long at, long limit)
            throws IOException {
        this.workers = requireNonNull(workers, "workers");
        this.request = requireNonNull(request, "request");
        this.limit = limit;
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        channel.truncate(at);
        channel.position(at);
    }

    /** The number of bytes, once all of them are on the disk; fails with what the disk said, or what was wrong with them. */
    public Future<Long> run() {
        request.exceptionHandler(gone -> fail(
                new ApiException(ErrorCode.BAD_REQUEST, "The content broke off after " + received + " bytes", gone)));
        request.endHandler(end -> {
            ended = true;
            proceed();
        });
        request.handler(this::take);
        request.resume();
        return done.future();
    }

    private void take(Buffer piece) {
        if (failure != null) {
            return;
        }
        received += piece.length();
        if (received > limit) {
            fail(tooLarge(limit));
            return;
        }
        if (waits + piece.length() > waiting.length) {
            waiting = Arrays.copyOf(waiting, waits + piece.length());
        }
        piece.getBytes(0, piece.length(), waiting, waits);
        waits += piece.length();
        if (waits > MOST_WAITING) {
            request.pause();
        }
        proceed();
    }

    private void fail(Throwable why) {
        if (failure == null) {
            failure = why;
            waits = 0;
            proceed();
        }
    }

    /** Writes what waits, or ends: never while something is being written. */
    private void proceed() {
        if (writing) {
            return;
        }
        if (failure == null && waits > 0) {
            write();
            return;
        }
        if (ended || failure != null) {
            writing = true;
            workers.<Void>executeBlocking(this::close, false)
                    .onSuccess(closed -> finish(failure))
                    .onFailure(this::finish);
        }
    }

    private void write() {
        writing = true;
        byte[] bytes = waiting;
        ByteBuffer left = ByteBuffer.wrap(bytes, 0, waits);
        waiting = other;
        waits = 0;
        workers.<Void>executeBlocking(
                        () -> {
                            while (left.hasRemaining()) {
                                channel.write(left);
                            }
                            return null;
                        },
                        false)
                .onSuccess(written -> {
                    other = bytes;
                    writing = false;
                    if (failure == null && !ended) {
                        request.resume();
                    }
                    proceed();
                })
                .onFailure(broken -> {
                    writing = false;
                    fail(broken);
                });
    }

    private @Nullable Void close() throws IOException {
        try (channel) {
            channel.force(true);
        }
        return null;
    }

    private void finish(@Nullable Throwable why) {
        if (why == null) {
            done.tryComplete(received);
            return;
        }
        done.tryFail(why);
    }

    public static ApiException tooLarge(long limit) {
        return new ApiException(ErrorCode.REQUEST_TOO_LARGE, "The content has more than " + limit + " bytes");
    }
}
