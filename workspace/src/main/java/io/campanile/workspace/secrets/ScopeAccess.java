package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;

/** Decides who may do what with a scope: an administrator everything, others what access lists give them. */
final class ScopeAccess {
    private final SecretStore store;

    ScopeAccess(SecretStore store) {
        this.store = requireNonNull(store, "store");
    }

    /** The caller and all groups the caller is in. */
    static Set<Long> principals(Caller caller) {
        Set<Long> principals = new HashSet<>(caller.groups());
        principals.add(caller.userId());
        return principals;
    }

    /** The scope, which stays until the transaction ends; 404 when there is none, 403 when the caller may do less. */
    SecretStore.Scope require(DSLContext tx, Caller caller, SecretName scope, AclPermission wanted) {
        return allowed(tx, caller, scope, wanted, store.hold(tx, caller.workspaceId(), scope));
    }

    /** As {@link #require}, for one writer at a time. */
    SecretStore.Scope requireAlone(DSLContext tx, Caller caller, SecretName scope, AclPermission wanted) {
        return allowed(tx, caller, scope, wanted, store.lock(tx, caller.workspaceId(), scope));
    }

    private SecretStore.Scope allowed(
            DSLContext tx, Caller caller, SecretName scope, AclPermission wanted, Optional<SecretStore.Scope> found) {
        SecretStore.Scope there =
                found.orElseThrow(() -> ApiException.notFound("Scope " + scope.text() + " does not exist!"));
        if (!caller.admin()
                && store.permission(tx, caller.workspaceId(), scope, principals(caller))
                        .filter(has -> has.includes(wanted))
                        .isEmpty()) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "User " + caller.userName() + " needs the permission " + wanted + " on scope " + there.name());
        }
        return there;
    }
}
