package io.campanile.gateway.proxy;

import io.campanile.gateway.answers.Cuts;
import io.campanile.gateway.answers.Refusals;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Moves a request body to the service at the pace the service takes it, and counts it. On the event loop only. */
final class BodyPump {
    private final RoutingContext context;
    private final HttpServerRequest request;
    private final HttpClientRequest upstream;
    private final Cuts cuts;
    private final long limit;
    private long moved;
    private boolean stopped;

    BodyPump(RoutingContext context, HttpClientRequest upstream, Cuts cuts, long limit) {
        this.context = context;
        this.request = context.request();
        this.upstream = upstream;
        this.cuts = cuts;
        this.limit = limit;
    }

    void start() {
        long announced = Bodies.announced(request);
        if (announced >= 0) {
            upstream.putHeader("Content-Length", Long.toString(announced));
        } else {
            upstream.setChunked(true);
        }
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
        if (moved > limit) {
            stopped = true;
            // The refusal first: the reset fails the exchange, and that failure would be answered instead.
            Refusals.refuse(context, Bodies.tooLarge(limit));
            upstream.reset();
            return;
        }
        upstream.write(part);
        if (upstream.writeQueueFull()) {
            request.pause();
        }
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
