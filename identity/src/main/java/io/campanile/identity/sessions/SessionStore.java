package io.campanile.identity.sessions;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.KNOWN_ADDRESS;
import static io.campanile.identity.db.Tables.LOGIN_SESSION;
import static io.campanile.identity.db.Tables.PERSON;
import static io.campanile.identity.db.Tables.SSO_SESSION;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.TenantFence;
import io.campanile.identity.credentials.Minted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of sign-in and sessions. */
public final class SessionStore {
    private final DSLContext db;
    private final DSLContext everywhere;

    public SessionStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
        this.everywhere = TenantFence.acrossWorkspaces(db, "who signs in is known before the workspace is");
    }

    record LoginAccount(
            long workspaceId,
            long userId,
            String userName,
            String displayName,
            String passwordHash,
            boolean accountAdmin,
            boolean mustChangePassword,
            @Nullable Instant passwordExpiresAt,
            LockOut.Failures failures) {}

    record Ended(String sessionId, long workspaceId, long userId, String userName) {}

    <T> T inTransaction(Function<SessionStore, T> work) {
        return db.transactionResult(configuration -> work.apply(new SessionStore(DSL.using(configuration))));
    }

    void audit(Caller caller, String resource, Map<String, ?> details) {
        Audit.record(db, caller, resource, details);
    }

    void auditRefusal(Caller caller, String resource, String reason) {
        Audit.denied(db, caller, resource, reason);
    }

    /**
     * Who may be meant by a login name: of one workspace, or of any when none is named, since sign-in is where the
     * workspace becomes known. The workspace a person comes from is first.
     */
    List<LoginAccount> accounts(String loginName, @Nullable Long workspaceId, int most) {
        return (workspaceId == null ? everywhere : db)
                .select(
                        ACCOUNT.WORKSPACE_ID,
                        ACCOUNT.USER_ID,
                        ACCOUNT.USER_NAME,
                        ACCOUNT.DISPLAY_NAME,
                        PERSON.PASSWORD_HASH,
                        PERSON.ACCOUNT_ADMIN,
                        PERSON.MUST_CHANGE_PASSWORD,
                        PERSON.PASSWORD_EXPIRES_AT,
                        failures())
                .from(ACCOUNT)
                .join(PERSON)
                .on(PERSON.USER_ID.eq(ACCOUNT.USER_ID))
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCOUNT.LOGIN_NAME.eq(loginName))
                .and(workspaceId == null ? DSL.noCondition() : ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.ACTIVE)
                .and(PERSON.PASSWORD_HASH.isNotNull())
                .and(WORKSPACE.DELETED_AT.isNull())
                .orderBy(
                        DSL.case_(PERSON.HOME_WORKSPACE_ID)
                                .when(ACCOUNT.WORKSPACE_ID, 0)
                                .else_(1),
                        ACCOUNT.CREATED_AT,
                        ACCOUNT.WORKSPACE_ID)
                .limit(most)
                .fetch(Records.mapping(LoginAccount::new));
    }

    private static SelectField<LockOut.Failures> failures() {
        return DSL.row(PERSON.FAILED_LOGINS, PERSON.LAST_FAILED_AT, PERSON.LOCKED_UNTIL)
                .mapping(LockOut.Failures.class, LockOut.Failures::new);
    }

    /** Locked until the transaction ends, so that guesses at the same time are all counted. */
    LockOut.Failures failures(long userId) {
        return requireNonNull(db.select(PERSON.FAILED_LOGINS, PERSON.LAST_FAILED_AT, PERSON.LOCKED_UNTIL)
                .from(PERSON)
                .where(PERSON.USER_ID.eq(userId))
                .forUpdate()
                .fetchOne(Records.mapping(LockOut.Failures::new)));
    }

    void failed(long userId, LockOut.Failures failures) {
        db.update(PERSON)
                .set(PERSON.FAILED_LOGINS, failures.count())
                .set(PERSON.LAST_FAILED_AT, failures.last())
                .set(PERSON.LOCKED_UNTIL, failures.lockedUntil())
                .where(PERSON.USER_ID.eq(userId))
                .execute();
    }

    /** Failures are forgotten, and the address is one this person comes from. */
    void succeeded(long userId, String address, Instant now) {
        failed(userId, LockOut.Failures.NONE);
        db.insertInto(KNOWN_ADDRESS)
                .set(KNOWN_ADDRESS.USER_ID, userId)
                .set(KNOWN_ADDRESS.ADDRESS, address)
                .set(KNOWN_ADDRESS.LAST_USED_AT, now)
                .onConflict(KNOWN_ADDRESS.USER_ID, KNOWN_ADDRESS.ADDRESS)
                .doUpdate()
                .set(KNOWN_ADDRESS.LAST_USED_AT, now)
                .execute();
    }

    boolean knows(long userId, String address) {
        return db.fetchExists(KNOWN_ADDRESS, KNOWN_ADDRESS.USER_ID.eq(userId).and(KNOWN_ADDRESS.ADDRESS.eq(address)));
    }

    void forgetAddresses(Instant usedBefore) {
        db.deleteFrom(KNOWN_ADDRESS)
                .where(KNOWN_ADDRESS.LAST_USED_AT.lt(usedBefore))
                .execute();
    }

    /** A person's own choice in the place of a temporary password. */
    void replacePassword(long userId, String hash, Instant now) {
        db.update(PERSON)
                .set(PERSON.PASSWORD_HASH, hash)
                .set(PERSON.PASSWORD_SET_AT, now)
                .set(PERSON.MUST_CHANGE_PASSWORD, false)
                .setNull(PERSON.PASSWORD_EXPIRES_AT)
                .where(PERSON.USER_ID.eq(userId))
                .execute();
    }

    /** Ends the person's sessions in every workspace: they all came from one password. */
    void deleteAll(long userId) {
        everywhere
                .deleteFrom(LOGIN_SESSION)
                .where(LOGIN_SESSION.USER_ID.eq(userId))
                .execute();
    }

    boolean isMember(long workspaceId, long userId) {
        return db.fetchExists(ACCOUNT, ACCOUNT.WORKSPACE_ID.eq(workspaceId).and(ACCOUNT.USER_ID.eq(userId)));
    }

    void insert(Session session, Minted secret) {
        db.insertInto(LOGIN_SESSION)
                .set(LOGIN_SESSION.SESSION_ID, session.sessionId())
                .set(LOGIN_SESSION.WORKSPACE_ID, session.workspaceId())
                .set(LOGIN_SESSION.USER_ID, session.userId())
                .set(LOGIN_SESSION.LOOKUP, secret.lookup())
                .set(LOGIN_SESSION.SECRET_HASH, secret.hash())
                .set(LOGIN_SESSION.ADDRESS, session.address())
                .set(LOGIN_SESSION.CREATED_AT, session.createdAt())
                .set(LOGIN_SESSION.LAST_USED_AT, session.lastUsedAt())
                .set(LOGIN_SESSION.EXPIRES_AT, session.expiresAt())
                .execute();
    }

    List<Session> list(long workspaceId, long userId, Instant now, Instant usedSince) {
        return db.select(
                        LOGIN_SESSION.SESSION_ID,
                        LOGIN_SESSION.WORKSPACE_ID,
                        LOGIN_SESSION.USER_ID,
                        LOGIN_SESSION.ADDRESS,
                        LOGIN_SESSION.CREATED_AT,
                        LOGIN_SESSION.LAST_USED_AT,
                        LOGIN_SESSION.EXPIRES_AT,
                        DSL.field(DSL.exists(DSL.selectOne()
                                .from(SSO_SESSION)
                                .where(SSO_SESSION.WORKSPACE_ID.eq(LOGIN_SESSION.WORKSPACE_ID))
                                .and(SSO_SESSION.SESSION_ID.eq(LOGIN_SESSION.SESSION_ID)))))
                .from(LOGIN_SESSION)
                .where(LOGIN_SESSION.WORKSPACE_ID.eq(workspaceId))
                .and(LOGIN_SESSION.USER_ID.eq(userId))
                .and(LOGIN_SESSION.EXPIRES_AT.gt(now))
                .and(LOGIN_SESSION.LAST_USED_AT.gt(usedSince))
                .orderBy(LOGIN_SESSION.CREATED_AT.desc(), LOGIN_SESSION.SESSION_ID)
                .fetch(Records.mapping(Session::new));
    }

    /** False when this person has no such session. */
    boolean delete(long workspaceId, long userId, String sessionId) {
        return db.deleteFrom(LOGIN_SESSION)
                        .where(LOGIN_SESSION.WORKSPACE_ID.eq(workspaceId))
                        .and(LOGIN_SESSION.USER_ID.eq(userId))
                        .and(LOGIN_SESSION.SESSION_ID.eq(sessionId))
                        .execute()
                == 1;
    }

    /** The session a secret opens: holding the secret is the permission to end it. */
    Optional<Ended> findBySecret(String lookup, String secret) {
        return everywhere
                .select(
                        LOGIN_SESSION.SESSION_ID,
                        LOGIN_SESSION.WORKSPACE_ID,
                        LOGIN_SESSION.USER_ID,
                        ACCOUNT.USER_NAME,
                        LOGIN_SESSION.SECRET_HASH)
                .from(LOGIN_SESSION)
                .join(ACCOUNT)
                .on(ACCOUNT.WORKSPACE_ID.eq(LOGIN_SESSION.WORKSPACE_ID))
                .and(ACCOUNT.USER_ID.eq(LOGIN_SESSION.USER_ID))
                .where(LOGIN_SESSION.LOOKUP.eq(lookup))
                .fetchOptional()
                .filter(row -> Minted.matches(secret, row.value5()))
                .map(row -> new Ended(row.value1(), row.value2(), row.value3(), row.value4()));
    }

    /** Housekeeping over all workspaces. */
    int deleteEnded(Instant now, Instant usedBefore) {
        return everywhere
                .deleteFrom(LOGIN_SESSION)
                .where(LOGIN_SESSION.EXPIRES_AT.lt(now).or(LOGIN_SESSION.LAST_USED_AT.lt(usedBefore)))
                .execute();
    }
}
