package io.campanile.gateway.own;

import io.campanile.common.json.Json;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** Writes a value as JSON. */
final class JsonAnswer {
    private JsonAnswer() {}

    static Future<Void> write(RoutingContext context, int status, Object value) {
        return context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(Json.write(value));
    }
}
