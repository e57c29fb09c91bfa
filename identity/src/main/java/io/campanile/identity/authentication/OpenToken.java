package io.campanile.identity.authentication;

import io.campanile.identity.oauth.AccessTokens;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signed access token by what decides its end. It is stored nowhere, so its id carries all that must be known to say
 * later whether a WebSocket it opened may stay.
 */
record OpenToken(long workspaceId, long userId, String basis, Instant expiresAt) {
    private static final Pattern FORM =
            Pattern.compile("oauth:([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,11}):((?:grant|secret):[0-9a-f]{32})");

    static OpenToken of(AccessTokens.Claims claims) {
        return new OpenToken(claims.workspaceId(), claims.userId(), claims.basis(), claims.expiresAt());
    }

    static boolean isOne(String id) {
        return id.startsWith("oauth:");
    }

    static Optional<OpenToken> parse(String id) {
        Matcher form = FORM.matcher(id);
        return form.matches()
                ? Optional.of(new OpenToken(
                        Long.parseLong(form.group(1)),
                        Long.parseLong(form.group(2)),
                        form.group(4),
                        Instant.ofEpochSecond(Long.parseLong(form.group(3)))))
                : Optional.empty();
    }

    String id() {
        return "oauth:" + workspaceId + ":" + userId + ":" + expiresAt.getEpochSecond() + ":" + basis;
    }
}
