package io.campanile.identity.authentication;

import static io.campanile.identity.db.Tables.ACCESS_TOKEN;
import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.CLIENT_SECRET;
import static io.campanile.identity.db.Tables.LOGIN_SESSION;
import static io.campanile.identity.db.Tables.OAUTH_GRANT;
import static io.campanile.identity.db.Tables.PERSON;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static io.campanile.identity.db.Tables.WORKSPACE_CONF;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.TenantFence;
import io.campanile.common.json.Json;
import io.campanile.identity.people.RightsStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** Finds credentials. The credential is what says the workspace, so the two searches alone cannot name it. */
public final class AuthenticationStore {
    private final DSLContext db;
    private final DSLContext credentials;

    public AuthenticationStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
        this.credentials = TenantFence.acrossWorkspaces(db, "a credential is what says the workspace");
    }

    record Found(
            String id,
            long workspaceId,
            long userId,
            String userName,
            boolean accountAdmin,
            String secretHash,
            Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable Set<String> scopes) {}

    /** Whom an access token stands for, as the directory knows them now. */
    record Member(String userName, boolean accountAdmin) {}

    void auditRefusal(Caller caller, String resource, String reason) {
        Audit.denied(db, caller, resource, reason);
    }

    Optional<Found> token(String lookup) {
        return credentials
                .select(
                        ACCESS_TOKEN.TOKEN_ID,
                        ACCOUNT.WORKSPACE_ID,
                        ACCOUNT.USER_ID,
                        ACCOUNT.USER_NAME,
                        PERSON.ACCOUNT_ADMIN,
                        ACCESS_TOKEN.SECRET_HASH,
                        ACCESS_TOKEN.EXPIRES_AT,
                        ACCESS_TOKEN.LAST_USED_AT,
                        ACCESS_TOKEN.SCOPES.convertFrom(AuthenticationStore::scopes))
                .from(ACCESS_TOKEN)
                .join(ACCOUNT)
                .on(ACCOUNT.WORKSPACE_ID.eq(ACCESS_TOKEN.WORKSPACE_ID))
                .and(ACCOUNT.USER_ID.eq(ACCESS_TOKEN.USER_ID))
                .join(PERSON)
                .on(PERSON.USER_ID.eq(ACCOUNT.USER_ID))
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCESS_TOKEN.LOOKUP.eq(lookup))
                .and(tokensAreOn())
                .and(ACCOUNT.ACTIVE)
                .and(WORKSPACE.DELETED_AT.isNull())
                .fetchOptional(Records.mapping(Found::new));
    }

    Optional<Found> session(String lookup) {
        return credentials
                .select(
                        LOGIN_SESSION.SESSION_ID,
                        ACCOUNT.WORKSPACE_ID,
                        ACCOUNT.USER_ID,
                        ACCOUNT.USER_NAME,
                        PERSON.ACCOUNT_ADMIN,
                        LOGIN_SESSION.SECRET_HASH,
                        LOGIN_SESSION.EXPIRES_AT,
                        LOGIN_SESSION.LAST_USED_AT,
                        DSL.castNull(SQLDataType.JSONB).convertFrom(AuthenticationStore::scopes))
                .from(LOGIN_SESSION)
                .join(ACCOUNT)
                .on(ACCOUNT.WORKSPACE_ID.eq(LOGIN_SESSION.WORKSPACE_ID))
                .and(ACCOUNT.USER_ID.eq(LOGIN_SESSION.USER_ID))
                .join(PERSON)
                .on(PERSON.USER_ID.eq(ACCOUNT.USER_ID))
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(LOGIN_SESSION.LOOKUP.eq(lookup))
                .and(ACCOUNT.ACTIVE)
                .and(WORKSPACE.DELETED_AT.isNull())
                .fetchOptional(Records.mapping(Found::new));
    }

    /** Empty when the member may not sign in, or when the grant or secret behind their token ended. */
    Optional<Member> member(long workspaceId, long userId, String basis, Instant now) {
        return db.select(ACCOUNT.USER_NAME, PERSON.ACCOUNT_ADMIN)
                .from(ACCOUNT)
                .join(PERSON)
                .on(PERSON.USER_ID.eq(ACCOUNT.USER_ID))
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .and(ACCOUNT.ACTIVE)
                .and(WORKSPACE.DELETED_AT.isNull())
                .and(live(workspaceId, userId, basis, now))
                .fetchOptional(Records.mapping(Member::new));
    }

    /** A workspace can switch personal access tokens off; what was made before opens nothing then. */
    private static Condition tokensAreOn() {
        return DSL.notExists(DSL.selectOne()
                .from(WORKSPACE_CONF)
                .where(WORKSPACE_CONF.WORKSPACE_ID.eq(ACCESS_TOKEN.WORKSPACE_ID))
                .and(WORKSPACE_CONF.NAME.eq("enableTokensConfig"))
                .and(WORKSPACE_CONF.SETTING.eq("false")));
    }

    private static Condition live(long workspaceId, long userId, String basis, Instant now) {
        String id = basis.substring(basis.indexOf(':') + 1);
        if (basis.startsWith("grant:")) {
            return DSL.exists(DSL.selectOne()
                    .from(OAUTH_GRANT)
                    .where(OAUTH_GRANT.WORKSPACE_ID.eq(workspaceId))
                    .and(OAUTH_GRANT.USER_ID.eq(userId))
                    .and(OAUTH_GRANT.GRANT_ID.eq(id))
                    .and(OAUTH_GRANT.REVOKED_AT.isNull())
                    .and(OAUTH_GRANT.EXPIRES_AT.gt(now)));
        }
        if (basis.startsWith("secret:")) {
            return DSL.exists(DSL.selectOne()
                    .from(CLIENT_SECRET)
                    .where(CLIENT_SECRET.WORKSPACE_ID.eq(workspaceId))
                    .and(CLIENT_SECRET.USER_ID.eq(userId))
                    .and(CLIENT_SECRET.SECRET_ID.eq(id))
                    .and(CLIENT_SECRET.EXPIRES_AT.isNull().or(CLIENT_SECRET.EXPIRES_AT.gt(now))));
        }
        return DSL.falseCondition();
    }

    private static @Nullable Set<String> scopes(@Nullable JSONB stored) {
        return stored == null ? null : Set.of(Json.read(stored.data(), String[].class));
    }

    void tokenUsed(long workspaceId, String tokenId, Instant now) {
        db.update(ACCESS_TOKEN)
                .set(ACCESS_TOKEN.LAST_USED_AT, now)
                .where(ACCESS_TOKEN.WORKSPACE_ID.eq(workspaceId))
                .and(ACCESS_TOKEN.TOKEN_ID.eq(tokenId))
                .execute();
    }

    void sessionUsed(long workspaceId, String sessionId, Instant now) {
        db.update(LOGIN_SESSION)
                .set(LOGIN_SESSION.LAST_USED_AT, now)
                .where(LOGIN_SESSION.WORKSPACE_ID.eq(workspaceId))
                .and(LOGIN_SESSION.SESSION_ID.eq(sessionId))
                .execute();
    }

    /** Those of {@code ids} that still open the door, in whatever workspace: asked by the gateway for open sockets. */
    Set<String> liveTokens(Collection<String> ids, Instant now) {
        return credentials
                .select(ACCESS_TOKEN.TOKEN_ID)
                .from(ACCESS_TOKEN)
                .join(ACCOUNT)
                .on(ACCOUNT.WORKSPACE_ID.eq(ACCESS_TOKEN.WORKSPACE_ID))
                .and(ACCOUNT.USER_ID.eq(ACCESS_TOKEN.USER_ID))
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCESS_TOKEN.TOKEN_ID.in(ids))
                .and(tokensAreOn())
                .and(ACCESS_TOKEN.EXPIRES_AT.gt(now))
                .and(ACCOUNT.ACTIVE)
                .and(WORKSPACE.DELETED_AT.isNull())
                .fetchSet(ACCESS_TOKEN.TOKEN_ID);
    }

    /** An open socket is use, so only the absolute end of a session counts here; its last use is moved on. */
    Set<String> liveSessions(Collection<String> ids, Instant now, Instant usedBefore) {
        Condition live = LOGIN_SESSION
                .SESSION_ID
                .in(ids)
                .and(LOGIN_SESSION.EXPIRES_AT.gt(now))
                .and(DSL.exists(DSL.selectOne()
                        .from(ACCOUNT)
                        .join(WORKSPACE)
                        .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                        .where(ACCOUNT.WORKSPACE_ID.eq(LOGIN_SESSION.WORKSPACE_ID))
                        .and(ACCOUNT.USER_ID.eq(LOGIN_SESSION.USER_ID))
                        .and(ACCOUNT.ACTIVE)
                        .and(WORKSPACE.DELETED_AT.isNull())));
        credentials
                .update(LOGIN_SESSION)
                .set(LOGIN_SESSION.LAST_USED_AT, now)
                .where(live)
                .and(LOGIN_SESSION.LAST_USED_AT.lt(usedBefore))
                .execute();
        return credentials
                .select(LOGIN_SESSION.SESSION_ID)
                .from(LOGIN_SESSION)
                .where(live)
                .fetchSet(LOGIN_SESSION.SESSION_ID);
    }

    /** Whose the sessions and tokens behind open sockets are, by the ids of those. */
    Map<String, RightsStore.Holder> holders(Collection<String> sessions, Collection<String> tokens) {
        Map<String, RightsStore.Holder> holders = new HashMap<>();
        credentials
                .select(
                        LOGIN_SESSION.SESSION_ID,
                        LOGIN_SESSION.WORKSPACE_ID,
                        LOGIN_SESSION.USER_ID,
                        PERSON.ACCOUNT_ADMIN)
                .from(LOGIN_SESSION)
                .join(PERSON)
                .on(PERSON.USER_ID.eq(LOGIN_SESSION.USER_ID))
                .where(LOGIN_SESSION.SESSION_ID.in(sessions))
                .forEach(row ->
                        holders.put(row.value1(), new RightsStore.Holder(row.value2(), row.value3(), row.value4())));
        credentials
                .select(ACCESS_TOKEN.TOKEN_ID, ACCESS_TOKEN.WORKSPACE_ID, ACCESS_TOKEN.USER_ID, PERSON.ACCOUNT_ADMIN)
                .from(ACCESS_TOKEN)
                .join(PERSON)
                .on(PERSON.USER_ID.eq(ACCESS_TOKEN.USER_ID))
                .where(ACCESS_TOKEN.TOKEN_ID.in(tokens))
                .forEach(row ->
                        holders.put(row.value1(), new RightsStore.Holder(row.value2(), row.value3(), row.value4())));
        return holders;
    }
}
