package io.campanile.identity.sessions;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.credentials.PasswordRules;
import io.campanile.identity.credentials.Passwords;
import io.campanile.identity.sessions.SessionService.Attempt;
import io.campanile.identity.sessions.SessionStore.LoginAccount;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose password it is, at a price for those who guess. */
public final class PasswordCheck {
    /** People of different workspaces may have one login name; each costs a hash. */
    private static final int CANDIDATES = 8;

    private final SessionStore sessions;
    private final Passwords passwords;
    private final PasswordRules rules;
    private final Clock clock;
    private final LockOut lockOut = new LockOut();

    public PasswordCheck(SessionStore sessions, Passwords passwords, PasswordRules rules, Clock clock) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.passwords = requireNonNull(passwords, "passwords");
        this.rules = requireNonNull(rules, "rules");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The first account the password fits; as slow for nobody as for one, and every failure is written down. */
    LoginAccount matching(Attempt attempt, Caller gateway) {
        Instant now = clock.instant();
        String loginName = attempt.loginName();
        List<LoginAccount> known = loginName.length() > 256 || loginName.indexOf('\0') >= 0 || loginName.isEmpty()
                ? List.of()
                : sessions.accounts(loginName, attempt.workspaceId(), CANDIDATES);
        List<LoginAccount> open = known.stream()
                .filter(person ->
                        !person.failures().lockedAt(now) || sessions.knows(person.userId(), attempt.address()))
                .toList();
        if (known.isEmpty()) {
            lockOut.requireFree(loginName, now);
        } else if (open.isEmpty()) {
            throw LockOut.locked(known.get(0).failures(), now);
        }
        return fitting(attempt.password(), open).orElseThrow(() -> wrong(attempt, open, gateway, now));
    }

    /**
     * The hash that replaces a temporary password; null when the password is no temporary one. Without a new password
     * a temporary one only says that one is due.
     */
    @Nullable
    String replacement(Attempt attempt, LoginAccount person) {
        if (!person.mustChangePassword()) {
            return null;
        }
        Instant end = person.passwordExpiresAt();
        if (end != null && !end.isAfter(clock.instant())) {
            throw refused(
                    "This temporary password has ended; ask an administrator for another one",
                    "temporary_password_ended");
        }
        @Nullable String chosen = attempt.newPassword();
        if (chosen == null) {
            throw refused("This password is a temporary one: choose one of your own", "password_change_required");
        }
        if (chosen.equals(attempt.password())) {
            throw ApiException.invalid("new_password must differ from the temporary password");
        }
        rules.check(person.userName(), chosen, "new_password");
        return passwords.hash(chosen);
    }

    private Optional<LoginAccount> fitting(String password, List<LoginAccount> candidates) {
        Map<Long, Boolean> fits = new HashMap<>();
        for (LoginAccount candidate : candidates) {
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

    private ApiException wrong(Attempt attempt, List<LoginAccount> tried, Caller gateway, Instant now) {
        if (tried.isEmpty()) {
            lockOut.failed(attempt.loginName(), now);
            // Not the name: people type their password into the wrong field.
            sessions.auditRefusal(gateway, "user/unknown", "Sign-in of an unknown user from " + attempt.address());
        }
        tried.stream().map(LoginAccount::userId).distinct().forEach(userId -> {
            LoginAccount person = tried.stream()
                    .filter(one -> one.userId() == userId)
                    .findFirst()
                    .orElseThrow();
            Caller caller = SessionService.caller(gateway, person.workspaceId(), userId, person.userName());
            sessions.inTransaction(tx -> {
                tx.failed(userId, tx.failures(userId).another(now));
                tx.auditRefusal(caller, "user/" + userId, "Wrong password from " + attempt.address());
                return true;
            });
        });
        return new ApiException(ErrorCode.UNAUTHENTICATED, "The user or the password is wrong");
    }

    private static ApiException refused(String message, String fact) {
        return new ApiException(ErrorCode.PERMISSION_DENIED, message, List.of(Map.of(fact, true)), null);
    }
}
