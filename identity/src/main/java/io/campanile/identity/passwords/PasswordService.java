package io.campanile.identity.passwords;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.credentials.LoginLimits;
import io.campanile.identity.credentials.PasswordRules;
import io.campanile.identity.credentials.Passwords;
import io.campanile.identity.passwords.PasswordStore.Holder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may set whose password, and what ends with the old one. */
public final class PasswordService {
    /** Long enough to be handed over, too short to be found later. */
    private static final Duration TEMPORARY = Duration.ofDays(3);

    private final PasswordStore store;
    private final Passwords passwords;
    private final PasswordRules rules;
    private final LoginLimits limits;
    private final boolean signIn;
    private final Clock clock;

    record Reset(Secret password, Instant expiresAt) {}

    /** A password that keeps to the rules, as it is kept. */
    public record Chosen(Secret hash) {}

    /** {@code signIn}: whether people sign in with passwords here. */
    public PasswordService(
            PasswordStore store,
            Passwords passwords,
            PasswordRules rules,
            LoginLimits limits,
            boolean signIn,
            Clock clock) {
        this.store = requireNonNull(store, "store");
        this.passwords = requireNonNull(passwords, "passwords");
        this.rules = requireNonNull(rules, "rules");
        this.limits = requireNonNull(limits, "limits");
        this.signIn = signIn;
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * A person's own choice; their other sessions end.
     *
     * @param sessionId the one in use, which stays; null when there is none
     */
    void change(Caller caller, @Nullable String sessionId, String address, String old, String chosen) {
        Holder holder = find(caller.workspaceId(), caller.userId());
        String limited = "password of " + caller.userId();
        limits.attempt(limited, address);
        if (!passwords.matches(old, Optional.ofNullable(holder.passwordHash()))) {
            store.auditRefusal(caller, resource(holder), "Wrong old password from " + address);
            throw ApiException.invalid("old_password is wrong");
        }
        limits.forgive(limited, address);
        if (old.equals(chosen)) {
            throw ApiException.invalid("new_password must differ from the old one");
        }
        rules.check(holder.userName(), chosen, "new_password");
        String hash = passwords.hash(chosen);
        store.inTransaction(tx -> {
            tx.set(holder.userId(), hash, clock.instant(), null);
            int ended = tx.endSessions(holder.userId(), sessionId);
            tx.audit(caller, resource(holder), Map.of("sessions_ended", ended));
            return true;
        });
    }

    /**
     * A temporary password, good for choosing another one. Whoever administers the workspace a person comes from may
     * set it; over an account's administrator nobody but another one has power.
     */
    Reset reset(Caller admin, long userId) {
        Holder holder = find(admin.workspaceId(), userId);
        requirePower(admin, holder);
        String password = Passwords.random();
        String hash = passwords.hash(password);
        Instant now = clock.instant();
        store.inTransaction(tx -> {
            int ended = renew(tx, userId, hash, now);
            tx.audit(admin, resource(holder), Map.of("sessions_ended", ended));
            return true;
        });
        return new Reset(new Secret(password), now.plus(TEMPORARY));
    }

    /** Checks and hashes what an administrator chose for a person: outside of any transaction, since it takes its time. */
    public Chosen choose(String userName, Secret password) {
        if (!signIn) {
            throw ApiException.invalid("password: sign-in with a password is switched off here");
        }
        rules.check(userName, password.value(), "password");
        return new Chosen(new Secret(passwords.hash(password.value())));
    }

    /** Makes it the person's, as a reset would and by the same rules; answers how many sessions ended. */
    public int give(PasswordStore tx, Caller admin, long userId, Chosen chosen) {
        Holder holder = tx.find(admin.workspaceId(), userId)
                .orElseThrow(() -> ApiException.notFound("User " + userId + " does not exist"));
        requirePower(admin, holder);
        return renew(tx, userId, chosen.hash().value(), clock.instant());
    }

    private static int renew(PasswordStore tx, long userId, String hash, Instant now) {
        tx.set(userId, hash, now, now.plus(TEMPORARY));
        tx.endGrants(userId, now);
        return tx.endSessions(userId, null);
    }

    private static void requirePower(Caller admin, Holder holder) {
        boolean ofHome = admin.admin() && holder.homeWorkspaceId() == admin.workspaceId() && !holder.accountAdmin();
        if (!ofHome && !admin.rights().accountAdmin()) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "Only an administrator of the workspace this person comes from, or of the account, may do this");
        }
        if (!holder.kind().equals("USER")) {
            throw ApiException.invalid("A service principal has no password; it signs in with client secrets");
        }
        if (holder.userId() == admin.userId()) {
            throw ApiException.invalid("Your own password is changed with the old one, not reset");
        }
    }

    private Holder find(long workspaceId, long userId) {
        return store.find(workspaceId, userId)
                .orElseThrow(() -> ApiException.notFound("User " + userId + " does not exist"));
    }

    private static String resource(Holder holder) {
        return "user/" + holder.userId();
    }
}
