package io.campanile.notebooks.nodes;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** A stream that fails when it is longer than it may be: a node is not believed, and the disk is everybody's. */
public final class LimitedStream implements ReadStream<Buffer> {
    private final ReadStream<Buffer> source;
    private final long limit;
    private long seen;
    private boolean failed;
    private @Nullable Handler<Throwable> failure;
    private @Nullable Handler<Void> end;

    public LimitedStream(ReadStream<Buffer> source, long limit) {
        this.source = requireNonNull(source, "source");
        this.limit = limit;
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
        source.handler(handler == null ? null : part -> pass(part, handler));
        return this;
    }

    private void pass(Buffer part, Handler<Buffer> handler) {
        if (failed) {
            return;
        }
        seen += part.length();
        if (seen <= limit) {
            handler.handle(part);
            return;
        }
        failed = true;
        Handler<Throwable> told = failure;
        if (told != null) {
            told.handle(ApiException.invalid("A result may have at most " + limit + " bytes"));
        }
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
        failure = handler;
        source.exceptionHandler(handler);
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        source.pause();
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        source.resume();
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        source.fetch(amount);
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
        end = handler;
        source.endHandler(
                handler == null
                        ? null
                        : ended -> {
                            Handler<Void> last = end;
                            if (!failed && last != null) {
                                last.handle(ended);
                            }
                        });
        return this;
    }
}
