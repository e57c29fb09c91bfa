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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One body on its way into a file. Pieces collect while the ones before are written; the sender waits when there are too
 * many. The disk begins while the rest is still coming, so that little is left for the end. Everything but writing and
 * syncing happens on the body's event loop.
 */
public final class Receiving {
    private static final int MOST_WAITING = 256 * 1024;
    /** What a piece takes in memory beside its bytes: a sender may cut as finely as it likes. */
    private static final int OF_A_PIECE = 512;

    /** What is copied to the system at once; small enough to be found in the processor's cache both times. */
    private static final int ROOM = 256 * 1024;
    /** Written since the last sync: the most that the end of a large body waits for, as long as the disk keeps up. */
    private static final long UNSYNCED = 16 * 1024 * 1024;
    /** Outside of the heap, where the system takes what it writes from; kept, as they go only with the next collection. */
    private static final Queue<ByteBuffer> SPARE = new ArrayBlockingQueue<>(16);

    private final WorkerExecutor workers;
    private final ReadStream<Buffer> body;
    private final FileChannel channel;
    private final long limit;
    private final Promise<Long> done = Promise.promise();
    private List<Buffer> waiting = new ArrayList<>();
    private int held;
    private long received;
    private long unsynced;
    private boolean writing;
    private boolean syncing;
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
        waiting.add(piece);
        held += OF_A_PIECE + piece.length();
        if (held > MOST_WAITING) {
            body.pause();
        }
        proceed();
    }

    private void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
        // Also for the second: a sender that went away during a write that then fails would be waited for.
        proceed();
    }

    /** Writes what waits, or ends: never while something is being written, nor ends while something is being synced. */
    private void proceed() {
        if (writing) {
            return;
        }
        if (failure == null && !waiting.isEmpty()) {
            write();
            return;
        }
        if ((ended || failure != null) && !syncing) {
            writing = true;
            waiting = List.of();
            workers.<Void>executeBlocking(this::close, false)
                    .onSuccess(closed -> finish(failure))
                    .onFailure(this::finish);
        }
    }

    private void write() {
        writing = true;
        List<Buffer> pieces = waiting;
        waiting = new ArrayList<>(pieces.size());
        held = 0;
        workers.executeBlocking(() -> written(pieces), false)
                .onSuccess(bytes -> {
                    writing = false;
                    unsynced += bytes;
                    if (failure == null && !ended) {
                        body.resume();
                    }
                    syncMeanwhile();
                    proceed();
                })
                .onFailure(broken -> {
                    writing = false;
                    fail(broken);
                });
    }

    private long written(List<Buffer> pieces) throws IOException {
        ByteBuffer room = spare();
        long bytes = 0;
        try {
            for (Buffer piece : pieces) {
                int length = piece.length();
                for (int at = 0; at < length; at += moved(piece, at, room)) {
                    if (!room.hasRemaining()) {
                        empty(room);
                    }
                }
                bytes += length;
            }
            empty(room);
        } finally {
            SPARE.offer(room.clear());
        }
        return bytes;
    }

    private static int moved(Buffer from, int at, ByteBuffer room) {
        int some = Math.min(room.remaining(), from.length() - at);
        ((BufferInternal) from).getByteBuf().getBytes(at, room.limit(room.position() + some));
        room.limit(room.capacity());
        return some;
    }

    private void empty(ByteBuffer room) throws IOException {
        room.flip();
        while (room.hasRemaining()) {
            channel.write(room);
        }
        room.clear();
    }

    /**
     * The system tells of a page that it could not write once for each open file: what this hears the last sync would not
     * hear again.
     */
    private void syncMeanwhile() {
        if (syncing || ended || failure != null || unsynced < UNSYNCED) {
            return;
        }
        syncing = true;
        unsynced = 0;
        workers.<Void>executeBlocking(
                        () -> {
                            channel.force(false);
                            return null;
                        },
                        false)
                .onComplete(synced -> {
                    syncing = false;
                    if (synced.failed()) {
                        fail(synced.cause());
                    } else {
                        proceed();
                    }
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

    public static ApiException tooLarge(long limit) {
        return new ApiException(ErrorCode.REQUEST_TOO_LARGE, "The content has more than " + limit + " bytes");
    }
}
