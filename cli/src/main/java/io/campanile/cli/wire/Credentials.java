package io.campanile.cli.wire;

import java.net.http.HttpRequest;

/** What a request shows to be let in. */
public interface Credentials {
    /** Nobody: discovery and sign-in. */
    Credentials NONE = request -> {};

    static Credentials token(String token) {
        return request -> request.setHeader("Authorization", "Bearer " + token);
    }

    /** A browser's session; the gateway wants the origin beside a cookie. */
    static Credentials cookie(String cookie, String origin) {
        return request -> request.setHeader("Cookie", cookie).setHeader("Origin", origin);
    }

    void sign(HttpRequest.Builder request);

    /** After a 401: whether there are fresh credentials to try again with. */
    default boolean renew() {
        return false;
    }
}
