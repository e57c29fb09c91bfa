package io.campanile.workspace.objects;

import io.campanile.common.auth.Caller;
import org.jspecify.annotations.Nullable;

/** The one decision on who may do what in the tree. */
public final class Permissions {
    private Permissions() {}

    /**
     * What the caller may do at a path, whether or not something is there: a refusal must not tell.
     *
     * @param homeOwner the user whose home the path leads into, where that home exists
     */
    public static Permission decide(Caller caller, WorkspacePath path, @Nullable Long homeOwner) {
        if (caller.userId() == 0) {
            return Permission.NONE;
        }
        if (caller.admin() || path.isShared()) {
            return Permission.CAN_MANAGE;
        }
        if (path.isRoot() || path.isHomes()) {
            return Permission.CAN_READ;
        }
        if (path.isInHome()) {
            boolean own =
                    homeOwner == null ? path.segments().get(1).equals(caller.userName()) : homeOwner == caller.userId();
            return own ? Permission.CAN_MANAGE : Permission.NONE;
        }
        return Permission.NONE;
    }

    /** Whether the folder at a path can be neither moved nor thrown away: the roots and the home folders. */
    static boolean isFixed(WorkspacePath path) {
        return path.isRoot()
                || path.isHomes()
                || path.isShared() && path.depth() == 1
                || path.isInHome() && path.depth() == 2;
    }

    /** Whether the caller can remove the folder at a path for good: an administrator clears homes nobody uses. */
    static boolean isRemovable(Caller caller, WorkspacePath path) {
        return !isFixed(path) || caller.admin() && path.isInHome();
    }
}
