package io.campanile.gateway.proxy;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Request bodies: their limits and their reading. The door has paused every request. */
public final class Bodies {
    private static final long SECONDS = 10;

    private Bodies() {}

    /** Reads a small body whole, which comes at once or not at all: some of these need no credential. */
    public static Future<Buffer> read(HttpServerRequest request, long limit) {
        if (announced(request) > limit) {
            return Future.failedFuture(tooLarge(limit));
        }
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() > limit) {
                promise.tryFail(tooLarge(limit));
            } else {
                body.appendBuffer(part);
            }
        });
        request.exceptionHandler(failure -> promise.tryFail(broken(failure)));
        request.endHandler(ended -> promise.tryComplete(body));
        request.resume();
        return promise.future()
                .timeout(SECONDS, TimeUnit.SECONDS)
                .recover(failure -> Future.failedFuture(failure instanceof TimeoutException ? late() : failure));
    }

    /** The Content-Length, or -1. */
    static long announced(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        if (length == null) {
            return -1;
        }
        try {
            return Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw new ApiException(ErrorCode.BAD_REQUEST, "Content-Length is not a number", e);
        }
    }

    static ApiException tooLarge(long limit) {
        return new ApiException(
                ErrorCode.REQUEST_TOO_LARGE, "The request body is too large: at most " + limit + " bytes");
    }

    static ApiException full() {
        return new ApiException(
                ErrorCode.TEMPORARILY_UNAVAILABLE,
                "Too much is being sent at the same time; try again",
                List.of(Map.of("retry_after_seconds", 1)),
                null);
    }

    private static ApiException late() {
        return new ApiException(ErrorCode.BAD_REQUEST, "The request body did not come within " + SECONDS + " seconds");
    }

    static ApiException broken(Throwable cause) {
        return new ApiException(ErrorCode.BAD_REQUEST, "The request body could not be read", cause);
    }
}
