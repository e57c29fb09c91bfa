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
     * @param granted the highest level given to the caller on what there is of the path
     */
    static Permission decide(Caller caller, WorkspacePath path, @Nullable Long homeOwner, Permission granted) {
        Permission byPlace = byPlace(caller, path, homeOwner);
        return caller.userId() == 0 || byPlace.includes(granted) ? byPlace : granted;
    }

    /** What the caller may do at a path without any grant. */
    static Permission byPlace(Caller caller, WorkspacePath path, @Nullable Long homeOwner) {
        if (caller.userId() == 0) {
            return Permission.NONE;
        }
        if (caller.admin() || path.isShared()) {
            return Permission.CAN_MANAGE;
        }
        if (path.isRoot() || path.isHomes() || path.isRepos()) {
            return Permission.CAN_READ;
        }
        if (path.isInHome()) {
            boolean own =
                    homeOwner == null ? path.segments().get(1).equals(caller.userName()) : homeOwner == caller.userId();
            return own ? Permission.CAN_MANAGE : Permission.NONE;
        }
        return Permission.NONE;
    }

    /** Whether who makes an object in a folder has it by a grant: where a rule gives it to him, none is needed. */
    static boolean creatorNeedsGrant(Caller caller, Located folder) {
        Long homeOwner = folder.homeOwner();
        return !folder.path().isShared() && (homeOwner == null || homeOwner != caller.userId());
    }

    /** Whether the folder at a path can be neither moved nor thrown away: the roots and the home folders. */
    static boolean isFixed(WorkspacePath path) {
        return path.isRoot()
                || path.isHomes()
                || path.isRepos()
                || path.isShared() && path.depth() == 1
                || path.isInHome() && path.depth() == 2;
    }

    /** Whether the caller can remove the folder at a path for good: an administrator clears homes nobody uses. */
    static boolean isRemovable(Caller caller, WorkspacePath path) {
        return !isFixed(path) || caller.admin() && path.isInHome();
    }
}
