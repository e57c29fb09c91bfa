package io.campanile.common.http;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One body on its way into a file. Pieces collect while the ones before are written; the sender waits when there are too
 * many. Everything but the writing happens on the body's event loop.
 */
public final class Receiving {
    private static final int MOST_WAITING = 256 * 1024;
    private static final int ROOM = MOST_WAITING + Streams.PIECE;
    /** Outside of the heap, where the system takes what it writes from; kept, as they go only with the next collection. */
    private static final Queue<ByteBuffer> SPARE = new ArrayBlockingQueue<>(16);

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final WorkerExecutor workers;
    private final ReadStream<Buffer> body;
    private final FileChannel channel;
    private final long limit;
    private final Promise<Long> done = Promise.promise();
    /** One is filled while the other is written: no piece is copied more often than it must be. */
    private ByteBuffer waiting = spare();

    private ByteBuffer other = spare();
    private long received;
    private boolean writing;
    private boolean ended;
    private @Nullable Throwable failure;

    /** Blocking: opens the file, and forgets what it has beyond {@code at}. */
    public Receiving(WorkerExecutor workers, ReadStream<Buffer> body, Path file, long at, long limit)
            throws IOException {
        this.workers = requireNonNull(workers, "workers");
        this.body = requireNonNull(body, "body");
        this.limit = limit;
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        channel.truncate(at);
        channel.position(at);
    }

    /** The number of bytes, once all of them are on the disk; fails with what the disk said, or what was wrong with them. */
    public Future<Long> run() {
        body.exceptionHandler(gone -> fail(
                new ApiException(ErrorCode.BAD_REQUEST, "The content broke off after " + received + " bytes", gone)));
        body.endHandler(end -> {
            ended = true;
            proceed();
        });
        body.handler(this::take);
        body.resume();
        return done.future();
    }

    /** Takes nothing, and closes the file; fails with {@code why}. */
    public Future<Long> refuse(Throwable why) {
        fail(why);
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
        collect(piece);
        if (waiting.position() > MOST_WAITING) {
            body.pause();
        }
        proceed();
    }

    private void collect(Buffer piece) {
        if (piece.length() > waiting.remaining()) {
            // Of what was on its way when the sender was asked to wait.
            ByteBuffer larger = ByteBuffer.allocateDirect(2 * waiting.position() + piece.length());
            larger.put(waiting.flip());
            keep(waiting);
            waiting = larger;
        }
        int end = waiting.position() + piece.length();
        ((BufferInternal) piece).getByteBuf().getBytes(0, waiting.limit(end));
        waiting.limit(waiting.capacity());
    }

    private void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
        // Also for the second: a sender that went away during a write that then fails would be waited for.
        proceed();
    }

    /** Writes what waits, or ends: never while something is being written. */
    private void proceed() {
        if (writing) {
            return;
        }
        if (failure == null && waiting.position() > 0) {
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
        ByteBuffer left = waiting.flip();
        waiting = other;
        workers.<Void>executeBlocking(
                        () -> {
                            while (left.hasRemaining()) {
                                channel.write(left);
                            }
                            return null;
                        },
                        false)
                .onSuccess(written -> {
                    other = left.clear();
                    writing = false;
                    if (failure == null && !ended) {
                        body.resume();
                    }
                    proceed();
                })
                .onFailure(broken -> {
                    other = left.clear();
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

    /** Nothing is written any more, and nothing is taken. */
    private void finish(@Nullable Throwable why) {
        keep(waiting);
        keep(other);
        waiting = NOTHING;
        other = NOTHING;
        if (why == null) {
            done.tryComplete(received);
            return;
        }
        done.tryFail(why);
    }

    private static ByteBuffer spare() {
        ByteBuffer kept = SPARE.poll();
        return kept == null ? ByteBuffer.allocateDirect(ROOM) : kept;
    }

    private static void keep(ByteBuffer used) {
        if (used.capacity() == ROOM) {
            SPARE.offer(used.clear());
        }
    }

    public static ApiException tooLarge(long limit) {
        return new ApiException(ErrorCode.REQUEST_TOO_LARGE, "The content has more than " + limit + " bytes");
    }
}
