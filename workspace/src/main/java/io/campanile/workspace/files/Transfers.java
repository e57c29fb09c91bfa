package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Contents on their way in and out: a few pieces of each in memory, a bounded number of them at once. */
public final class Transfers implements AutoCloseable {
    private static final int THREADS = 8;

    private final WorkerExecutor workers;
    private final Places places;

    /** {@code most}: contents on their way at the same time. */
    public Transfers(Vertx vertx, int most) {
        this.workers = requireNonNull(vertx, "vertx").createSharedWorkerExecutor("file-transfers", THREADS);
        this.places = new Places(most);
    }

    /** Writes a request's body into a file from position {@code at} on; the number of bytes. The request is paused. */
    public Future<Long> receive(Caller caller, HttpServerRequest request, Path file, long at, long limit) {
        if (announced(request) > limit) {
            return Future.failedFuture(tooLarge(limit));
        }
        if (!places.take(caller)) {
            return Future.failedFuture(busy());
        }
        return workers.executeBlocking(() -> new Receiving(workers, request, file, at, limit), false)
                .compose(Receiving::run)
                .onComplete(ended -> places.give(caller));
    }

    /** Writes all of a stream as the rest of an answer, then closes it. */
    public Future<Void> send(Caller caller, InputStream content, HttpServerResponse response) {
        if (!places.take(caller)) {
            return workers.<Void>executeBlocking(
                            () -> {
                                content.close();
                                return null;
                            },
                            false)
                    .transform(closed -> Future.failedFuture(busy()));
        }
        return new Sending(workers, content, response).run().onComplete(ended -> places.give(caller));
    }

    /** Lets a body come and go, so that the client reads the refusal instead of finding the connection broken. */
    public static void discard(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        request.exceptionHandler(gone -> {});
        request.handler(piece -> {});
        request.resume();
    }

    static ApiException tooLarge(long limit) {
        return new ApiException(ErrorCode.REQUEST_TOO_LARGE, "The content has more than " + limit + " bytes");
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length == null ? -1 : Long.parseLong(length);
    }

    private static ApiException busy() {
        return new ApiException(
                ErrorCode.TEMPORARILY_UNAVAILABLE,
                "Too many files are being transferred; try again",
                List.of(Map.of("retry_after_seconds", 2)),
                null);
    }

    @Override
    public void close() {
        workers.close();
    }
}
