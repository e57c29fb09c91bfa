package io.campanile.gateway.proxy;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.InternalTokens;
import io.campanile.common.http.Handover;
import io.campanile.common.http.RequestIds;
import io.campanile.gateway.access.Principal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** The headers a service gets: the client's harmless ones and the gateway's word on who is calling from where. */
public final class Forwarded {
    private final InternalTokens tokens;
    private final String scheme;

    public Forwarded(InternalTokens tokens, String scheme) {
        this.tokens = requireNonNull(tokens, "tokens");
        this.scheme = requireNonNull(scheme, "scheme");
    }

    MultiMap headers(RoutingContext context, Principal principal, String service) {
        HttpServerRequest request = context.request();
        String requestId = RequestIds.of(context);
        return Headers.ofRequest(request.headers())
                .set("Authorization", "Bearer " + tokens.sign(principal.caller(requestId), service))
                .set(RequestIds.HEADER, requestId)
                .set(Handover.TAKER, Handover.withinThisProcess().process())
                .set("X-Forwarded-For", request.remoteAddress().hostAddress())
                .set("X-Forwarded-Proto", scheme)
                .set("X-Forwarded-Host", String.valueOf(request.getHeader("Host")));
    }
}
