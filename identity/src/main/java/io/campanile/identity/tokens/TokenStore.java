package io.campanile.identity.tokens;

import static io.campanile.identity.db.Tables.ACCESS_TOKEN;
import static io.campanile.identity.db.Tables.ACCOUNT;
import static java.util.Objects.requireNonNull;

import io.campanile.identity.credentials.Minted;
import java.time.Instant;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;

/** All SQL of personal access tokens. */
public final class TokenStore {
    private final DSLContext db;

    public TokenStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    /** False when the owner has {@code limit} unexpired tokens; the lock on the owner's row makes the count hold. */
    boolean insert(AccessToken token, Minted secret, int limit) {
        return db.transactionResult(configuration -> {
            DSLContext tx = DSL.using(configuration);
            tx.select(ACCOUNT.USER_ID)
                    .from(ACCOUNT)
                    .where(ACCOUNT.WORKSPACE_ID.eq(token.workspaceId()))
                    .and(ACCOUNT.USER_ID.eq(token.userId()))
                    .forUpdate()
                    .fetch();
            int held = tx.fetchCount(
                    ACCESS_TOKEN,
                    ACCESS_TOKEN
                            .WORKSPACE_ID
                            .eq(token.workspaceId())
                            .and(ACCESS_TOKEN.USER_ID.eq(token.userId()))
                            .and(ACCESS_TOKEN.EXPIRES_AT.gt(token.createdAt())));
            if (held >= limit) {
                return false;
            }
            return tx.insertInto(ACCESS_TOKEN)
                            .set(ACCESS_TOKEN.TOKEN_ID, token.tokenId())
                            .set(ACCESS_TOKEN.WORKSPACE_ID, token.workspaceId())
                            .set(ACCESS_TOKEN.USER_ID, token.userId())
                            .set(ACCESS_TOKEN.LOOKUP, secret.lookup())
                            .set(ACCESS_TOKEN.SECRET_HASH, secret.hash())
                            .set(ACCESS_TOKEN.COMMENT, token.comment())
                            .set(ACCESS_TOKEN.CREATED_AT, token.createdAt())
                            .set(ACCESS_TOKEN.EXPIRES_AT, token.expiresAt())
                            .execute()
                    == 1;
        });
    }

    List<AccessToken> list(long workspaceId, long userId, Instant now) {
        return db.select(
                        ACCESS_TOKEN.TOKEN_ID,
                        ACCESS_TOKEN.WORKSPACE_ID,
                        ACCESS_TOKEN.USER_ID,
                        ACCESS_TOKEN.COMMENT,
                        ACCESS_TOKEN.CREATED_AT,
                        ACCESS_TOKEN.EXPIRES_AT)
                .from(ACCESS_TOKEN)
                .where(ACCESS_TOKEN.WORKSPACE_ID.eq(workspaceId))
                .and(ACCESS_TOKEN.USER_ID.eq(userId))
                .and(ACCESS_TOKEN.EXPIRES_AT.gt(now))
                .orderBy(ACCESS_TOKEN.CREATED_AT.desc(), ACCESS_TOKEN.TOKEN_ID)
                .fetch(Records.mapping(AccessToken::new));
    }

    /** False when this person has no such token. */
    boolean delete(long workspaceId, long userId, String tokenId) {
        return db.deleteFrom(ACCESS_TOKEN)
                        .where(ACCESS_TOKEN.WORKSPACE_ID.eq(workspaceId))
                        .and(ACCESS_TOKEN.USER_ID.eq(userId))
                        .and(ACCESS_TOKEN.TOKEN_ID.eq(tokenId))
                        .execute()
                == 1;
    }

    /** Housekeeping over all workspaces: forgets tokens that ended before {@code then}. */
    int deleteExpired(Instant then) {
        return db.deleteFrom(ACCESS_TOKEN)
                .where(ACCESS_TOKEN.EXPIRES_AT.lt(then))
                .execute();
    }
}
