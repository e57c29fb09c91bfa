package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.common.http.Receiving;
import io.campanile.common.http.SpooledBody;
import io.campanile.common.spool.Spool;
import io.campanile.common.spool.SpoolFolder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RequestBody;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whole notebooks between the socket and their spools. */
public final class Bodies implements AutoCloseable {
    private static final int THREADS = 4;

    private final SpoolFolder folder;
    private final WorkerExecutor workers;

    public Bodies(Vertx vertx, SpoolFolder folder) {
        this.folder = requireNonNull(folder, "folder");
        this.workers = requireNonNull(vertx, "vertx").createSharedWorkerExecutor("notebook-bodies", THREADS);
    }

    /** An empty spool. */
    Spool empty(long limit) {
        return Spool.at(folder.next(), limit, () -> tooLarge(limit));
    }

    /** The body of a request that has just found its route; whoever gets it closes it. */
    Future<Spool> receive(HttpServerRequest request, RequestBody read, long limit) {
        if (!SpooledBody.streamed(request)) {
            @Nullable Buffer body = read.buffer();
            return Future.succeededFuture(Spool.of(body == null ? new byte[0] : body.getBytes()));
        }
        request.pause();
        Path file = folder.next();
        return workers.executeBlocking(() -> new Receiving(workers, request, file, 0, limit), false)
                // Whoever has gone by now is heard of no more.
                .compose(receiving -> request.response().closed()
                        ? receiving.refuse(new ApiException(ErrorCode.BAD_REQUEST, "The content broke off"))
                        : receiving.run())
                .map(size -> Spool.of(file, size))
                .recover(refused -> close(Spool.of(file, 0))
                        .transform(closed -> Future.failedFuture(
                                refused instanceof IOException disk ? NotebookBody.unavailable(disk) : refused)));
    }

    /** Sends all of a spool as the rest of an answer, and closes it. */
    Future<Void> send(Spool spool, HttpServerResponse response) {
        // Within a future: a response that is over by now refuses at once, and the spool is closed all the same.
        return Future.succeededFuture().compose(now -> sent(spool, response)).eventually(() -> close(spool));
    }

    private Future<Void> sent(Spool spool, HttpServerResponse response) {
        response.putHeader("Content-Type", "application/json").putHeader("Content-Length", Long.toString(spool.size()));
        if (spool.file().isPresent()) {
            return response.sendFile(spool.file().get().toString());
        }
        return workers.executeBlocking(spool::bytes, false).compose(bytes -> response.end(Buffer.buffer(bytes)));
    }

    /** Closes a spool off the event loop. */
    Future<Boolean> close(Spool spool) {
        return workers.executeBlocking(
                () -> {
                    spool.close();
                    return true;
                },
                false);
    }

    private static ApiException tooLarge(long limit) {
        return new ApiException(
                ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                "The notebook has more than " + limit + " bytes with its outputs, which is the limit");
    }

    @Override
    public void close() {
        workers.close();
    }
}
