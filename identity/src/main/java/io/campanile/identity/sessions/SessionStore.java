package io.campanile.identity.sessions;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.GROUP_MEMBER;
import static io.campanile.identity.db.Tables.LOGIN_SESSION;
import static io.campanile.identity.db.Tables.PERSON;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import io.campanile.identity.credentials.Minted;
import java.time.Instant;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of sign-in and sessions. */
public final class SessionStore {
    private final DSLContext db;

    public SessionStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    record LoginAccount(
            long workspaceId, long userId, String userName, String displayName, String passwordHash, boolean admin) {}

    /**
     * Who may be meant by a login name: of one workspace, or of any when none is named, since sign-in is where the
     * workspace becomes known. The workspace a person comes from is first.
     */
    List<LoginAccount> accounts(String loginName, @Nullable Long workspaceId, int most) {
        return db.select(
                        ACCOUNT.WORKSPACE_ID,
                        ACCOUNT.USER_ID,
                        ACCOUNT.USER_NAME,
                        ACCOUNT.DISPLAY_NAME,
                        PERSON.PASSWORD_HASH,
                        DSL.field(DSL.exists(DSL.selectOne()
                                .from(GROUP_MEMBER)
                                .join(USER_GROUP)
                                .on(USER_GROUP.WORKSPACE_ID.eq(GROUP_MEMBER.WORKSPACE_ID))
                                .and(USER_GROUP.GROUP_ID.eq(GROUP_MEMBER.GROUP_ID))
                                .where(GROUP_MEMBER.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                                .and(GROUP_MEMBER.MEMBER_ID.eq(ACCOUNT.USER_ID))
                                .and(USER_GROUP.NAME.eq("admins")))))
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
