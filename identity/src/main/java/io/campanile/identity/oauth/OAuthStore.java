package io.campanile.identity.oauth;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.CLIENT_SECRET;
import static io.campanile.identity.db.Tables.LOGIN_SESSION;
import static io.campanile.identity.db.Tables.OAUTH_CODE;
import static io.campanile.identity.db.Tables.OAUTH_GRANT;
import static io.campanile.identity.db.Tables.REFRESH_TOKEN;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.TenantFence;
import io.campanile.identity.credentials.Minted;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of codes, grants and client sign-in. A secret is what says the workspace, so finding one cannot name it. */
public final class OAuthStore {
    private final DSLContext db;
    private final DSLContext credentials;

    public OAuthStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
        this.credentials = TenantFence.acrossWorkspaces(db, "a credential is what says the workspace");
    }

    /** A code that was given out for one sign-in; {@code secretHash} is what it hashes to. */
    record Code(
            String lookup,
            String secretHash,
            long workspaceId,
            long userId,
            String sessionId,
            String clientId,
            String redirectUri,
            String codeChallenge,
            String scopes,
            @Nullable String nonce,
            String grantId,
            Instant expiresAt,
            @Nullable Instant usedAt) {}

    record Refresh(
            String lookup,
            String secretHash,
            @Nullable Instant usedAt,
            String grantId,
            long workspaceId,
            long userId,
            String clientId,
            String scopes,
            Instant expiresAt,
            @Nullable Instant revokedAt) {}

    record Secret(
            String secretId,
            String secretHash,
            long workspaceId,
            long userId,
            @Nullable Instant expiresAt) {}

    record Client(long workspaceId, long userId, String userName) {}

    <T> T inTransaction(Function<OAuthStore, T> work) {
        return db.transactionResult(configuration -> work.apply(new OAuthStore(DSL.using(configuration))));
    }

    void audit(Caller caller, String resource, Map<String, ?> details) {
        Audit.record(db, caller, resource, details);
    }

    void auditRefusal(Caller caller, String resource, String reason) {
        Audit.denied(db, caller, resource, reason);
    }

    void insertCode(Code code) {
        db.insertInto(OAUTH_CODE)
                .set(OAUTH_CODE.LOOKUP, code.lookup())
                .set(OAUTH_CODE.SECRET_HASH, code.secretHash())
                .set(OAUTH_CODE.WORKSPACE_ID, code.workspaceId())
                .set(OAUTH_CODE.USER_ID, code.userId())
                .set(OAUTH_CODE.SESSION_ID, code.sessionId())
                .set(OAUTH_CODE.CLIENT_ID, code.clientId())
                .set(OAUTH_CODE.REDIRECT_URI, code.redirectUri())
                .set(OAUTH_CODE.CODE_CHALLENGE, code.codeChallenge())
                .set(OAUTH_CODE.SCOPES, code.scopes())
                .set(OAUTH_CODE.NONCE, code.nonce())
                .set(OAUTH_CODE.GRANT_ID, code.grantId())
                .set(OAUTH_CODE.EXPIRES_AT, code.expiresAt())
                .execute();
    }

    /** Locked until the transaction ends: of two that show it, the second sees that it was used. */
    Optional<Code> lockCode(String lookup) {
        return credentials
                .select(
                        OAUTH_CODE.LOOKUP,
                        OAUTH_CODE.SECRET_HASH,
                        OAUTH_CODE.WORKSPACE_ID,
                        OAUTH_CODE.USER_ID,
                        OAUTH_CODE.SESSION_ID,
                        OAUTH_CODE.CLIENT_ID,
                        OAUTH_CODE.REDIRECT_URI,
                        OAUTH_CODE.CODE_CHALLENGE,
                        OAUTH_CODE.SCOPES,
                        OAUTH_CODE.NONCE,
                        OAUTH_CODE.GRANT_ID,
                        OAUTH_CODE.EXPIRES_AT,
                        OAUTH_CODE.USED_AT)
                .from(OAUTH_CODE)
                .where(OAUTH_CODE.LOOKUP.eq(lookup))
                .forUpdate()
                .fetchOptional(Records.mapping(Code::new));
    }

    /** For what is asked before the transaction that uses the code. */
    Optional<Long> workspaceOfCode(String lookup) {
        return credentials
                .select(OAUTH_CODE.WORKSPACE_ID)
                .from(OAUTH_CODE)
                .where(OAUTH_CODE.LOOKUP.eq(lookup))
                .fetchOptional(OAUTH_CODE.WORKSPACE_ID);
    }

    Optional<Long> workspaceOfRefresh(String lookup) {
        return credentials
                .select(REFRESH_TOKEN.WORKSPACE_ID)
                .from(REFRESH_TOKEN)
                .where(REFRESH_TOKEN.LOOKUP.eq(lookup))
                .fetchOptional(REFRESH_TOKEN.WORKSPACE_ID);
    }

    void useCode(Code code, Instant now) {
        db.update(OAUTH_CODE)
                .set(OAUTH_CODE.USED_AT, now)
                .where(OAUTH_CODE.WORKSPACE_ID.eq(code.workspaceId()))
                .and(OAUTH_CODE.LOOKUP.eq(code.lookup()))
                .execute();
    }

    void insertGrant(Code code, Instant now, Instant expiresAt) {
        db.insertInto(OAUTH_GRANT)
                .set(OAUTH_GRANT.GRANT_ID, code.grantId())
                .set(OAUTH_GRANT.WORKSPACE_ID, code.workspaceId())
                .set(OAUTH_GRANT.USER_ID, code.userId())
                .set(OAUTH_GRANT.CLIENT_ID, code.clientId())
                .set(OAUTH_GRANT.SCOPES, code.scopes())
                .set(OAUTH_GRANT.CREATED_AT, now)
                .set(OAUTH_GRANT.EXPIRES_AT, expiresAt)
                .execute();
    }

    void revokeGrant(long workspaceId, String grantId, Instant now) {
        db.update(OAUTH_GRANT)
                .set(OAUTH_GRANT.REVOKED_AT, now)
                .where(OAUTH_GRANT.WORKSPACE_ID.eq(workspaceId))
                .and(OAUTH_GRANT.GRANT_ID.eq(grantId))
                .and(OAUTH_GRANT.REVOKED_AT.isNull())
                .execute();
    }

    void insertRefresh(long workspaceId, String grantId, Minted secret, Instant now) {
        db.insertInto(REFRESH_TOKEN)
                .set(REFRESH_TOKEN.LOOKUP, secret.lookup())
                .set(REFRESH_TOKEN.SECRET_HASH, secret.hash())
                .set(REFRESH_TOKEN.WORKSPACE_ID, workspaceId)
                .set(REFRESH_TOKEN.GRANT_ID, grantId)
                .set(REFRESH_TOKEN.CREATED_AT, now)
                .execute();
    }

    /** Locked with its grant until the transaction ends. */
    Optional<Refresh> lockRefresh(String lookup) {
        return credentials
                .select(
                        REFRESH_TOKEN.LOOKUP,
                        REFRESH_TOKEN.SECRET_HASH,
                        REFRESH_TOKEN.USED_AT,
                        OAUTH_GRANT.GRANT_ID,
                        OAUTH_GRANT.WORKSPACE_ID,
                        OAUTH_GRANT.USER_ID,
                        OAUTH_GRANT.CLIENT_ID,
                        OAUTH_GRANT.SCOPES,
                        OAUTH_GRANT.EXPIRES_AT,
                        OAUTH_GRANT.REVOKED_AT)
                .from(REFRESH_TOKEN)
                .join(OAUTH_GRANT)
                .on(OAUTH_GRANT.WORKSPACE_ID.eq(REFRESH_TOKEN.WORKSPACE_ID))
                .and(OAUTH_GRANT.GRANT_ID.eq(REFRESH_TOKEN.GRANT_ID))
                .where(REFRESH_TOKEN.LOOKUP.eq(lookup))
                .forUpdate()
                .fetchOptional(Records.mapping(Refresh::new));
    }

    void useRefresh(Refresh refresh, Instant now) {
        db.update(REFRESH_TOKEN)
                .set(REFRESH_TOKEN.USED_AT, now)
                .where(REFRESH_TOKEN.WORKSPACE_ID.eq(refresh.workspaceId()))
                .and(REFRESH_TOKEN.LOOKUP.eq(refresh.lookup()))
                .execute();
    }

    Optional<Secret> secret(String lookup) {
        return credentials
                .select(
                        CLIENT_SECRET.SECRET_ID,
                        CLIENT_SECRET.SECRET_HASH,
                        CLIENT_SECRET.WORKSPACE_ID,
                        CLIENT_SECRET.USER_ID,
                        CLIENT_SECRET.EXPIRES_AT)
                .from(CLIENT_SECRET)
                .where(CLIENT_SECRET.LOOKUP.eq(lookup))
                .fetchOptional(Records.mapping(Secret::new));
    }

    void secretUsed(Secret secret, Instant now) {
        db.update(CLIENT_SECRET)
                .set(CLIENT_SECRET.LAST_USED_AT, now)
                .where(CLIENT_SECRET.WORKSPACE_ID.eq(secret.workspaceId()))
                .and(CLIENT_SECRET.SECRET_ID.eq(secret.secretId()))
                .execute();
    }

    /** A service principal by the name OAuth knows it under, in one workspace or in the first that has it. */
    Optional<Client> client(String applicationId, @Nullable Long workspaceId) {
        return (workspaceId == null ? credentials : db)
                .select(ACCOUNT.WORKSPACE_ID, ACCOUNT.USER_ID, ACCOUNT.USER_NAME)
                .from(ACCOUNT)
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCOUNT.USER_NAME.eq(applicationId))
                .and(ACCOUNT.KIND.eq("SERVICE_PRINCIPAL"))
                .and(workspaceId == null ? DSL.noCondition() : ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(usable())
                .orderBy(ACCOUNT.WORKSPACE_ID)
                .limit(1)
                .fetchOptional(Records.mapping(Client::new));
    }

    /** The name of an active member; empty when they may not sign in. */
    Optional<String> activeName(long workspaceId, long userId) {
        return db.select(ACCOUNT.USER_NAME)
                .from(ACCOUNT)
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .and(usable())
                .fetchOptional(ACCOUNT.USER_NAME);
    }

    boolean hasSession(long workspaceId, long userId, String sessionId, Instant now) {
        return db.fetchExists(
                LOGIN_SESSION,
                LOGIN_SESSION
                        .WORKSPACE_ID
                        .eq(workspaceId)
                        .and(LOGIN_SESSION.USER_ID.eq(userId))
                        .and(LOGIN_SESSION.SESSION_ID.eq(sessionId))
                        .and(LOGIN_SESSION.EXPIRES_AT.gt(now)));
    }

    /** Housekeeping over all workspaces. Used codes stay as long as their replay would have to end a grant. */
    void deleteEnded(Instant now, Instant codesBefore) {
        DSLContext everywhere = TenantFence.acrossWorkspaces(db, "what has ended is forgotten everywhere");
        everywhere
                .deleteFrom(OAUTH_CODE)
                .where(OAUTH_CODE.EXPIRES_AT.lt(codesBefore))
                .execute();
        everywhere.deleteFrom(OAUTH_GRANT).where(OAUTH_GRANT.EXPIRES_AT.lt(now)).execute();
    }

    private static Condition usable() {
        return DSL.condition(ACCOUNT.ACTIVE).and(WORKSPACE.DELETED_AT.isNull());
    }
}
