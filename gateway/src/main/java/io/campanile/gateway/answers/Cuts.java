package io.campanile.gateway.answers;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Errors;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends connections whose bytes can no longer be trusted: one refusal is said, and whatever the client already sent
 * behind it is not served.
 */
public final class Cuts {
    private final Set<HttpConnection> cut = ConcurrentHashMap.newKeySet();

    /** Whether requests of this connection are to be ignored. */
    public boolean has(HttpConnection connection) {
        return cut.contains(connection);
    }

    /** Answers in the envelope, if there is no answer yet, and closes; of several refusals the first is said. */
    public void cut(HttpServerRequest request, int status, String message) {
        HttpConnection connection = request.connection();
        if (!cut.add(connection)) {
            return;
        }
        connection.closeHandler(closed -> cut.remove(connection));
        HttpServerResponse response = request.response();
        if (response.ended() || response.headWritten()) {
            connection.close();
            return;
        }
        response.putHeader("Connection", "close")
                .putHeader("Content-Type", "application/json")
                .setStatusCode(status)
                .end(Errors.body(new ApiException(ErrorCode.BAD_REQUEST, message)))
                .onComplete(ended -> connection.close());
    }
}
