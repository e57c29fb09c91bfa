package io.campanile.gateway.access;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/**
 * Ties a sign-in through an identity provider to the browser that began it. Unlike the session's it is sent when the
 * provider sends the browser back, which is another site.
 */
public final class SignInCookie {
    private static final int SECONDS = 15 * 60;

    private final boolean secure;

    /** {@code secure}: the gateway speaks TLS itself. */
    public SignInCookie(boolean secure) {
        this.secure = secure;
    }

    /** The browser's secret; empty when there is none, or two of them. */
    public Optional<String> value(HttpServerRequest request) {
        List<String> values = Cookies.values(request, name());
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    public String give(String secret) {
        return cookie(secret, SECONDS);
    }

    public String take() {
        return cookie("", 0);
    }

    private String name() {
        return secure ? "__Host-campanile-sign-in" : "campanile_sign_in";
    }

    private String cookie(String value, int seconds) {
        return name() + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Lax"
                + (secure ? "; Secure" : "");
    }
}
