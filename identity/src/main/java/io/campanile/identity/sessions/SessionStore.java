package io.campanile.identity.sessions;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.GROUP_MEMBER;
import static io.campanile.identity.db.Tables.LOGIN_SESSION;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static java.util.Objects.requireNonNull;

import io.campanile.identity.credentials.Minted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;

/** All SQL of sign-in and sessions. */
public final class SessionStore {
    private final DSLContext db;

    public SessionStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    record LoginAccount(
            long workspaceId, long userId, String userName, String displayName, String passwordHash, boolean admin) {}

    /** Sign-in is where the workspace becomes known, so this statement alone cannot name it. */
    Optional<LoginAccount> account(String loginName) {
        return db.select(
                        ACCOUNT.WORKSPACE_ID,
                        ACCOUNT.USER_ID,
                        ACCOUNT.USER_NAME,
                        ACCOUNT.DISPLAY_NAME,
                        ACCOUNT.PASSWORD_HASH,
                        DSL.field(DSL.exists(DSL.selectOne()
                                .from(GROUP_MEMBER)
                                .join(USER_GROUP)
                                .on(USER_GROUP.WORKSPACE_ID.eq(GROUP_MEMBER.WORKSPACE_ID))
                                .and(USER_GROUP.GROUP_ID.eq(GROUP_MEMBER.GROUP_ID))
                                .where(GROUP_MEMBER.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                                .and(GROUP_MEMBER.USER_ID.eq(ACCOUNT.USER_ID))
                                .and(USER_GROUP.NAME.eq("admins")))))
                .from(ACCOUNT)
                .where(ACCOUNT.LOGIN_NAME.eq(loginName))
                .and(ACCOUNT.ACTIVE)
                .fetchOptional(Records.mapping(LoginAccount::new));
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
                        LOGIN_SESSION.EXPIRES_AT)
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

    /** Ends the session a secret opens: holding the secret is the permission. */
    void deleteBySecret(String lookup, String secret) {
        db.select(LOGIN_SESSION.WORKSPACE_ID, LOGIN_SESSION.SESSION_ID, LOGIN_SESSION.SECRET_HASH)
                .from(LOGIN_SESSION)
                .where(LOGIN_SESSION.LOOKUP.eq(lookup))
                .fetchOptional()
                .filter(row -> Minted.matches(secret, row.value3()))
                .ifPresent(row -> db.deleteFrom(LOGIN_SESSION)
                        .where(LOGIN_SESSION.WORKSPACE_ID.eq(row.value1()))
                        .and(LOGIN_SESSION.SESSION_ID.eq(row.value2()))
                        .execute());
    }

    /** Housekeeping over all workspaces. */
    int deleteEnded(Instant now, Instant usedBefore) {
        return db.deleteFrom(LOGIN_SESSION)
                .where(LOGIN_SESSION.EXPIRES_AT.lt(now).or(LOGIN_SESSION.LAST_USED_AT.lt(usedBefore)))
                .execute();
    }
}
