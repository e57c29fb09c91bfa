package io.campanile.workspace.secrets;

import static io.campanile.workspace.db.Tables.SECRET;
import static io.campanile.workspace.db.Tables.SECRET_ACL;
import static io.campanile.workspace.db.Tables.SECRET_SCOPE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Record3;
import org.jooq.impl.DSL;

/** All SQL of secrets: scopes and sealed values. */
public final class SecretStore {
    private final Database database;

    public SecretStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** A scope as it is called. */
    record Scope(String name) {}

    /** What is known of a secret without opening it. */
    record Metadata(String key, Instant updatedAt) {}

    /** Where a sealed value stands. */
    record Place(String scopeKey, String secretKey) {
        /** Before every other place. */
        static final Place FIRST = new Place("", "");
    }

    /** A sealed value and its place. */
    record Sealed(Place place, byte[] bytes) {}

    <T> T inTransaction(Function<DSLContext, T> work) {
        return database.inTransaction(work);
    }

    DSLContext context() {
        return database.context();
    }

    /** Lets one maker of scopes in at a time: their number is limited. */
    void lockScopes(DSLContext tx, long workspaceId) {
        tx.fetch("select pg_advisory_xact_lock(hashtextextended('secret_scope', {0}))", DSL.val(workspaceId));
    }

    int scopes(DSLContext tx, long workspaceId) {
        return tx.fetchCount(SECRET_SCOPE, SECRET_SCOPE.WORKSPACE_ID.eq(workspaceId));
    }

