package io.campanile.identity.sessions;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.identity.credentials.LoginLimits;
import io.campanile.identity.credentials.Minted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of sign-in and sessions. */
public final class SessionService {
    private static final Pattern SESSION_ID = Pattern.compile("[0-9a-f]{32}");

    private final SessionStore sessions;
    private final PasswordCheck check;
    private final Admission admission;
    private final Farewell farewell;
    private final Rules rules;
    private final LoginLimits limits;
    private final Clock clock;

    /** How long a session lives. */
    public record Rules(Duration idle, Duration life) {}

    /**
     * What somebody shows to sign in.
     *
     * @param newPassword what replaces a temporary password; null when it is none
     * @param workspaceId the one the sign-in is for; null when the address did not say
     */
    record Attempt(
            String user,
            String password,
            @Nullable String newPassword,
            String address,
            @Nullable Long workspaceId) {
        String loginName() {
            return user.strip().toLowerCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return "Attempt[****]";
        }
    }

    /** Whom a provider has vouched for, as a workspace knows them. */
    public record Vouched(long workspaceId, long userId, String userName) {}

    /** A new session and the secret that opens it. */
    public record Opened(String sessionId, Secret secret, Instant expiresAt) {}

    record SignedIn(Secret secret, SessionStore.LoginAccount account, boolean admin, Instant expiresAt) {}

    public SessionService(
            SessionStore sessions,
            PasswordCheck check,
            Admission admission,
            Farewell farewell,
            Rules rules,
            LoginLimits limits,
            Clock clock) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.check = requireNonNull(check, "check");
        this.admission = requireNonNull(admission, "admission");
        this.farewell = requireNonNull(farewell, "farewell");
        this.rules = requireNonNull(rules, "rules");
        this.limits = requireNonNull(limits, "limits");
        this.clock = requireNonNull(clock, "clock");
    }

    SignedIn login(Attempt attempt, Caller gateway) {
        limits.attempt(attempt.loginName(), attempt.address());
        SessionStore.LoginAccount person = check.matching(attempt, gateway);
        Caller caller = caller(gateway, person);
        Rights rights = admit(caller, attempt, person);
        @Nullable String replaced = check.replacement(attempt, person);
        limits.forgive(attempt.loginName(), attempt.address());
        Instant now = clock.instant();
        Minted secret = Minted.create("");
        Session session = new Session(
                Minted.randomHex(16),
                person.workspaceId(),
                person.userId(),
                attempt.address(),
                now,
                now,
                now.plus(rules.life()),
                false);
        return sessions.inTransaction(tx -> {
            if (replaced != null) {
                tx.replacePassword(person.userId(), replaced, now);
                tx.deleteAll(person.userId());
                tx.audit(caller, "user/" + person.userId(), Map.of("temporary_password", "replaced"));
            }
            tx.succeeded(person.userId(), attempt.address(), now);
            tx.insert(session, secret);
            tx.audit(caller, "session/" + session.sessionId(), Map.of("address", attempt.address()));
            return new SignedIn(new Secret(secret.value()), person, rights.admin(), session.expiresAt());
        });
    }

    /** A session of somebody for whom an identity provider has vouched; their membership was checked. */
    public Opened open(Caller gateway, Vouched person, String address) {
        Instant now = clock.instant();
        Minted secret = Minted.create("");
        Session session = new Session(
                Minted.randomHex(16),
                person.workspaceId(),
                person.userId(),
                address,
                now,
                now,
                now.plus(rules.life()),
                true);
        Caller caller = caller(gateway, person.workspaceId(), person.userId(), person.userName());
        return sessions.inTransaction(tx -> {
            tx.insert(session, secret);
            tx.audit(caller, "session/" + session.sessionId(), Map.of("address", address, "by", "provider"));
            return new Opened(session.sessionId(), new Secret(secret.value()), session.expiresAt());
        });
    }

    private Rights admit(Caller caller, Attempt attempt, SessionStore.LoginAccount person) {
        try {
            return admission.require(caller, attempt.address(), person.accountAdmin());
        } catch (ApiException refused) {
            sessions.auditRefusal(caller, "user/" + person.userId(), String.valueOf(refused.getMessage()));
            throw refused;
        }
    }

    /**
     * Ends a session here.
     *
     * @return where the browser goes to end the provider's too; null when there is nothing to end
     */
    @Nullable
    String logout(Caller gateway, String secret, @Nullable String origin) {
        Optional<SessionStore.Ended> found =
                Minted.lookupOf(secret).flatMap(lookup -> sessions.findBySecret(lookup, secret));
        if (found.isEmpty()) {
            return null;
        }
        SessionStore.Ended session = found.get();
        @Nullable String onwards = origin == null ? null : farewell.onwards(session.sessionId(), origin);
        sessions.inTransaction(tx -> {
            if (tx.delete(session.workspaceId(), session.userId(), session.sessionId())) {
                tx.audit(
                        caller(gateway, session.workspaceId(), session.userId(), session.userName()),
                        "session/" + session.sessionId(),
                        Map.of());
            }
            return true;
        });
        return onwards;
    }

    List<Session> list(Caller caller) {
        return of(caller.workspaceId(), caller.userId());
    }

    /** The sessions of somebody of the administrator's workspace. */
    List<Session> listOf(Caller admin, long userId) {
        requireMember(admin, userId);
        return of(admin.workspaceId(), userId);
    }

    void revoke(Caller caller, String sessionId) {
        revokeOf(caller, caller.userId(), sessionId);
    }

    void revokeFor(Caller admin, long userId, String sessionId) {
        requireMember(admin, userId);
        revokeOf(admin, userId, sessionId);
    }

    /** Forgets sessions that ended, and where people were long ago. */
    public void sweep() {
        Instant now = clock.instant();
        sessions.deleteEnded(now, now.minus(rules.idle()));
        sessions.forgetAddresses(now.minus(Duration.ofDays(90)));
    }

    private List<Session> of(long workspaceId, long userId) {
        Instant now = clock.instant();
        return sessions.list(workspaceId, userId, now, now.minus(rules.idle()));
    }

    private void revokeOf(Caller caller, long userId, String sessionId) {
        boolean ended = SESSION_ID.matcher(sessionId).matches()
                && sessions.inTransaction(tx -> {
                    boolean deleted = tx.delete(caller.workspaceId(), userId, sessionId);
                    if (deleted) {
                        tx.audit(caller, "session/" + sessionId, Map.of("user_id", userId));
                    }
                    return deleted;
                });
        if (!ended) {
            throw ApiException.notFound("This session does not exist");
        }
    }

    private void requireMember(Caller admin, long userId) {
        if (!sessions.isMember(admin.workspaceId(), userId)) {
            throw ApiException.notFound("User " + userId + " does not exist");
        }
    }

    private static Caller caller(Caller gateway, SessionStore.LoginAccount person) {
        return caller(gateway, person.workspaceId(), person.userId(), person.userName());
    }

    static Caller caller(Caller gateway, long workspaceId, long userId, String userName) {
        return new Caller(
                workspaceId, userId, userName, Rights.NONE, gateway.service(), gateway.action(), gateway.requestId());
    }
}
