package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.Handover;
import io.campanile.workspace.blobs.FileRange;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** One content on its way out: a piece is read while the one before is on the wire, at the pace of the reader. */
final class Sending {
    private static final int PIECE = 256 * 1024;
    private static final long UNTAKEN_MILLIS = 60_000;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final InputStream content;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    /** Whether who asks is in this process and takes files. */
    private final boolean handedOver;

    private final Promise<Void> done = Promise.promise();
    private boolean gone;
    private boolean reading;
    private boolean over;

    Sending(Vertx vertx, WorkerExecutor workers, InputStream content, HttpServerRequest request) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.workers = requireNonNull(workers, "workers");
        this.content = requireNonNull(content, "content");
        this.request = requireNonNull(request, "request");
        this.response = request.response();
        this.handedOver = Handover.withinThisProcess().process().equals(request.getHeader(Handover.TAKER));
    }

    Future<Void> run() {
        // The library cannot send a file on a connection that has many streams.
        if (content instanceof FileRange file && (handedOver || request.version() == HttpVersion.HTTP_1_1)) {
            return sent(file);
        }
        response.setWriteQueueMaxSize(2 * PIECE);
        response.closeHandler(closed -> {
            gone = true;
            next();
        });
        response.exceptionHandler(broken -> {});
        next();
        return done.future();
    }

    /** The bytes of a file in a folder never pass through this process: the system sends them, or the gateway has it do so. */
    private Future<Void> sent(FileRange file) {
        response.exceptionHandler(broken -> {});
        if (handedOver) {
            return workers.executeBlocking(() -> file.channel().position(), false)
                    .compose(from -> given(new Handover.OpenFile(file.channel(), from, file.left())));
        }
        return workers.executeBlocking(() -> file.channel().position(), false)
                .compose(from -> response.sendFile(file.channel(), from, file.left()))
                .onFailure(broken -> response.reset())
                .eventually(this::closed);
    }

    private Future<Void> given(Handover.OpenFile file) {
        Handover handover = Handover.withinThisProcess();
        String key = handover.give(file);
        response.headers().remove("Content-Length");
        // When the gateway went away meanwhile nobody else will close it.
        vertx.setTimer(UNTAKEN_MILLIS, late -> handover.take(key).ifPresent(left -> closed()));
        return response.putHeader(Handover.GIVEN, key).end();
    }

    private Future<Void> closed() {
        return workers.executeBlocking(
                () -> {
                    content.close();
                    return null;
                },
                false);
    }

    private void next() {
        if (reading || over) {
            return;
        }
        if (gone) {
            end(null);
            return;
        }
        reading = true;
        workers.executeBlocking(() -> content.readNBytes(PIECE), false)
                .onSuccess(piece -> {
                    reading = false;
                    write(piece);
                })
                .onFailure(broken -> {
                    reading = false;
                    end(broken);
                });
    }

    private void write(byte[] piece) {
        if (gone || piece.length == 0) {
            end(null);
            return;
        }
        response.write(Buffer.buffer(piece));
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> next());
        } else {
            next();
        }
    }

    /** A failure cuts the connection: the beginning has been sent, and an ordinary end would make it look whole. */
    private void end(@Nullable Throwable broken) {
        over = true;
        closed().onComplete(closed -> {
            if (broken != null) {
                response.reset();
                done.tryFail(broken);
            } else if (gone) {
                done.tryComplete();
            } else {
                response.end().onComplete(ended -> done.tryComplete());
            }
        });
    }
}
