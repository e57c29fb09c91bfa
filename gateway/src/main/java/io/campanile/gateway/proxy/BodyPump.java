package io.campanile.gateway.proxy;

import io.campanile.common.concurrent.Intake;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Streams;
import io.campanile.gateway.answers.Refusals;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.LongFunction;

/** Moves a request body to the service at the pace the service takes it, and counts it. On the event loop only. */
final class BodyPump {
    private final RoutingContext context;
    private final HttpServerRequest request;
    private final HttpClientRequest upstream;
    private final PacedBody body;
    private final Room room;
    private long moved;
    private boolean stopped;

    /**
     * What the body may have: at most {@code limit} bytes; unless the share has them already, as many as it takes.
     *
     * @param streamed whether the service takes it as it comes
     * @param tooLarge what one with more is told
     */
    record Room(long limit, boolean streamed, boolean taken, LongFunction<ApiException> tooLarge, Intake.Share share) {}

    BodyPump(RoutingContext context, PacedBody body, HttpClientRequest upstream, Room room) {
        this.context = context;
        this.request = context.request();
        this.upstream = upstream;
        this.body = body;
        this.room = room;
    }

    void start() {
        long announced = Bodies.announced(request);
        if (announced >= 0) {
            upstream.putHeader("Content-Length", Long.toString(announced));
        } else {
            upstream.setChunked(true);
        }
        upstream.setWriteQueueMaxSize(Streams.QUEUE / 2);
        upstream.exceptionHandler(failure -> stopped = true);
        upstream.drainHandler(drained -> body.resume());
        body.handler(this::move);
        // The client went away or its chunks make no sense: the service must not see a body that ends normally.
        body.exceptionHandler(broken -> abandon());
        body.endHandler(ended -> {
            if (!stopped) {
                upstream.end();
            }
        });
        // With the answer the share was given back: what still comes must not be counted into it.
        context.addEndHandler(ended -> {
            if (ended.succeeded() && !request.isEnded()) {
                abandon();
            }
        });
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            context.response().writeContinue();
        }
        body.resume();
    }

    private void move(Buffer part) {
        if (stopped) {
            return;
        }
        moved += part.length();
        if (moved > room.limit()) {
            stop(room.tooLarge().apply(room.limit()));
            return;
        }
        if (!room.taken() && !room.share().take(part.length())) {
            stop(Bodies.full());
            return;
        }
        upstream.write(part);
        if (upstream.writeQueueFull()) {
            body.pause();
        }
    }

    private void stop(ApiException why) {
        stopped = true;
        // The refusal first: the reset fails the exchange, and that failure would be answered instead.
        Refusals.refuse(context, why);
        upstream.reset();
    }

    private void abandon() {
        if (!stopped) {
            stopped = true;
            upstream.reset();
        }
    }
}
