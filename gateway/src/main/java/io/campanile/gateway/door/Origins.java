package io.campanile.gateway.door;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides whether a request that a browser sent by itself was meant by a page of ours. Exact comparison, no patterns. */
public final class Origins {
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final String scheme;
    private final Set<String> configured;

    public Origins(String scheme, Set<String> configured) {
        this.scheme = scheme;
        this.configured = Set.copyOf(configured);
    }

    /** The origin the request was addressed to, as far as this gateway can see. */
    public String own(HttpServerRequest request) {
        String host = request.getHeader("Host");
        return scheme + "://" + (host == null ? "" : host.toLowerCase(Locale.ROOT));
    }

    /**
     * The origin as the browser knows it: that of a TLS proxy in front, where {@code gateway.origins} has one with the
     * host the request was addressed to.
     */
    public String outward(HttpServerRequest request) {
        String own = own(request);
        String authority = own.substring(own.indexOf("://"));
        return configured.stream()
                .filter(origin -> origin.endsWith(authority) && origin.length() - authority.length() <= 5)
                .findFirst()
                .orElse(own);
    }

    /** A cookie came with the request: unsafe methods and WebSockets need our origin, spelled exactly. */
    boolean allowsAmbient(HttpServerRequest request, boolean socket) {
        @Nullable String origin = request.getHeader("Origin");
        if (origin != null) {
            return (!socket && SAFE.contains(request.method())) || ours(request, origin);
        }
        if (socket) {
            return false;
        }
        return SAFE.contains(request.method()) || "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
    }

    /** A WebSocket with a token of its own: programs send no Origin, but a page of another origin does. */
    boolean allowsExplicit(HttpServerRequest request, boolean socket) {
        @Nullable String origin = request.getHeader("Origin");
        return !socket || origin == null || ours(request, origin);
    }

    /** Signing in without a credential: from a program, or from a page of ours. */
    public boolean allowsSignIn(HttpServerRequest request) {
        @Nullable String origin = request.getHeader("Origin");
        @Nullable String site = request.getHeader("Sec-Fetch-Site");
        return origin != null ? ours(request, origin) : site == null || site.equals("same-origin");
    }

    private boolean ours(HttpServerRequest request, String origin) {
        return origin.equals(own(request)) || configured.contains(origin);
    }
}
