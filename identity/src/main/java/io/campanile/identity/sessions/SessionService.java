package io.campanile.identity.sessions;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Secret;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.credentials.Passwords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of sign-in and sessions. */
public final class SessionService {
    /** People of different workspaces may have one login name; each costs a hash. */
    private static final int CANDIDATES = 8;

    private static final Pattern SESSION_ID = Pattern.compile("[0-9a-f]{32}");

    private final SessionStore sessions;
    private final Passwords passwords;
    private final LoginLimits limits;
    private final Rules rules;
    private final Clock clock;

    /** How long a session lives, and how many wrong passwords a minute may see. */
    public record Rules(Duration idle, Duration life, int loginsPerMinute) {}

    record SignedIn(Secret secret, SessionStore.LoginAccount account, Instant expiresAt) {}

    public SessionService(SessionStore sessions, Passwords passwords, Rules rules, Clock clock) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.passwords = requireNonNull(passwords, "passwords");
        this.rules = requireNonNull(rules, "rules");
        this.clock = requireNonNull(clock, "clock");
        this.limits = new LoginLimits(rules.loginsPerMinute(), clock);
    }

    /** {@code workspaceId}: the one the sign-in is for; null when the address did not say. */
    SignedIn login(String user, String password, String address, @Nullable Long workspaceId) {
        String loginName = user.strip().toLowerCase(Locale.ROOT);
        limits.attempt(loginName, address);
        SessionStore.LoginAccount person = matching(loginName, password, workspaceId)
                .orElseThrow(() -> new ApiException(ErrorCode.UNAUTHENTICATED, "The user or the password is wrong"));
        limits.forgive(loginName, address);
        Instant now = clock.instant();
        Minted secret = Minted.create("");
        Session session = new Session(
                Minted.randomHex(16), person.workspaceId(), person.userId(), address, now, now, now.plus(rules.life()));
        sessions.insert(session, secret);
        return new SignedIn(new Secret(secret.value()), person, session.expiresAt());
    }

    /** The first account the password fits; as slow for nobody as for one. */
    private Optional<SessionStore.LoginAccount> matching(
            String loginName, String password, @Nullable Long workspaceId) {
        List<SessionStore.LoginAccount> candidates =
                loginName.length() > 256 || loginName.indexOf('\0') >= 0 || loginName.isEmpty()
                        ? List.of()
                        : sessions.accounts(loginName, workspaceId, CANDIDATES);
        Map<Long, Boolean> fits = new HashMap<>();
        for (SessionStore.LoginAccount candidate : candidates) {
            boolean known = fits.computeIfAbsent(
                    candidate.userId(), id -> passwords.matches(password, Optional.of(candidate.passwordHash())));
            if (known) {
                return Optional.of(candidate);
            }
        }
        if (candidates.isEmpty()) {
            passwords.matches(password, Optional.empty());
        }
        return Optional.empty();
    }

    void logout(String secret) {
        Minted.lookupOf(secret).ifPresent(lookup -> sessions.deleteBySecret(lookup, secret));
    }

    List<Session> list(Caller caller) {
        Instant now = clock.instant();
        return sessions.list(caller.workspaceId(), caller.userId(), now, now.minus(rules.idle()));
    }

    void revoke(Caller caller, String sessionId) {
        if (!SESSION_ID.matcher(sessionId).matches()
                || !sessions.delete(caller.workspaceId(), caller.userId(), sessionId)) {
            throw ApiException.notFound("This session does not exist");
        }
    }

    /** Forgets sessions that ended. */
    public void sweep() {
        Instant now = clock.instant();
        sessions.deleteEnded(now, now.minus(rules.idle()));
    }
}
