package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Places;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.common.http.Handover;
import io.campanile.common.http.Receiving;
import io.campanile.workspace.blobs.BlobErrors;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Contents on their way in and out: a few pieces of each in memory, a bounded number of them at once. */
public final class Transfers implements AutoCloseable {
    private static final int THREADS = 8;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final Places places;

    /** {@code most}: contents on their way at the same time. */
    public Transfers(Vertx vertx, int most) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.workers = vertx.createSharedWorkerExecutor("file-transfers", THREADS);
        this.places = new Places(most);
    }

    /** Writes a request's body into a file from position {@code at} on; the number of bytes. The request is paused. */
    public Future<Long> receive(Caller caller, HttpServerRequest request, Path file, long at, long limit) {
        if (announced(request) > limit) {
            return Future.failedFuture(Receiving.tooLarge(limit));
        }
        if (!places.take(caller)) {
            return Future.failedFuture(busy());
        }
        return received(request, file, at, limit)
                .recover(failure ->
                        Future.failedFuture(failure instanceof IOException io ? BlobErrors.translate(io) : failure))
                .onComplete(ended -> places.give(caller));
    }

    private Future<Long> received(HttpServerRequest request, Path file, long at, long limit) {
        @Nullable String handed = request.getHeader(Handover.BODY);
        if (handed == null) {
            return workers.executeBlocking(() -> new Receiving(workers, request, file, at, limit), false)
                    // Whoever has gone by now is heard of no more.
                    .compose(receiving -> request.response().closed()
                            ? receiving.refuse(new ApiException(ErrorCode.BAD_REQUEST, "The content broke off"))
                            : receiving.run());
        }
        // The gateway writes the file in its own time, and on its own event loop; here it goes on where it was.
        Context here = vertx.getOrCreateContext();
        Promise<Long> done = Promise.promise();
        Handover.withinThisProcess()
                .takeBody(handed)
                .map(body -> body.into(file, at, limit))
                .orElseGet(() -> Future.failedFuture(new ApiException(ErrorCode.BAD_REQUEST, "The content broke off")))
                .onComplete(result -> here.runOnContext(now -> done.handle(result)));
        return done.future();
    }

    /** Writes all of a stream as the rest of the answer to a request, then closes it. */
    public Future<Void> send(Caller caller, InputStream content, HttpServerRequest request) {
        if (!places.take(caller)) {
            return workers.<Void>executeBlocking(
                            () -> {
                                content.close();
                                return null;
                            },
                            false)
                    .transform(closed -> Future.failedFuture(busy()));
        }
        return new Sending(vertx, workers, content, request).run().onComplete(ended -> places.give(caller));
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
