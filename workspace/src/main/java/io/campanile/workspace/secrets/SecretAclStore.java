package io.campanile.workspace.secrets;

import static io.campanile.workspace.db.Tables.SECRET_ACL;

import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** All SQL of the access lists of scopes. */
final class SecretAclStore {
    /** One line of an access list. */
    record Entry(long principalId, AclPermission permission) {}

    void put(DSLContext tx, long workspaceId, SecretName scope, Entry entry) {
        tx.insertInto(SECRET_ACL)
                .set(SECRET_ACL.WORKSPACE_ID, workspaceId)
                .set(SECRET_ACL.SCOPE_KEY, scope.folded())
                .set(SECRET_ACL.PRINCIPAL_ID, entry.principalId())
                .set(SECRET_ACL.PERMISSION, entry.permission().name())
                .onConflict(SECRET_ACL.WORKSPACE_ID, SECRET_ACL.SCOPE_KEY, SECRET_ACL.PRINCIPAL_ID)
                .doUpdate()
                .set(SECRET_ACL.PERMISSION, entry.permission().name())
                .execute();
    }

    /** False when the principal is not on the list. */
    boolean delete(DSLContext tx, long workspaceId, SecretName scope, long principalId) {
        return tx.deleteFrom(SECRET_ACL)
                        .where(SECRET_ACL.WORKSPACE_ID.eq(workspaceId))
                        .and(SECRET_ACL.SCOPE_KEY.eq(scope.folded()))
                        .and(SECRET_ACL.PRINCIPAL_ID.eq(principalId))
                        .execute()
                == 1;
    }

    Optional<AclPermission> find(DSLContext db, long workspaceId, SecretName scope, long principalId) {
        return db.select(SECRET_ACL.PERMISSION)
                .from(SECRET_ACL)
                .where(SECRET_ACL.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET_ACL.SCOPE_KEY.eq(scope.folded()))
                .and(SECRET_ACL.PRINCIPAL_ID.eq(principalId))
                .fetchOptional(row -> AclPermission.valueOf(row.value1()));
    }

    List<Entry> list(DSLContext db, long workspaceId, SecretName scope) {
        return db.select(SECRET_ACL.PRINCIPAL_ID, SECRET_ACL.PERMISSION)
                .from(SECRET_ACL)
                .where(SECRET_ACL.WORKSPACE_ID.eq(workspaceId))
                .and(SECRET_ACL.SCOPE_KEY.eq(scope.folded()))
                .orderBy(SECRET_ACL.PRINCIPAL_ID)
                .fetch(row -> new Entry(row.value1(), AclPermission.valueOf(row.value2())));
    }
}
