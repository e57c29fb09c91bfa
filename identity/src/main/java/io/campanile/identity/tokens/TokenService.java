package io.campanile.identity.tokens;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Secret;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.identity.credentials.Minted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of personal access tokens: a bounded life, a quota, and each person sees only their own. */
public final class TokenService {
    private static final Pattern TOKEN_ID = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_COMMENT = 1000;

    private final TokenStore tokens;
    private final Rules rules;
    private final Clock clock;

    /** How long tokens live and how many a person may have. */
    public record Rules(Duration life, Duration longestLife, int perUser) {}

    record Created(Secret value, AccessToken token) {}

    public TokenService(TokenStore tokens, Rules rules, Clock clock) {
        this.tokens = requireNonNull(tokens, "tokens");
        this.rules = requireNonNull(rules, "rules");
        this.clock = requireNonNull(clock, "clock");
    }

    Created create(Caller caller, @Nullable String comment, @Nullable Long lifeSeconds) {
        String text = comment == null ? "" : comment;
        if (text.length() > LONGEST_COMMENT || text.indexOf('\0') >= 0) {
            throw ApiException.invalid("comment has at most " + LONGEST_COMMENT + " characters and no NUL");
        }
        Instant now = clock.instant();
        Minted secret = Minted.create("dapi");
        AccessToken token = new AccessToken(
                Minted.randomHex(32), caller.workspaceId(), caller.userId(), text, now, now.plus(life(lifeSeconds)));
        if (!tokens.insert(token, secret, rules.perUser())) {
            throw new ApiException(
                    ErrorCode.INVALID_STATE,
                    "You have " + rules.perUser() + " tokens, which is the limit; delete one first");
        }
        return new Created(new Secret(secret.value()), token);
    }

    List<AccessToken> list(Caller caller) {
        return tokens.list(caller.workspaceId(), caller.userId(), clock.instant());
    }

    void delete(Caller caller, String tokenId) {
        if (!TOKEN_ID.matcher(tokenId).matches() || !tokens.delete(caller.workspaceId(), caller.userId(), tokenId)) {
            throw ApiException.notFound("Token with ID " + shown(tokenId) + " does not exist!");
        }
    }

    /** Forgets what ended a month ago. */
    public void sweep() {
        tokens.deleteExpired(clock.instant().minus(Duration.ofDays(30)));
    }

    private Duration life(@Nullable Long seconds) {
        if (seconds == null) {
            return rules.life();
        }
        if (seconds < 1 || seconds > rules.longestLife().toSeconds()) {
            throw ApiException.invalid("lifetime_seconds must be between 1 and "
                    + rules.longestLife().toSeconds() + ": " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }

    private static String shown(String tokenId) {
        return tokenId.length() > 64 ? tokenId.substring(0, 64) + "..." : tokenId;
    }
}
