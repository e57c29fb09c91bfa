package io.campanile.identity.passwords;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.LOGIN_SESSION;
import static io.campanile.identity.db.Tables.OAUTH_GRANT;
import static io.campanile.identity.db.Tables.PERSON;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.TenantFence;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of passwords. A password is the person's, in all their workspaces; a workspace reaches its members only. */
public final class PasswordStore {
    private final DSLContext db;
    private final DSLContext everywhere;

    public PasswordStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
        this.everywhere = TenantFence.acrossWorkspaces(db, "one password opens all workspaces of its person");
    }

    record Holder(
            long userId,
            String userName,
            String kind,
            long homeWorkspaceId,
            boolean accountAdmin,
            @Nullable String passwordHash) {}

    <T> T inTransaction(Function<PasswordStore, T> work) {
        return db.transactionResult(configuration -> work.apply(new PasswordStore(DSL.using(configuration))));
    }

    void audit(Caller caller, String resource, Map<String, ?> details) {
        Audit.record(db, caller, resource, details);
    }

    void auditRefusal(Caller caller, String resource, String reason) {
        Audit.denied(db, caller, resource, reason);
    }

    /** A member of a workspace. */
    Optional<Holder> find(long workspaceId, long userId) {
        return db.select(
                        PERSON.USER_ID,
                        ACCOUNT.USER_NAME,
                        PERSON.KIND,
                        PERSON.HOME_WORKSPACE_ID,
                        PERSON.ACCOUNT_ADMIN,
                        PERSON.PASSWORD_HASH)
                .from(ACCOUNT)
                .join(PERSON)
                .on(PERSON.USER_ID.eq(ACCOUNT.USER_ID))
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .fetchOptional(Records.mapping(Holder::new));
    }

    /** {@code expiresAt}: when a temporary password ends; null for one the person chose. */
    void set(long userId, String hash, Instant now, @Nullable Instant expiresAt) {
        db.update(PERSON)
                .set(PERSON.PASSWORD_HASH, hash)
                .set(PERSON.PASSWORD_SET_AT, now)
                .set(PERSON.MUST_CHANGE_PASSWORD, expiresAt != null)
                .set(PERSON.PASSWORD_EXPIRES_AT, expiresAt)
                .set(PERSON.FAILED_LOGINS, 0)
                .setNull(PERSON.LAST_FAILED_AT)
                .setNull(PERSON.LOCKED_UNTIL)
                .where(PERSON.USER_ID.eq(userId))
                .execute();
    }

    /** Ends every session of the person, in all workspaces, but the one in use. */
    int endSessions(long userId, @Nullable String but) {
        return everywhere
                .deleteFrom(LOGIN_SESSION)
                .where(LOGIN_SESSION.USER_ID.eq(userId))
                .and(but == null ? DSL.noCondition() : LOGIN_SESSION.SESSION_ID.ne(but))
                .execute();
    }

    /** Ends what the person allowed programs to do in their name. */
    void endGrants(long userId, Instant now) {
        everywhere
                .update(OAUTH_GRANT)
                .set(OAUTH_GRANT.REVOKED_AT, now)
                .where(OAUTH_GRANT.USER_ID.eq(userId))
                .and(OAUTH_GRANT.REVOKED_AT.isNull())
                .execute();
    }
}
