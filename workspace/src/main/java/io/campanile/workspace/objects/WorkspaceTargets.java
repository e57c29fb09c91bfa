package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.permissions.Implied;
import io.campanile.common.permissions.ObjectRef;
import io.campanile.common.permissions.PermissionKind;
import io.campanile.common.permissions.PermissionLevel;
import io.campanile.common.permissions.PermissionTargets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The objects of the tree as the permissions API needs them: one instance for each kind. */
public final class WorkspaceTargets implements PermissionTargets {
    static final List<PermissionLevel> LEVELS = List.of(
            new PermissionLevel("CAN_READ", "Can view the object, its comments and results"),
            new PermissionLevel("CAN_RUN", "Can view and run the object"),
            new PermissionLevel("CAN_EDIT", "Can view, run and change the object"),
            new PermissionLevel("CAN_MANAGE", "Can view, run, change, move and delete the object, and share it"));

    public static final List<PermissionKind> KINDS = List.of(
            new PermissionKind("directory", "directories", LEVELS),
            new PermissionKind("notebook", "notebooks", LEVELS),
            new PermissionKind("file", "files", LEVELS),
            new PermissionKind("repo", "repos", LEVELS));

    private final Tree tree;
    private final PermissionKind kind;

    public WorkspaceTargets(Tree tree, PermissionKind kind) {
        this.tree = requireNonNull(tree, "tree");
        this.kind = requireNonNull(kind, "kind");
    }

    @Override
    public Target find(Caller caller, String objectId) {
        long id = number(objectId);
        Located located = tree.live(caller, id, Permission.CAN_READ);
        if (!located.object().type().collection().equals(kind.collection())) {
            throw Tree.missing(id);
        }
        List<ObjectRef> above = new ArrayList<>(
                located.ancestors().stream().map(ObjectStore::ref).toList());
        Collections.reverse(above);
        return new Target(
                ObjectStore.ref(located.object()),
                above,
                implied(located),
                tree.permission(caller, located).includes(Permission.CAN_MANAGE));
    }

    /** What some have on an object by the rules of {@link Permissions}. */
    static List<Implied> implied(Located located) {
        String manage = Permission.CAN_MANAGE.name();
        List<Implied> rules = new ArrayList<>();
        for (WorkspaceObject above : located.chain()) {
            if (above.ownerUserId() != null) {
                rules.add(Implied.owner(above.ownerUserId(), manage, ObjectStore.ref(above)));
            }
        }
        WorkspacePath path = located.path();
        if (path.isShared()) {
            rules.add(Implied.everybody(manage, ObjectStore.ref(located.chain().get(1))));
        }
        if (path.isRoot() || path.isHomes() || path.isRepos()) {
            rules.add(Implied.everybody(Permission.CAN_READ.name(), ObjectStore.ref(located.object())));
        }
        rules.add(Implied.admins(manage, ObjectStore.ref(located.chain().get(0)).toString()));
        return rules;
    }

    private static long number(String objectId) {
        try {
            return Long.parseLong(objectId);
        } catch (NumberFormatException e) {
            throw new ApiException(ErrorCode.RESOURCE_DOES_NOT_EXIST, "Object " + objectId + " doesn't exist.", e);
        }
    }
}