    /** False when there is a scope of that name. */
    boolean insert(DSLContext tx, long workspaceId, SecretName scope, long userId, Instant now) {
        return tx.insertInto(SECRET_SCOPE)
                        .set(SECRET_SCOPE.WORKSPACE_ID, workspaceId)
                        .set(SECRET_SCOPE.SCOPE_KEY, scope.folded())
                        .set(SECRET_SCOPE.NAME, scope.text())
                        .set(SECRET_SCOPE.CREATED_BY, userId)
                        .set(SECRET_SCOPE.CREATED_AT, now.atOffset(ZoneOffset.UTC))
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** The scope; it cannot be deleted before the transaction ends. */
    Optional<Scope> hold(DSLContext tx, long workspaceId, SecretName scope) {
        return tx.select(SECRET_SCOPE.NAME)
                .from(SECRET_SCOPE)
                .where(SECRET_SCOPE.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET_SCOPE.SCOPE_KEY.eq(scope.folded()))
                .forShare()
                .fetchOptional(row -> new Scope(row.value1()));
    }

    /** As {@link #hold}, for one writer at a time. */
    Optional<Scope> lock(DSLContext tx, long workspaceId, SecretName scope) {
        return tx.select(SECRET_SCOPE.NAME)
                .from(SECRET_SCOPE)
                .where(SECRET_SCOPE.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET_SCOPE.SCOPE_KEY.eq(scope.folded()))
                .forUpdate()
                .fetchOptional(row -> new Scope(row.value1()));
    }

    void delete(DSLContext tx, long workspaceId, SecretName scope) {
        tx.deleteFrom(SECRET_SCOPE)
                .where(SECRET_SCOPE.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET_SCOPE.SCOPE_KEY.eq(scope.folded()))
                .execute();
    }

    List<Scope> all(long workspaceId) {
        return context()
                .select(SECRET_SCOPE.NAME)
                .from(SECRET_SCOPE)
                .where(SECRET_SCOPE.WORKSPACE_ID.eq(workspaceId))
                .orderBy(SECRET_SCOPE.SCOPE_KEY)
                .fetch(row -> new Scope(row.value1()));
    }

    /** The scopes on whose access list any of the principals is. */
    List<Scope> visibleTo(long workspaceId, Collection<Long> principals) {
        return context()
                .select(SECRET_SCOPE.NAME)
                .from(SECRET_SCOPE)
                .where(SECRET_SCOPE.WORKSPACE_ID.eq(workspaceId))
                .andExists(DSL.selectOne()
                        .from(SECRET_ACL)
                        .where(SECRET_ACL.WORKSPACE_ID.eq(workspaceId))
                        .and(SECRET_ACL.SCOPE_KEY.eq(SECRET_SCOPE.SCOPE_KEY))
                        .and(SECRET_ACL.PRINCIPAL_ID.in(principals)))
                .orderBy(SECRET_SCOPE.SCOPE_KEY)
                .fetch(row -> new Scope(row.value1()));
    }

    /** The most that any of the principals may do with a scope. */
    Optional<AclPermission> permission(DSLContext db, long workspaceId, SecretName scope, Collection<Long> principals) {
        return db
                .select(SECRET_ACL.PERMISSION)
                .from(SECRET_ACL)
                .where(SECRET_ACL.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET_ACL.SCOPE_KEY.eq(scope.folded()))
                .and(SECRET_ACL.PRINCIPAL_ID.in(principals))
                .fetch(row -> AclPermission.valueOf(row.value1()))
                .stream()
                .max(Comparator.naturalOrder());
    }

    int secrets(DSLContext tx, long workspaceId, SecretName scope) {
        return tx.fetchCount(SECRET, SECRET.WORKSPACE_ID.eq(workspaceId).and(SECRET.SCOPE_KEY.eq(scope.folded())));
    }

    boolean exists(DSLContext tx, long workspaceId, SecretName scope, SecretName key) {
        return find(tx, workspaceId, scope, key).isPresent();
    }

    void put(
            DSLContext tx,
            long workspaceId,
            SecretName scope,
            SecretName key,
            byte[] sealed,
            int keyVersion,
            Instant now) {
        tx.insertInto(SECRET)
                .set(SECRET.WORKSPACE_ID, workspaceId)
                .set(SECRET.SCOPE_KEY, scope.folded())
                .set(SECRET.SECRET_KEY, key.folded())
                .set(SECRET.NAME, key.text())
                .set(SECRET.KEY_VERSION, keyVersion)
                .set(SECRET.SEALED, sealed)
                .set(SECRET.UPDATED_AT, now.atOffset(ZoneOffset.UTC))
                .onConflict(SECRET.WORKSPACE_ID, SECRET.SCOPE_KEY, SECRET.SECRET_KEY)
                .doUpdate()
                .set(SECRET.KEY_VERSION, keyVersion)
                .set(SECRET.SEALED, sealed)
                .set(SECRET.UPDATED_AT, now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    Optional<Sealed> find(DSLContext db, long workspaceId, SecretName scope, SecretName key) {
        return db.select(SECRET.SCOPE_KEY, SECRET.SECRET_KEY, SECRET.SEALED)
                .from(SECRET)
                .where(SECRET.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET.SCOPE_KEY.eq(scope.folded()))
                .and(SECRET.SECRET_KEY.eq(key.folded()))
                .fetchOptional(SecretStore::sealed);
    }

    List<Metadata> list(DSLContext db, long workspaceId, SecretName scope) {
        return db.select(SECRET.NAME, SECRET.UPDATED_AT)
                .from(SECRET)
                .where(SECRET.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET.SCOPE_KEY.eq(scope.folded()))
                .orderBy(SECRET.SECRET_KEY)
                .fetch(row -> new Metadata(row.value1(), row.value2().toInstant()));
    }

    /** False when there is no such secret. */
    boolean delete(DSLContext tx, long workspaceId, SecretName scope, SecretName key) {
        return tx.deleteFrom(SECRET)
                        .where(SECRET.WORKSPACE_ID.eq(workspaceId))
                        .and(SECRET.SCOPE_KEY.eq(scope.folded()))
                        .and(SECRET.SECRET_KEY.eq(key.folded()))
                        .execute()
                == 1;
    }

    /** The next secrets after a place that are sealed under older data keys, locked. */
    List<Sealed> sealedBefore(DSLContext tx, long workspaceId, int keyVersion, Place after, int limit) {
        return tx.select(SECRET.SCOPE_KEY, SECRET.SECRET_KEY, SECRET.SEALED)
                .from(SECRET)
                .where(SECRET.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET.KEY_VERSION.lt(keyVersion))
                .and(DSL.row(SECRET.SCOPE_KEY, SECRET.SECRET_KEY).gt(after.scopeKey(), after.secretKey()))
                .orderBy(SECRET.SCOPE_KEY, SECRET.SECRET_KEY)
                .limit(limit)
                .forUpdate()
                .fetch(SecretStore::sealed);
    }

    private static Sealed sealed(Record3<String, String, byte[]> row) {
        return new Sealed(new Place(row.value1(), row.value2()), row.value3());
    }

    /** The same value sealed anew: when it was last put does not change. */
    void reseal(DSLContext tx, long workspaceId, Sealed anew, int keyVersion) {
        tx.update(SECRET)
                .set(SECRET.SEALED, anew.bytes())
                .set(SECRET.KEY_VERSION, keyVersion)
                .where(SECRET.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET.SCOPE_KEY.eq(anew.place().scopeKey()))
                .and(SECRET.SECRET_KEY.eq(anew.place().secretKey()))
                .execute();
    }

    boolean anyBefore(DSLContext tx, long workspaceId, int keyVersion) {
        return tx.fetchExists(SECRET, SECRET.WORKSPACE_ID.eq(workspaceId).and(SECRET.KEY_VERSION.lt(keyVersion)));
    }
}
