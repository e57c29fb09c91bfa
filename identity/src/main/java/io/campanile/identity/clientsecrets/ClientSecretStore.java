package io.campanile.identity.clientsecrets;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.CLIENT_SECRET;
import static io.campanile.identity.db.Tables.PERSON;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.identity.credentials.Minted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;

/** All SQL of client secrets. */
public final class ClientSecretStore {
    private final DSLContext db;

    public ClientSecretStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    <T> T inTransaction(Function<ClientSecretStore, T> work) {
        return db.transactionResult(configuration -> work.apply(new ClientSecretStore(DSL.using(configuration))));
    }

    void audit(Caller caller, String resource, Map<String, ?> details) {
        Audit.record(db, caller, resource, details);
    }

    /** Where a service principal is at home: the workspace its secrets are for when the account makes them. */
    Optional<Long> homeOf(long userId) {
        return db.select(PERSON.HOME_WORKSPACE_ID)
                .from(PERSON)
                .where(PERSON.USER_ID.eq(userId))
                .and(PERSON.KIND.eq("SERVICE_PRINCIPAL"))
                .fetchOptional(PERSON.HOME_WORKSPACE_ID);
    }

    /** False when the workspace has no such service principal; locked, so that a count of its secrets holds. */
    boolean lock(long workspaceId, long userId) {
        return db.select(ACCOUNT.USER_ID)
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .and(ACCOUNT.KIND.eq("SERVICE_PRINCIPAL"))
                .forUpdate()
                .fetchOptional()
                .isPresent();
    }

    void insert(ClientSecret secret, Minted minted) {
        db.insertInto(CLIENT_SECRET)
                .set(CLIENT_SECRET.SECRET_ID, secret.secretId())
                .set(CLIENT_SECRET.WORKSPACE_ID, secret.workspaceId())
                .set(CLIENT_SECRET.USER_ID, secret.userId())
                .set(CLIENT_SECRET.LOOKUP, minted.lookup())
                .set(CLIENT_SECRET.SECRET_HASH, minted.hash())
                .set(CLIENT_SECRET.CREATED_AT, secret.createdAt())
                .set(CLIENT_SECRET.EXPIRES_AT, secret.expiresAt())
                .execute();
    }

    List<ClientSecret> list(long workspaceId, long userId) {
        return db.select(
                        CLIENT_SECRET.SECRET_ID,
                        CLIENT_SECRET.WORKSPACE_ID,
                        CLIENT_SECRET.USER_ID,
                        CLIENT_SECRET.SECRET_HASH,
                        CLIENT_SECRET.CREATED_AT,
                        CLIENT_SECRET.EXPIRES_AT)
                .from(CLIENT_SECRET)
                .where(CLIENT_SECRET.WORKSPACE_ID.eq(workspaceId))
                .and(CLIENT_SECRET.USER_ID.eq(userId))
                .orderBy(CLIENT_SECRET.CREATED_AT, CLIENT_SECRET.SECRET_ID)
                .fetch(Records.mapping(ClientSecret::new));
    }

    /** False when the service principal has no such secret. */
    boolean delete(long workspaceId, long userId, String secretId) {
        return db.deleteFrom(CLIENT_SECRET)
                        .where(CLIENT_SECRET.WORKSPACE_ID.eq(workspaceId))
                        .and(CLIENT_SECRET.USER_ID.eq(userId))
                        .and(CLIENT_SECRET.SECRET_ID.eq(secretId))
                        .execute()
                == 1;
    }
}
