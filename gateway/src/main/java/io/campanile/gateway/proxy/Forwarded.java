package io.campanile.gateway.proxy;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.http.Handover;
import io.campanile.common.http.RequestIds;
import io.campanile.gateway.access.Principal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** The headers a service gets: the client's harmless ones and the gateway's word on who is calling from where. */
public final class Forwarded {
    /** Much shorter than a token lives. */
    private static final Duration SIGNED = Duration.ofSeconds(15);

    private final Cache<Told, String> signed =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(SIGNED).build();
    private final InternalTokens tokens;
    private final String scheme;

    public Forwarded(InternalTokens tokens, String scheme) {
        this.tokens = requireNonNull(tokens, "tokens");
        this.scheme = requireNonNull(scheme, "scheme");
    }

    /** Who is told of to which service. */
    private record Told(Principal principal, String service) {}

    MultiMap headers(RoutingContext context, Principal principal, String service) {
        HttpServerRequest request = context.request();
        String requestId = RequestIds.of(context);
        return Headers.ofRequest(request.headers())
                .set("Authorization", "Bearer " + signed.get(new Told(principal, service), this::sign))
                .set(RequestIds.HEADER, requestId)
                .set(Handover.TAKER, Handover.withinThisProcess().process())
                .set("X-Forwarded-For", request.remoteAddress().hostAddress())
                .set("X-Forwarded-Proto", scheme)
                .set("X-Forwarded-Host", String.valueOf(request.getHeader("Host")));
    }

    /** Without the request, so that it is good for the next ones too: signing is most of what a small request costs here. */
    private String sign(Told told) {
        return tokens.sign(told.principal().caller(""), told.service());
    }
}
