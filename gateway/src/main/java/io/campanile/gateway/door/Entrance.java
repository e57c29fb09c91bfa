package io.campanile.gateway.door;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.RequestIds;
import io.campanile.gateway.answers.Cuts;
import io.campanile.gateway.answers.Refusals;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes every request first: refuses the malformed and the too many, stamps the headers every answer has. */
public final class Entrance {
    private final RequestGuard guard;
    private final Door door;
    private final Cuts cuts;
    private final boolean tls;
    private final int most;
    private final MeterRegistry metrics;
    private final Router router;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Map<Integer, Timer> timers = new ConcurrentHashMap<>();

    /** {@code most}: requests in work at once. */
    public Entrance(Vertx vertx, HostNames hosts, Door door, Cuts cuts, boolean tls, int most, MeterRegistry metrics) {
        this.guard = new RequestGuard(hosts);
        this.door = requireNonNull(door, "door");
        this.cuts = requireNonNull(cuts, "cuts");
        this.tls = tls;
        this.most = most;
        this.metrics = requireNonNull(metrics, "metrics");
        this.router = Router.router(vertx);
        router.route().handler(this::admit);
        metrics.gauge("campanile.gateway.in.flight", inFlight);
    }

    public void handle(HttpServerRequest request) {
        if (cuts.has(request.connection())) {
            return;
        }
        Optional<String> objection = guard.objection(request);
        if (objection.isPresent()) {
            Refusals.secure(request.response(), false, tls);
            cuts.cut(request, 400, objection.get());
            return;
        }
        request.pause();
        router.handle(request);
    }

    /** What the parser itself refused: its requests are not whole, so nothing but the answer is safe. */
    public void invalid(HttpServerRequest request) {
        if (cuts.has(request.connection())) {
            return;
        }
        Throwable cause = request.decoderResult().cause();
        boolean line = cause instanceof io.netty.handler.codec.http.TooLongHttpLineException;
        boolean headers = cause instanceof io.netty.handler.codec.http.TooLongHttpHeaderException;
        Refusals.secure(request.response(), false, tls);
        cuts.cut(request, line ? 414 : headers ? 431 : 400, "The request is not valid HTTP");
    }

    private Timer timer(int hundreds) {
        return metrics.timer("campanile.gateway.requests", "status", hundreds + "xx");
    }

    private void admit(RoutingContext context) {
        context.response().putHeader(RequestIds.HEADER, RequestIds.of(context));
        Refusals.secure(context.response(), Door.isPage(context.request().path()), tls);
        if (!Rooms.wantsSocket(context.request())) {
            Timer.Sample sample = Timer.start(metrics);
            int running = inFlight.incrementAndGet();
            context.addEndHandler(ended -> {
                // What nobody read must not stand in the way of the next request on this connection.
                context.request().resume();
                inFlight.decrementAndGet();
                sample.stop(timers.computeIfAbsent(context.response().getStatusCode() / 100, this::timer));
            });
            if (running > most) {
                Refusals.refuse(context, Turnstile.busy());
                return;
            }
        }
        try {
            door.handle(context);
        } catch (RuntimeException e) {
            Refusals.refuse(context, e);
        }
    }
}
