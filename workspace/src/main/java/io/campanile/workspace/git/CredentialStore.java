package io.campanile.workspace.git;

import static io.campanile.workspace.db.Tables.GIT_CREDENTIAL;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.workspace.db.Sequences;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of git credentials. Every statement names the workspace. */
public final class CredentialStore {
    private final Database database;

    public CredentialStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** A credential without what it opens. */
    record Row(
            long credentialId,
            String provider,
            String name,
            @Nullable String username,
            @Nullable String email,
            boolean isDefault) {}

    /** A sealed token and whose it is. */
    record Sealed(long credentialId, byte[] bytes) {}

    <T> T inTransaction(Function<DSLContext, T> work) {
        return database.inTransaction(work);
    }

    DSLContext context() {
        return database.context();
    }

    long nextId() {
        return requireNonNull(context().nextval(Sequences.GIT_CREDENTIAL_ID_SEQ))
                .longValue();
    }

    /** One change of a person's credentials at a time: which one is used by itself depends on all of them. */
    void lock(DSLContext tx, long workspaceId, long userId) {
        tx.fetch(
                "select pg_advisory_xact_lock(hashtextextended('git_credential', {0}))",
                DSL.val(workspaceId * 31 + userId));
    }

    List<Row> list(DSLContext tx, long workspaceId, long userId) {
        return tx.selectFrom(GIT_CREDENTIAL)
                .where(GIT_CREDENTIAL.WORKSPACE_ID.eq(workspaceId))
                .and(GIT_CREDENTIAL.USER_ID.eq(userId))
                .orderBy(GIT_CREDENTIAL.CREDENTIAL_ID)
                .fetch(CredentialStore::row);
    }

    Optional<Row> find(DSLContext tx, long workspaceId, long userId, long credentialId) {
        return list(tx, workspaceId, userId).stream()
                .filter(row -> row.credentialId() == credentialId)
                .findFirst();
    }

    /** Writes a credential, new or not; {@code sealed} null: the token stays. False when the name is taken. */
    boolean put(DSLContext tx, long workspaceId, long userId, Row row, byte @Nullable [] sealed, int keyVersion) {
        if (row.isDefault()) {
            tx.update(GIT_CREDENTIAL)
                    .set(GIT_CREDENTIAL.IS_DEFAULT, false)
                    .where(GIT_CREDENTIAL.WORKSPACE_ID.eq(workspaceId))
                    .and(GIT_CREDENTIAL.USER_ID.eq(userId))
                    .and(GIT_CREDENTIAL.PROVIDER.eq(row.provider()))
                    .execute();
        }
        boolean taken = list(tx, workspaceId, userId).stream()
                .anyMatch(other -> other.credentialId() != row.credentialId()
                        && other.provider().equals(row.provider())
                        && other.name().equals(row.name()));
        if (taken) {
            return false;
        }
        int changed = tx.update(GIT_CREDENTIAL)
                .set(GIT_CREDENTIAL.PROVIDER, row.provider())
                .set(GIT_CREDENTIAL.NAME, row.name())
                .set(GIT_CREDENTIAL.USERNAME, row.username())
                .set(GIT_CREDENTIAL.EMAIL, row.email())
                .set(GIT_CREDENTIAL.IS_DEFAULT, row.isDefault())
                .where(GIT_CREDENTIAL.WORKSPACE_ID.eq(workspaceId))
                .and(GIT_CREDENTIAL.USER_ID.eq(userId))
                .and(GIT_CREDENTIAL.CREDENTIAL_ID.eq(row.credentialId()))
                .execute();
        if (changed == 1 && sealed != null) {
            reseal(tx, workspaceId, new Sealed(row.credentialId(), sealed), keyVersion);
        }
        if (changed == 0) {
            tx.insertInto(GIT_CREDENTIAL)
                    .set(GIT_CREDENTIAL.WORKSPACE_ID, workspaceId)
                    .set(GIT_CREDENTIAL.CREDENTIAL_ID, row.credentialId())
                    .set(GIT_CREDENTIAL.USER_ID, userId)
                    .set(GIT_CREDENTIAL.PROVIDER, row.provider())
                    .set(GIT_CREDENTIAL.NAME, row.name())
                    .set(GIT_CREDENTIAL.USERNAME, row.username())
                    .set(GIT_CREDENTIAL.EMAIL, row.email())
                    .set(GIT_CREDENTIAL.IS_DEFAULT, row.isDefault())
                    .set(GIT_CREDENTIAL.KEY_VERSION, keyVersion)
                    .set(GIT_CREDENTIAL.SEALED, requireNonNull(sealed, "sealed"))
                    .execute();
        }
        return true;
    }

