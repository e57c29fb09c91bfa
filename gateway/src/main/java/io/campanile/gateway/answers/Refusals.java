package io.campanile.gateway.answers;

import io.campanile.common.http.Errors;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/** Security headers, and refusals that leave the connection in a state the next request can trust. */
public final class Refusals {
    static final String PAGE_POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self' blob: data:; "
            + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    /** Answers of the API are data: opened as a document they may run and load nothing. */
    static final String DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

    private static final long DRAIN_MILLIS = TimeUnit.SECONDS.toMillis(5);

    private Refusals() {}

    public static void secure(HttpServerResponse response, boolean page, boolean tls) {
        response.putHeader("Content-Security-Policy", page ? PAGE_POLICY : DATA_POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader(
                        "Permissions-Policy",
                        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()");
        if (!page) {
            response.putHeader("Cache-Control", "no-store");
        }
        if (tls) {
            response.putHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    /** Answers with the failure; what is left of the request body is read and dropped for a while, then cut. */
    public static void refuse(RoutingContext context, Throwable failure) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        Errors.respond(context, failure);
        drain(context.vertx(), context.request());
    }

    private static void drain(Vertx vertx, HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        long timer = vertx.setTimer(DRAIN_MILLIS, id -> {
            if (!request.isEnded()) {
                request.connection().close();
            }
        });
        request.exceptionHandler(failure -> vertx.cancelTimer(timer));
        request.endHandler(ended -> vertx.cancelTimer(timer));
        request.resume();
    }
}
