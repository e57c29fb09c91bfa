package io.campanile.gateway.access;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a request shows at the door. An Authorization header wins over a cookie, also when it is wrong. */
public record Credential(Kind kind, String secret) {
    private static final Pattern TOKEN = Pattern.compile("dapi[0-9a-f]{64}");
    private static final Pattern SESSION = Pattern.compile("[0-9a-f]{64}");

    /** A signed token of OAuth; what it says is for identity to judge. */
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*");

    private static final int LONGEST_JWT = 8 * 1024;

    /** The kinds of credential, by the names identity knows them under. */
    public enum Kind {
        PAT,
        SESSION,
        JWT
    }

    /** Empty when there is none, or none that could be ours: those are not worth a call to identity. */
    public static Optional<Credential> of(HttpServerRequest request, SessionCookie cookie) {
        @Nullable String authorization = request.getHeader("Authorization");
        if (authorization != null) {
            return bearer(authorization);
        }
        List<String> sessions = cookie.values(request);
        // Two session cookies are a sign of cookie tossing from a sibling host: neither is trusted.
        return sessions.size() == 1 && SESSION.matcher(sessions.get(0)).matches()
                ? Optional.of(new Credential(Kind.SESSION, sessions.get(0)))
                : Optional.empty();
    }

    /** Whether a browser adds it by itself, so that the origin of the request must be checked. */
    public boolean ambient() {
        return kind == Kind.SESSION;
    }

    @Override
    public String toString() {
        return "Credential[" + kind + ", ****]";
    }

    private static Optional<Credential> bearer(String header) {
        if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        String token = header.substring(7).strip();
        if (TOKEN.matcher(token).matches()) {
            return Optional.of(new Credential(Kind.PAT, token));
        }
        return token.length() <= LONGEST_JWT && JWT.matcher(token).matches()
                ? Optional.of(new Credential(Kind.JWT, token))
                : Optional.empty();
    }
}
