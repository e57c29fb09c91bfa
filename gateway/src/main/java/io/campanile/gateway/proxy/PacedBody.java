package io.campanile.gateway.proxy;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.gateway.answers.Cuts;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, which has to come at a pace: otherwise, and when it breaks off or makes no sense, the connection is
 * cut and the reader told. On the event loop only.
 */
final class PacedBody implements ReadStream<Buffer> {
    private static final long NONE = -1;

    private final HttpServerRequest request;
    private final Vertx vertx;
    private final Cuts cuts;
    private final Pace.Limits limits;
    private final Pace pace;
    private @Nullable Handler<Throwable> broken;
    private long timer = NONE;
    private boolean over;

    PacedBody(RoutingContext context, Cuts cuts, Pace.Limits limits) {
        this.request = context.request();
        this.vertx = context.vertx();
        this.cuts = cuts;
        this.limits = limits;
        this.pace = new Pace(limits);
        request.exceptionHandler(failure -> fail(400, "The request body could not be read", failure));
        context.addEndHandler(ended -> stop());
    }

    @Override
    public PacedBody handler(@Nullable Handler<Buffer> handler) {
        request.handler(
                handler == null
                        ? null
                        : piece -> {
                            pace.came(piece.length());
                            handler.handle(piece);
                        });
        return this;
    }

    @Override
    public PacedBody endHandler(@Nullable Handler<Void> handler) {
        request.endHandler(ended -> {
            stop();
            if (handler != null) {
                handler.handle(ended);
            }
        });
        return this;
    }

    @Override
    public PacedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        broken = handler;
        return this;
    }

    @Override
    public PacedBody pause() {
        pace.holds(System.nanoTime());
        request.pause();
        return this;
    }

    @Override
    public PacedBody resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public PacedBody fetch(long amount) {
        pace.waits(System.nanoTime());
        if (timer == NONE && !over) {
            timer = vertx.setPeriodic(limits.lookMillis(), id -> look());
        }
        request.fetch(amount);
        return this;
    }

    private void look() {
        if (pace.over(System.nanoTime())) {
            String why = "The request body came too slowly: it may stand still for "
                    + limits.patience().toSeconds() + " s, and needs " + limits.rate() + " bytes a second";
            fail(408, why, new ApiException(ErrorCode.BAD_REQUEST, why));
        }
    }

    private void fail(int status, String message, Throwable failure) {
        stop();
        // The answer first: what the reader does about it would be answered instead.
        cuts.cut(request, status, message);
        if (broken != null) {
            broken.handle(failure);
        }
    }

    private void stop() {
        over = true;
        if (timer != NONE) {
            vertx.cancelTimer(timer);
            timer = NONE;
        }
    }
}
