package io.campanile.gateway.access;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** The session cookie: host-only, unreadable for scripts, never sent from another site. */
public final class SessionCookie {
    private final boolean secure;

    /** {@code secure}: the gateway speaks TLS itself. */
    public SessionCookie(boolean secure) {
        this.secure = secure;
    }

    public String name() {
        return secure ? "__Host-campanile" : "campanile_session";
    }

    /** Every value the request has for it, in order. */
    public List<String> values(HttpServerRequest request) {
        return Cookies.values(request, name());
    }

    /** The Set-Cookie value that hands out {@code secret} for {@code seconds}. */
    public String give(String secret, long seconds) {
        return name() + "=" + secret + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "");
    }

    /** The Set-Cookie value that takes it away. */
    public String take() {
        return give("", 0);
    }
}
