package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import java.time.Clock;
import java.util.List;

/** Git folders as entries of the tree: where they may be made, and who may do what with them. */
public final class RepoFolders {
    private final Tree tree;
    private final ObjectStore store;
    private final TrashStore trash;
    private final DocumentDeletions deletions;
    private final Clock clock;

    public RepoFolders(Tree tree, ObjectStore store, TrashStore trash, DocumentDeletions deletions, Clock clock) {
        this.tree = requireNonNull(tree, "tree");
        this.store = requireNonNull(store, "store");
        this.trash = requireNonNull(trash, "trash");
        this.deletions = requireNonNull(deletions, "deletions");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The id of a git folder that is about to be made. */
    public long nextId() {
        return store.nextId();
    }

    /** Where a new git folder of this name is when nobody says where: in the caller's own folder of them. */
    public WorkspacePath own(Caller caller, String name) {
        return new WorkspacePath(List.of(WorkspacePath.REPOS, tree.repos(caller), name));
    }

    /** The place of a new git folder; refused where the caller may not write, or where something is. */
    public RepoSpot spot(Caller caller, WorkspacePath path, long repoId) {
        if (path.isRoot()) {
            throw Tree.taken(path);
        }
        Located parent = tree.parentOf(caller, path);
        if (tree.lookup(caller, path, Permission.CAN_EDIT).isPresent()) {
            throw Tree.taken(path);
        }
        tree.requireFree(parent, path.name());
        if (parent.chain().stream().anyMatch(WorkspaceObject::isRepo)) {
            throw ApiException.invalid("path: " + path + " is in a git folder; a git folder cannot be in another one");
        }
        return RepoSpot.fresh(repoId, parent, path.name());
    }

    /** A live git folder; 404 when the caller may not know of it, 403 when the permission is less. */
    public RepoPlace find(Caller caller, long repoId, Permission needed) {
        Located located = tree.live(caller, repoId, needed);
        if (!located.object().isRepo()) {
            throw missing(repoId);
        }
        return place(caller, located);
    }

    /** Of these git folders the live ones the caller may know of, in the same order. */
    public List<RepoPlace> known(Caller caller, List<Long> repoIds) {
        return tree.known(caller, repoIds).stream()
                .filter(located -> located.isLive() && located.object().isRepo())
                .map(located -> place(caller, located))
                .toList();
    }

    /** Removes a git folder for good, with all that is below it. */
    public void remove(Caller caller, long repoId) {
        find(caller, repoId, Permission.CAN_MANAGE);
        trash.remove(caller, repoId, true, clock.instant());
        deletions.wake();
    }

    public static ApiException missing(long repoId) {
        return ApiException.notFound("Repo " + repoId + " doesn't exist.");
    }

    private RepoPlace place(Caller caller, Located located) {
        return new RepoPlace(located.object().objectId(), located.path().toString(), tree.permission(caller, located));
    }
}
