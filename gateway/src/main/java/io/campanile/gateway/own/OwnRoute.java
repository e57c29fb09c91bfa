package io.campanile.gateway.own;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.Requires;
import io.campanile.common.http.RouteInfo;
import io.campanile.gateway.access.Principal;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/** A route the gateway answers itself, with the permission it needs. */
public record OwnRoute(HttpMethod method, String path, Requires requires, Handler handler) {
    /** Writes the answer; a failed future is answered as any failure is. */
    public interface Handler {
        Future<Void> handle(RoutingContext context, Principal principal);
    }

    public OwnRoute {
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(requires, "requires");
        requireNonNull(handler, "handler");
    }

    RouteInfo info() {
        return new RouteInfo(method.name(), path, "http", requires.action(), requires.resource(), requires.access());
    }
}
