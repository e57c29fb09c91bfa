package io.campanile.gateway.proxy;

import io.campanile.common.concurrent.Intake;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.Streams;
import io.campanile.gateway.answers.Cuts;
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
    private final Cuts cuts;
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

    BodyPump(RoutingContext context, HttpClientRequest upstream, Cuts cuts, Room room) {
        this.context = context;
        this.request = context.request();
        this.upstream = upstream;
        this.cuts = cuts;
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
        upstream.drainHandler(drained -> request.resume());
        request.handler(this::move);
        request.exceptionHandler(this::broken);
        request.endHandler(ended -> {
            if (!stopped) {
                upstream.end();
            }
        });
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            context.response().writeContinue();
        }
        request.resume();
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
            request.pause();
        }
    }

    private void stop(ApiException why) {
        stopped = true;
        // The refusal first: the reset fails the exchange, and that failure would be answered instead.
        Refusals.refuse(context, why);
        upstream.reset();
    }

    /** The client went away or its chunks make no sense: the service must not see a body that ends normally. */
    private void broken(Throwable failure) {
        if (!stopped) {
            stopped = true;
            cuts.cut(request, 400, "The request body could not be read");
            upstream.reset();
        }
    }
}
