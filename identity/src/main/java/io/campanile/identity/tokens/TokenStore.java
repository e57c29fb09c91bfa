package io.campanile.identity.tokens;

import static io.campanile.identity.db.Tables.ACCESS_TOKEN;
import static io.campanile.identity.db.Tables.ACCOUNT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.TenantFence;
import io.campanile.common.json.Json;
import io.campanile.identity.credentials.Minted;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record9;
import org.jooq.Records;
import org.jooq.SelectJoinStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of personal access tokens. */
public final class TokenStore {
    private final DSLContext db;

    public TokenStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    <T> T inTransaction(Function<TokenStore, T> work) {
        return db.transactionResult(configuration -> work.apply(new TokenStore(DSL.using(configuration))));
    }

    void audit(Caller caller, String resource, Map<String, ?> details) {
        Audit.record(db, caller, resource, details);
    }

    /** Within a transaction: the lock on the owner's row makes a count of their tokens hold. */
    int lockAndCount(long workspaceId, long userId, Instant now) {
        db.select(ACCOUNT.USER_ID)
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .forUpdate()
                .fetch();
        return db.fetchCount(
                ACCESS_TOKEN,
                ACCESS_TOKEN
                        .WORKSPACE_ID
                        .eq(workspaceId)
                        .and(ACCESS_TOKEN.USER_ID.eq(userId))
                        .and(ACCESS_TOKEN.EXPIRES_AT.gt(now)));
    }

    void insert(AccessToken token, Minted secret) {
        db.insertInto(ACCESS_TOKEN)
                .set(ACCESS_TOKEN.TOKEN_ID, token.tokenId())
                .set(ACCESS_TOKEN.WORKSPACE_ID, token.workspaceId())
                .set(ACCESS_TOKEN.USER_ID, token.userId())
                .set(ACCESS_TOKEN.LOOKUP, secret.lookup())
                .set(ACCESS_TOKEN.SECRET_HASH, secret.hash())
                .set(ACCESS_TOKEN.COMMENT, token.comment())
                .set(ACCESS_TOKEN.CREATED_AT, token.createdAt())
                .set(ACCESS_TOKEN.EXPIRES_AT, token.expiresAt())
                .set(ACCESS_TOKEN.CREATED_BY, token.createdBy())
                .set(ACCESS_TOKEN.SCOPES, json(token.scopes()))
                .execute();
    }

    List<AccessToken> list(long workspaceId, long userId, Instant now) {
        return select().where(ACCESS_TOKEN.WORKSPACE_ID.eq(workspaceId))
                .and(ACCESS_TOKEN.USER_ID.eq(userId))
                .and(ACCESS_TOKEN.EXPIRES_AT.gt(now))
                .orderBy(ACCESS_TOKEN.CREATED_AT.desc(), ACCESS_TOKEN.TOKEN_ID)
                .fetch(Records.mapping(AccessToken::new));
    }

    /** All of a workspace; {@code createdBy} null is by anybody. */
    List<AccessToken> listAll(long workspaceId, @Nullable Long createdBy, Instant now) {
        // A token that came with the account counts as made by its owner.
        Condition maker = createdBy == null
                ? DSL.noCondition()
                : DSL.coalesce(ACCESS_TOKEN.CREATED_BY, ACCESS_TOKEN.USER_ID).eq(createdBy);
        return select().where(ACCESS_TOKEN.WORKSPACE_ID.eq(workspaceId))
                .and(ACCESS_TOKEN.EXPIRES_AT.gt(now))
                .and(maker)
                .orderBy(ACCESS_TOKEN.CREATED_AT.desc(), ACCESS_TOKEN.TOKEN_ID)
                .fetch(Records.mapping(AccessToken::new));
    }

    Optional<AccessToken> find(long workspaceId, String tokenId, Instant now) {
        return select().where(ACCESS_TOKEN.WORKSPACE_ID.eq(workspaceId))
                .and(ACCESS_TOKEN.TOKEN_ID.eq(tokenId))
                .and(ACCESS_TOKEN.EXPIRES_AT.gt(now))
                .fetchOptional(Records.mapping(AccessToken::new));
    }

    void update(long workspaceId, String tokenId, String comment, @Nullable Set<String> scopes) {
        db.update(ACCESS_TOKEN)
                .set(ACCESS_TOKEN.COMMENT, comment)
                .set(ACCESS_TOKEN.SCOPES, json(scopes))
                .where(ACCESS_TOKEN.WORKSPACE_ID.eq(workspaceId))
                .and(ACCESS_TOKEN.TOKEN_ID.eq(tokenId))
                .execute();
    }

    /** False when the workspace has no such token. */
    boolean delete(long workspaceId, String tokenId) {
        return db.deleteFrom(ACCESS_TOKEN)
                        .where(ACCESS_TOKEN.WORKSPACE_ID.eq(workspaceId))
                        .and(ACCESS_TOKEN.TOKEN_ID.eq(tokenId))
                        .execute()
                == 1;
    }

    /** A service principal of the workspace by its application id. */
    Optional<Long> servicePrincipal(long workspaceId, String applicationId) {
        return db.select(ACCOUNT.USER_ID)
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.LOGIN_NAME.eq(applicationId.toLowerCase(Locale.ROOT)))
                .and(ACCOUNT.KIND.eq("SERVICE_PRINCIPAL"))
                .fetchOptional(ACCOUNT.USER_ID);
    }

    /** A member of the workspace by name. */
    Optional<Long> member(long workspaceId, String userName) {
        return db.select(ACCOUNT.USER_ID)
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.LOGIN_NAME.eq(userName.toLowerCase(Locale.ROOT)))
                .fetchOptional(ACCOUNT.USER_ID);
    }

    /** The names of those of {@code userIds} that are members. */
    Map<Long, String> names(long workspaceId, Collection<Long> userIds) {
        Map<Long, String> names = new HashMap<>();
        db.select(ACCOUNT.USER_ID, ACCOUNT.USER_NAME)
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.in(userIds))
                .forEach(row -> names.put(row.value1(), row.value2()));
        return names;
    }

    /** Housekeeping over all workspaces: forgets tokens that ended before {@code then}. */
    int deleteExpired(Instant then) {
        return TenantFence.acrossWorkspaces(db, "what has ended is forgotten everywhere")
                .deleteFrom(ACCESS_TOKEN)
                .where(ACCESS_TOKEN.EXPIRES_AT.lt(then))
                .execute();
    }

    private SelectJoinStep<Record9<String, Long, Long, String, Instant, Instant, Instant, Long, @Nullable Set<String>>>
            select() {
        return db.select(
                        ACCESS_TOKEN.TOKEN_ID,
                        ACCESS_TOKEN.WORKSPACE_ID,
                        ACCESS_TOKEN.USER_ID,
                        ACCESS_TOKEN.COMMENT,
                        ACCESS_TOKEN.CREATED_AT,
                        ACCESS_TOKEN.EXPIRES_AT,
                        ACCESS_TOKEN.LAST_USED_AT,
                        ACCESS_TOKEN.CREATED_BY,
                        ACCESS_TOKEN.SCOPES.convertFrom(TokenStore::scopes))
                .from(ACCESS_TOKEN);
    }

    private static @Nullable Set<String> scopes(@Nullable JSONB stored) {
        return stored == null ? null : Set.of(Json.read(stored.data(), String[].class));
    }

    private static @Nullable JSONB json(@Nullable Set<String> scopes) {
        return scopes == null ? null : JSONB.valueOf(Json.write(scopes));
    }
}
