package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds objects by path or id and says no to callers without the permission: the way in for every feature here. */
public final class Tree {
    private final ObjectStore store;
    private final GrantStore grants;
    private final Homes homes;
    private final Clock clock;

    public Tree(ObjectStore store, GrantStore grants, Homes homes, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.grants = requireNonNull(grants, "grants");
        this.homes = requireNonNull(homes, "homes");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The live object at a path; 404 when there is none the caller may know of, 403 when the permission is less. */
    Located at(Caller caller, WorkspacePath path, Permission needed) {
        return lookup(caller, path, needed).orElseThrow(() -> missing(path));
    }

    /** Like {@link #at}, empty when nothing is there. */
    Optional<Located> lookup(Caller caller, WorkspacePath path, Permission needed) {
        Located deepest = walk(caller, path);
        Permission permission = Permissions.decide(caller, path, deepest.homeOwner(), deepest.granted());
        if (permission == Permission.NONE && !path.isInHome()) {
            return Optional.empty();
        }
        if (!permission.includes(needed)) {
            throw refused(path);
        }
        return deepest.chain().size() == path.depth() + 1 ? Optional.of(deepest) : Optional.empty();
    }

    /** A live folder new entries go into; 404 with the words clients know when there is none. */
    Located parentOf(Caller caller, WorkspacePath path) {
        WorkspacePath parent = path.parent();
        Located found = lookup(caller, parent, Permission.CAN_EDIT)
                .filter(located -> located.object().isDirectory())
                .orElseThrow(() -> noParent(parent));
        return found;
    }

    /** A live object by id; 404 when the caller may not know of it. */
    Located live(Caller caller, long objectId, Permission needed) {
        Located located = any(caller, objectId, needed);
        if (!located.isLive()) {
            throw missing(objectId);
        }
        return located;
    }

    /** An object by id, thrown away or not. */
    Located any(Caller caller, long objectId, Permission needed) {
        Located located = store.locate(caller.workspaceId(), objectId)
                .map(found -> withGrants(caller, found))
                .orElseThrow(() -> missing(objectId));
        Permission permission = permission(caller, located);
        if (permission == Permission.NONE) {
            throw missing(objectId);
        }
        if (!permission.includes(needed)) {
            throw refused(located.path());
        }
        return located;
    }

    /** The root with the folders every workspace has. */
    Located root(Caller caller) {
        return withGrants(caller, new Located(List.of(rootOf(caller))));
    }

    Permission permission(Caller caller, Located located) {
        return Permissions.decide(caller, located.path(), located.homeOwner(), located.granted());
    }

    /** Whether there is such an object and the caller has the permission on it. */
    boolean permits(Caller caller, long objectId, Permission needed) {
        return known(caller, List.of(objectId)).stream()
                .anyMatch(found -> permission(caller, found).includes(needed));
    }

    /** Of these objects those that are there and the caller may know of, in the same order; thrown away ones too. */
    List<Located> known(Caller caller, List<Long> objectIds) {
        return withGrants(caller, store.locateAll(caller.workspaceId(), objectIds)).stream()
                .filter(located -> permission(caller, located) != Permission.NONE)
                .toList();
    }

    /** What there is of a path, from the root down, whether or not the caller may know; see {@link #lookup}. */
    Located deepest(Caller caller, WorkspacePath path) {
        return walk(caller, path);
    }

    /** Of these entries of a folder those the caller may know of. */
    List<Located> known(Caller caller, Located folder, List<WorkspaceObject> entries) {
        List<Located> all = entries.stream().map(folder::with).toList();
        if (all.stream().allMatch(child -> manages(caller, child))) {
            return all;
        }
        Map<Long, Permission> own = grants.given(
                caller, entries.stream().map(WorkspaceObject::objectId).toList());
        return all.stream()
                .map(child -> withGrants(child, own))
                .filter(child -> permission(caller, child) != Permission.NONE)
                .toList();
    }

    /** The live entries of a folder the caller may know of. */
    List<Located> children(Caller caller, Located folder) {
        List<Located> all = store.children(caller.workspaceId(), folder.object().objectId()).stream()
                .map(folder::with)
                .toList();
        if (all.stream().allMatch(child -> manages(caller, child))) {
            return all;
        }
        Map<Long, Permission> own = grants.givenIn(caller, folder.object().objectId());
        return all.stream()
                .map(child -> child.granting(own.getOrDefault(child.object().objectId(), Permission.NONE)))
                .filter(child -> permission(caller, child) != Permission.NONE)
                .toList();
    }

    /** The name of the caller's folder of git folders. */
    String repos(Caller caller) {
        return homes.ensureRepos(caller);
    }

    static ApiException missing(WorkspacePath path) {
        return ApiException.notFound("Path (" + path + ") doesn't exist.");
    }

    static ApiException missing(long objectId) {
        return ApiException.notFound("Object " + objectId + " doesn't exist.");
    }

    static ApiException noParent(WorkspacePath parent) {
        return ApiException.notFound("The parent folder (" + parent + ") does not exist.");
    }

    static ApiException taken(WorkspacePath path) {
        return new ApiException(ErrorCode.RESOURCE_ALREADY_EXISTS, "Path (" + path + ") already exists.");
    }

    /** Refuses a name that a folder has, or has with other capitals. */
    void requireFree(Located folder, String name) {
        alike(folder, name).ifPresent(there -> {
            throw taken(folder, name, Optional.of(there));
        });
    }

    /** Refuses a name that a folder has with other capitals. */
    void requireNoneAlike(Located folder, String name) {
        alike(folder, name).filter(there -> !there.name().equals(name)).ifPresent(there -> {
            throw taken(folder, name, Optional.of(there));
        });
    }

    /** The refusal of a name that was not free. */
    ApiException taken(Located folder, String name) {
        return taken(folder, name, alike(folder, name));
    }

    /** The refusal of a name, with what is in its way: whoever may write into a folder may know what is in it. */
    static ApiException taken(Located folder, String name, Optional<WorkspaceObject> there) {
        WorkspacePath path = folder.path().child(name);
        return there.filter(object -> !object.name().equals(name))
                .map(object -> new ApiException(
                        ErrorCode.RESOURCE_ALREADY_EXISTS,
                        "Path (" + path + ") already exists as '" + object.name()
                                + "', which differs by capitals alone."))
                .orElseGet(() -> taken(path));
    }

    private Optional<WorkspaceObject> alike(Located folder, String name) {
        return store.alike(folder.object().workspaceId(), folder.object().objectId(), name);
    }

    static ApiException refused(WorkspacePath path) {
        return new ApiException(ErrorCode.PERMISSION_DENIED, "You do not have the permission to do this at " + path);
    }

    /** Goes down a path as far as it exists. */
    private Located walk(Caller caller, WorkspacePath path) {
        if (path.isInHome() && path.segments().get(1).equals(caller.userName()) && caller.userId() != 0) {
            homes.ensure(caller);
        }
        if (path.isInRepos() && path.segments().get(1).equals(caller.userName()) && caller.userId() != 0) {
            homes.ensureRepos(caller);
        }
        List<WorkspaceObject> chain = store.walk(caller.workspaceId(), path.segments());
        if (chain.isEmpty()) {
            rootOf(caller);
            chain = store.walk(caller.workspaceId(), path.segments());
        }
        return withGrants(caller, new Located(chain));
    }

    private boolean manages(Caller caller, Located located) {
        return permission(caller, located).includes(Permission.CAN_MANAGE);
    }

    private Located withGrants(Caller caller, Located located) {
        return withGrants(caller, List.of(located)).get(0);
    }

    /** One query for all of them, and none for what the caller manages anyway. */
    private List<Located> withGrants(Caller caller, List<Located> located) {
        List<Long> asked = located.stream()
                .filter(each -> !manages(caller, each))
                .flatMap(each -> each.chain().stream())
                .map(WorkspaceObject::objectId)
                .distinct()
                .toList();
        Map<Long, Permission> given = grants.given(caller, asked);
        return located.stream().map(each -> withGrants(each, given)).toList();
    }

    private static Located withGrants(Located located, Map<Long, Permission> given) {
        Located granted = located;
        for (WorkspaceObject object : located.chain()) {
            granted = granted.granting(given.getOrDefault(object.objectId(), Permission.NONE));
        }
        return granted;
    }

    private WorkspaceObject rootOf(Caller caller) {
        return store.root(caller.workspaceId()).orElseGet(() -> {
            store.ensureRoots(caller.workspaceId(), clock.instant());
            return store.root(caller.workspaceId()).orElseThrow();
        });
    }
}
