package io.campanile.gateway.proxy;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Handover;
import io.campanile.common.http.Receiving;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request body for a service of this process, which says where it is to be written once it has agreed to take it. */
final class HandedBody implements Handover.Body {
    private final RoutingContext context;
    private final Context loop;
    private final WorkerExecutor workers;
    private final PacedBody body;
    private final long limit;
    private final Duration idle;
    private final String key;
    private @Nullable HttpClientRequest upstream;

    /** The service may take it until the request ends; {@code idle}: how long it may be silent before and after. */
    HandedBody(RoutingContext context, PacedBody body, WorkerExecutor workers, long limit, Duration idle) {
        this.context = context;
        this.loop = context.vertx().getOrCreateContext();
        this.workers = workers;
        this.body = body;
        this.limit = limit;
        this.idle = idle;
        this.key = Handover.withinThisProcess().offer(this);
        context.addEndHandler(ended -> Handover.withinThisProcess().takeBody(key));
    }

    /** What the service is told in the place of the body. */
    String key() {
        return key;
    }

    /** Asks the service, which is silent for as long as the client sends. */
    void ask(HttpClientRequest service) {
        upstream = service;
        service.end();
    }

    @Override
    public Future<Long> into(Path file, long at, long most) {
        Promise<Long> done = Promise.promise();
        loop.runOnContext(now -> workers.executeBlocking(
                        () -> new Receiving(workers, body, file, at, Math.min(limit, most)), false)
                .compose(this::run)
                .onComplete(ended -> patience(idle))
                .onComplete(done));
        return done.future();
    }

    private Future<Long> run(Receiving receiving) {
        HttpServerRequest request = context.request();
        if (context.response().closed()) {
            return receiving.refuse(new ApiException(ErrorCode.BAD_REQUEST, "The client went away"));
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            context.response().writeContinue();
        }
        patience(Duration.ofDays(1));
        return receiving.run();
    }

    private void patience(Duration duration) {
        if (upstream != null) {
            upstream.idleTimeout(duration.toMillis());
        }
    }
}
