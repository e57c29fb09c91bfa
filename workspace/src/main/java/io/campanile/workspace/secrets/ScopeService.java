package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of scopes and of their access lists. */
public final class ScopeService {
    /** The group of everybody in a workspace: the only one a new scope may be given to. */
    private static final String USERS = "users";

    private final SecretStore store;
    private final SecretAclStore acls = new SecretAclStore();
    private final ScopeAccess access;
    private final Directory directory;
    private final Clock clock;
    private final int mostScopes;

    /** {@code mostScopes}: how many a workspace may have. */
    public ScopeService(SecretStore store, Directory directory, Clock clock, int mostScopes) {
        this.store = requireNonNull(store, "store");
        this.access = new ScopeAccess(store);
        this.directory = requireNonNull(directory, "directory");
        this.clock = requireNonNull(clock, "clock");
        this.mostScopes = mostScopes;
    }

    /** A line of an access list as callers know it. */
    record Item(String principal, AclPermission permission) {}

    /** {@code manager}: null for the caller alone, or "users" for everybody. */
    void create(Caller caller, SecretName scope, @Nullable String manager) {
        if (manager != null && !manager.equals(USERS)) {
            throw ApiException.invalid("initial_manage_principal may only be \"users\"");
        }
        long managerId =
                manager == null ? caller.userId() : principal(caller, USERS).principalId();
        long workspaceId = caller.workspaceId();
        store.inTransaction(tx -> {
            store.lockScopes(tx, workspaceId);
            if (store.scopes(tx, workspaceId) >= mostScopes) {
                throw new ApiException(
                        ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                        "The workspace has " + mostScopes + " secret scopes, as many as it may have");
            }
            if (!store.insert(tx, workspaceId, scope, caller.userId(), clock.instant())) {
                throw new ApiException(ErrorCode.RESOURCE_ALREADY_EXISTS, "Scope " + scope.text() + " already exists!");
            }
            acls.put(tx, workspaceId, scope, new SecretAclStore.Entry(managerId, AclPermission.MANAGE));
            Audit.record(tx, caller, resource(scope), Map.of("manager", manager == null ? caller.userName() : USERS));
            return true;
        });
    }

    void delete(Caller caller, SecretName scope) {
        store.inTransaction(tx -> {
            access.requireAlone(tx, caller, scope, AclPermission.MANAGE);
            store.delete(tx, caller.workspaceId(), scope);
            Audit.record(tx, caller, resource(scope), Map.of());
            return true;
        });
    }

    /** The scopes that the caller may read. */
    List<SecretStore.Scope> list(Caller caller) {
        return caller.admin()
                ? store.all(caller.workspaceId())
                : store.visibleTo(caller.workspaceId(), ScopeAccess.principals(caller));
    }

    void putAcl(Caller caller, SecretName scope, String name, AclPermission permission) {
        requireManage(caller, scope);
        Principal principal = principal(caller, name);
        store.inTransaction(tx -> {
            access.require(tx, caller, scope, AclPermission.MANAGE);
            acls.put(tx, caller.workspaceId(), scope, new SecretAclStore.Entry(principal.principalId(), permission));
            Audit.record(tx, caller, resource(scope), Map.of("principal", name, "permission", permission.name()));
            return true;
        });
    }

    void deleteAcl(Caller caller, SecretName scope, String name) {
        requireManage(caller, scope);
        Principal principal = known(caller, name, scope);
        store.inTransaction(tx -> {
            access.require(tx, caller, scope, AclPermission.MANAGE);
            if (!acls.delete(tx, caller.workspaceId(), scope, principal.principalId())) {
                throw notOnList(scope, name);
            }
            Audit.record(tx, caller, resource(scope), Map.of("principal", name));
            return true;
        });
    }

    Item acl(Caller caller, SecretName scope, String name) {
        requireManage(caller, scope);
        Principal principal = known(caller, name, scope);
        return acls.find(store.context(), caller.workspaceId(), scope, principal.principalId())
                .map(permission -> new Item(principal.name(), permission))
                .orElseThrow(() -> notOnList(scope, name));
    }

    /** The access list; whoever is gone from the workspace is left out. */
    List<Item> acls(Caller caller, SecretName scope) {
        List<SecretAclStore.Entry> entries = store.inTransaction(tx -> {
            access.require(tx, caller, scope, AclPermission.MANAGE);
            return acls.list(tx, caller.workspaceId(), scope);
        });
        Map<Long, Principal> principals =
                directory
                        .byId(
                                caller,
                                entries.stream()
                                        .map(SecretAclStore.Entry::principalId)
                                        .toList())
                        .stream()
                        .collect(Collectors.toMap(Principal::principalId, Function.identity()));
        List<Item> items = new ArrayList<>();
        for (SecretAclStore.Entry entry : entries) {
            Principal principal = principals.get(entry.principalId());
            if (principal != null) {
                items.add(new Item(principal.name(), entry.permission()));
            }
        }
        return items;
    }

    /** Before the directory is asked, which must not happen within a transaction nor for everybody. */
    private void requireManage(Caller caller, SecretName scope) {
        store.inTransaction(tx -> access.require(tx, caller, scope, AclPermission.MANAGE));
    }

    private Principal known(Caller caller, String name, SecretName scope) {
        return find(caller, name).orElseThrow(() -> notOnList(scope, name));
    }

    private Principal principal(Caller caller, String name) {
        return find(caller, name)
                .orElseThrow(() -> ApiException.invalid(
                        "principal " + name + " is no user, group or service principal of this workspace"));
    }

    /** The API names a principal without saying of which kind: a user before a group of the same name. */
    private java.util.Optional<Principal> find(Caller caller, String name) {
        List<Principal.Name> names = Stream.of(PrincipalKind.values())
                .map(kind -> new Principal.Name(kind, name))
                .toList();
        return directory.byName(caller, names).stream().min(java.util.Comparator.comparing(Principal::kind));
    }

    private static String resource(SecretName scope) {
        return "secret-scope/" + scope.text();
    }

    private static ApiException notOnList(SecretName scope, String name) {
        return ApiException.notFound("Scope " + scope.text() + " has no ACL for principal " + name);
    }
}
