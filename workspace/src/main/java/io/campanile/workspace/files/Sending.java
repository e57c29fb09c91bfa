package io.campanile.workspace.files;

import static java.util.Objects.requireNonNull;

import io.campanile.workspace.blobs.FileRange;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** One content on its way out: a piece is read while the one before is on the wire, at the pace of the reader. */
final class Sending {
    private static final int PIECE = 256 * 1024;

    private final WorkerExecutor workers;
    private final InputStream content;
    private final HttpServerResponse response;
    private final Promise<Void> done = Promise.promise();
    private boolean gone;
    private boolean reading;
    private boolean over;

    Sending(WorkerExecutor workers, InputStream content, HttpServerResponse response) {
        this.workers = requireNonNull(workers, "workers");
        this.content = requireNonNull(content, "content");
        this.response = requireNonNull(response, "response");
    }

    Future<Void> run() {
        if (content instanceof FileRange file) {
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

    /** From the disk to the wire within the system: the bytes of a file in a folder never pass through this process. */
    private Future<Void> sent(FileRange file) {
        response.exceptionHandler(broken -> {});
        return workers.executeBlocking(() -> file.channel().position(), false)
                .compose(from -> response.sendFile(file.channel(), from, file.left()))
                .onFailure(broken -> response.reset())
                .eventually(() -> workers.executeBlocking(
                        () -> {
                            content.close();
                            return true;
                        },
                        false));
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
        workers.<Void>executeBlocking(
                        () -> {
                            content.close();
                            return null;
                        },
                        false)
                .onComplete(closed -> {
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
