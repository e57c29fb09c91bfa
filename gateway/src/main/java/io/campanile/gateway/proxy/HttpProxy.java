package io.campanile.gateway.proxy;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Intake;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Handover;
import io.campanile.common.http.Streams;
import io.campanile.gateway.access.Principal;
import io.campanile.gateway.answers.Cuts;
import io.campanile.gateway.answers.Refusals;
import io.campanile.gateway.upstream.Upstreams;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Streams a request to its service and the answer back, never holding more of either than is on the wire. */
public final class HttpProxy {
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Of a streamed body: the queue of the connection to the service, and what is being read. */
    private static final long PASSING = Streams.QUEUE;

    /** Most requests are no larger; what large bodies do to each other does not touch these. */
    private static final long SMALL = 64 * 1024;

    private final Upstreams upstreams;
    private final Forwarded forwarded;
    private final Cuts cuts;
    private final Intake intake;
    private final Intake small;
    private final WorkerExecutor bodies;
    private final Duration idle;
    private final Pace.Limits pace;

    /** {@code bodies}: writes what is handed over to services of this process. */
    public HttpProxy(
            Upstreams upstreams,
            Forwarded forwarded,
            Cuts cuts,
            Intake intake,
            WorkerExecutor bodies,
            Duration idle,
            Pace.Limits pace) {
        this.bodies = requireNonNull(bodies, "bodies");
        this.upstreams = requireNonNull(upstreams, "upstreams");
        this.forwarded = requireNonNull(forwarded, "forwarded");
        this.cuts = requireNonNull(cuts, "cuts");
        this.intake = requireNonNull(intake, "intake");
        this.small = new Intake(Math.max(8 * SMALL, intake.most() / 8));
        this.idle = requireNonNull(idle, "idle");
        this.pace = requireNonNull(pace, "pace");
    }

    /**
     * What a request's body may be.
     *
     * @param limit bytes it may have
     * @param streamed the service takes it as it comes: only what is on its way between the two is ever in memory
     * @param tooLarge what one with more is told
     */
    public record Body(long limit, boolean streamed, LongFunction<ApiException> tooLarge) {
        public Body {
            requireNonNull(tooLarge, "tooLarge");
        }

        /** One that is refused in the usual words. */
        public Body(long limit, boolean streamed) {
            this(limit, streamed, Bodies::tooLarge);
        }

        /** What of a body takes room in the intake. */
        private long held(long announced) {
            return streamed ? PASSING : Math.max(0, announced);
        }
    }

    public void forward(RoutingContext context, Principal principal, String service, Body body) {
        long limit = body.limit();
        long announced = Bodies.announced(context.request());
        if (announced > limit) {
            throw body.tooLarge().apply(limit);
        }
        boolean apart = !body.streamed() && announced >= 0 && announced <= SMALL;
        Intake.Share share = (apart ? small : intake).share(principal.person());
        long held = body.held(announced);
        if (!share.take(held)) {
            throw Bodies.full();
        }
        boolean taken = apart || body.streamed();
        if (!taken) {
            // There was room: what is only announced keeps nobody out, and is counted as it comes.
            share.giveBack(held);
        }
        context.addEndHandler(ended -> share.release());
        attempt(
                context,
                principal,
                service,
                new BodyPump.Room(limit, body.streamed(), taken, body.tooLarge(), share),
                true);
    }

    private void attempt(
            RoutingContext context, Principal principal, String service, BodyPump.Room room, boolean again) {
        HttpServerRequest request = context.request();
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setURI(request.uri())
                .setHeaders(forwarded.headers(context, principal, service))
                .setIdleTimeout(idle.toMillis());
        boolean hasBody = Bodies.announced(request) > 0 || request.headers().contains("Transfer-Encoding");
        @Nullable PacedBody body = hasBody ? new PacedBody(context, cuts, pace) : null;
        @Nullable
        HandedBody handed = body != null && room.streamed() && upstreams.takesBodies(service)
                ? new HandedBody(context, body, bodies, room.limit(), idle)
                : null;
        if (handed != null) {
            options.putHeader(Handover.BODY, handed.key());
        }
        // A pooled connection may have been closed by a restarted service the moment it is used: ask once more, where
        // asking twice is the same as asking once.
        boolean repeatable = again && !hasBody && SAFE.contains(request.method());
        upstreams
                .request(service, options)
                .onFailure(failure -> Refusals.refuse(context, lost(service, request.method(), failure)))
                .onSuccess(upstream -> {
                    upstream.response()
                            .onSuccess(answer -> relay(context, upstream, answer))
                            .onFailure(failure -> {
                                if (repeatable && !(failure instanceof TimeoutException)) {
                                    attempt(context, principal, service, room, false);
                                } else {
                                    Refusals.refuse(context, lost(service, request.method(), failure));
                                }
                            });
                    context.response().closeHandler(closed -> upstream.reset());
                    if (handed != null) {
                        handed.ask(upstream);
                    } else if (body != null) {
                        new BodyPump(context, body, upstream, room).start();
                    } else {
                        request.resume();
                        upstream.end();
                    }
                });
    }

    private static void relay(RoutingContext context, HttpClientRequest upstream, HttpClientResponse answer) {
        HttpServerResponse response = context.response();
        // A client that goes away is no error worth a line in the log.
        answer.exceptionHandler(gone -> {});
        if (response.ended() || response.closed() || response.headWritten()) {
            upstream.reset();
            return;
        }
        response.setStatusCode(answer.statusCode());
        Headers.ofAnswer(answer.headers()).forEach((name, value) -> {
            if (name.equalsIgnoreCase("cache-control")) {
                response.putHeader(name, value);
            } else {
                response.headers().add(name, value);
            }
        });
        boolean bodiless = context.request().method() == HttpMethod.HEAD
                || answer.statusCode() == 204
                || answer.statusCode() == 304;
        if (bodiless) {
            response.end();
            return;
        }
        @Nullable String given = answer.getHeader(Handover.GIVEN);
        if (given != null) {
            HandedFile.send(context, given);
            return;
        }
        if (answer.getHeader("Content-Length") == null) {
            response.setChunked(true);
        }
        response.setWriteQueueMaxSize(Streams.QUEUE);
        // Ending the answer on a failure would make a cut file look whole: the connection is cut instead.
        answer.pipe().endOnFailure(false).to(response).onFailure(failure -> {
            upstream.reset();
            response.reset();
        });
    }

    private static ApiException lost(String service, HttpMethod method, Throwable failure) {
        if (failure instanceof ApiException known) {
            return known;
        }
        if (failure instanceof TimeoutException) {
            return new ApiException(
                    ErrorCode.DEADLINE_EXCEEDED, "The " + service + " service did not answer in time", failure);
        }
        if (SAFE.contains(method)) {
            return new ApiException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE,
                    "The " + service + " service went away; try again",
                    List.of(Map.of("retry_after_seconds", 1)),
                    failure);
        }
        // 503 is repeated by clients without asking, and this request may have been carried out.
        return new ApiException(
                ErrorCode.BAD_GATEWAY,
                "The " + service + " service went away before it answered; the request may have been carried out",
                failure);
    }
}
