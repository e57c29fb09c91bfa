package io.campanile.gateway.door;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses what the HTTP parser lets through and two readers might read differently: the raw request target is what is
 * forwarded, so nothing in it may mean something else after another round of decoding.
 */
final class RequestGuard {
    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);
    private static final List<String> SINGLE = List.of(
            "Authorization", "Content-Length", "Content-Type", "Origin", "Transfer-Encoding", "Upgrade", "Expect");

    private final HostNames hosts;

    RequestGuard(HostNames hosts) {
        this.hosts = hosts;
    }

    /** What is wrong with the request; empty when it may go on. */
    Optional<String> objection(HttpServerRequest request) {
        if (!METHODS.contains(request.method())) {
            return Optional.of("This method is not supported");
        }
        return target(request.uri()).or(() -> headers(request.headers()));
    }

    private Optional<String> headers(MultiMap headers) {
        List<String> host = headers.getAll("Host");
        if (host.size() != 1) {
            return Optional.of("A request needs exactly one Host header");
        }
        if (!hosts.allows(host.get(0))) {
            return Optional.of("This host name is not served here");
        }
        for (String name : SINGLE) {
            if (headers.getAll(name).size() > 1) {
                return Optional.of("The header " + name + " may appear only once");
            }
        }
        String coding = headers.get("Transfer-Encoding");
        if (coding != null && (!coding.equalsIgnoreCase("chunked") || headers.contains("Content-Length"))) {
            return Optional.of("This Transfer-Encoding is not supported");
        }
        return Optional.empty();
    }

    private static Optional<String> target(String uri) {
        if (!uri.startsWith("/")) {
            return Optional.of("The request target must be a path");
        }
        int question = uri.indexOf('?');
        String path = question < 0 ? uri : uri.substring(0, question);
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
                return Optional.of("The request target has a character that must be encoded");
            }
            if (c == '%' && escaped(uri, i) < 0) {
                return Optional.of("The request target has a broken percent escape");
            }
            if (c == '%' && forbidden(escaped(uri, i), i < path.length())) {
                return Optional.of("The request target has an encoded character that is not allowed");
            }
        }
        return path.indexOf(';') >= 0 || ambiguous(path)
                ? Optional.of("The request path has a segment that is not allowed")
                : Optional.empty();
    }

    /** The byte a percent escape stands for; -1 when it is broken. */
    private static int escaped(String uri, int at) {
        if (at + 2 >= uri.length()) {
            return -1;
        }
        int high = Character.digit(uri.charAt(at + 1), 16);
        int low = Character.digit(uri.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static boolean forbidden(int code, boolean inPath) {
        if (code == 0) {
            return true;
        }
        return inPath && (code < 0x20 || code == 0x7f || code == '/' || code == '\\' || code == ';');
    }

    /** Dot segments, also encoded, and empty segments. */
    private static boolean ambiguous(String path) {
        if (path.contains("//")) {
            return true;
        }
        if (path.indexOf('.') < 0 && path.indexOf('%') < 0) {
            return false;
        }
        for (String segment : path.split("/", -1)) {
            String plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
            if (plain.equals(".") || plain.equals("..")) {
                return true;
            }
        }
        return false;
    }
}