    boolean delete(DSLContext tx, long workspaceId, long userId, long credentialId) {
        return tx.deleteFrom(GIT_CREDENTIAL)
                        .where(GIT_CREDENTIAL.WORKSPACE_ID.eq(workspaceId))
                        .and(GIT_CREDENTIAL.USER_ID.eq(userId))
                        .and(GIT_CREDENTIAL.CREDENTIAL_ID.eq(credentialId))
                        .execute()
                == 1;
    }

    /** Makes the oldest credential of a provider the one that is used by itself; there is none that is. */
    void promote(DSLContext tx, long workspaceId, long userId, String provider) {
        list(tx, workspaceId, userId).stream()
                .filter(row -> row.provider().equals(provider))
                .findFirst()
                .ifPresent(row -> tx.update(GIT_CREDENTIAL)
                        .set(GIT_CREDENTIAL.IS_DEFAULT, true)
                        .where(GIT_CREDENTIAL.WORKSPACE_ID.eq(workspaceId))
                        .and(GIT_CREDENTIAL.CREDENTIAL_ID.eq(row.credentialId()))
                        .execute());
    }

    byte[] sealed(DSLContext tx, long workspaceId, long credentialId) {
        return tx.select(GIT_CREDENTIAL.SEALED)
                .from(GIT_CREDENTIAL)
                .where(GIT_CREDENTIAL.WORKSPACE_ID.eq(workspaceId))
                .and(GIT_CREDENTIAL.CREDENTIAL_ID.eq(credentialId))
                .fetchSingle()
                .value1();
    }

    /** The next credentials after an id that are sealed under older data keys, locked. */
    List<Sealed> sealedBefore(DSLContext tx, long workspaceId, int keyVersion, long after, int limit) {
        return tx.select(GIT_CREDENTIAL.CREDENTIAL_ID, GIT_CREDENTIAL.SEALED)
                .from(GIT_CREDENTIAL)
                .where(GIT_CREDENTIAL.WORKSPACE_ID.eq(workspaceId))
                .and(GIT_CREDENTIAL.KEY_VERSION.lt(keyVersion))
                .and(GIT_CREDENTIAL.CREDENTIAL_ID.gt(after))
                .orderBy(GIT_CREDENTIAL.CREDENTIAL_ID)
                .limit(limit)
                .forUpdate()
                .fetch(row -> new Sealed(row.value1(), row.value2()));
    }

    void reseal(DSLContext tx, long workspaceId, Sealed anew, int keyVersion) {
        tx.update(GIT_CREDENTIAL)
                .set(GIT_CREDENTIAL.SEALED, anew.bytes())
                .set(GIT_CREDENTIAL.KEY_VERSION, keyVersion)
                .where(GIT_CREDENTIAL.WORKSPACE_ID.eq(workspaceId))
                .and(GIT_CREDENTIAL.CREDENTIAL_ID.eq(anew.credentialId()))
                .execute();
    }

    boolean anyBefore(DSLContext tx, long workspaceId, int keyVersion) {
        return tx.fetchExists(
                GIT_CREDENTIAL,
                GIT_CREDENTIAL.WORKSPACE_ID.eq(workspaceId).and(GIT_CREDENTIAL.KEY_VERSION.lt(keyVersion)));
    }

    private static Row row(Record row) {
        return new Row(
                row.get(GIT_CREDENTIAL.CREDENTIAL_ID),
                row.get(GIT_CREDENTIAL.PROVIDER),
                row.get(GIT_CREDENTIAL.NAME),
                row.get(GIT_CREDENTIAL.USERNAME),
                row.get(GIT_CREDENTIAL.EMAIL),
                row.get(GIT_CREDENTIAL.IS_DEFAULT));
    }
}
