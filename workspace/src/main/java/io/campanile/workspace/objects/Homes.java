package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Home folders: {@code /Users/<user name>}, made when their user first comes. */
public final class Homes {
    private final ObjectStore store;
    private final Clock clock;

    public Homes(ObjectStore store, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The caller's home with the folders above it; made on first use. */
    Located ensure(Caller caller) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        store.ensureRoots(caller.workspaceId(), now);
        WorkspaceObject home = store.home(caller.workspaceId(), caller.userId()).orElseGet(() -> make(caller, now));
        return store.locate(caller.workspaceId(), home.objectId()).orElseThrow();
    }

    /**
     * The name of the caller's folder of git folders, below {@code /Repos}: his own, or with his id behind where somebody
     * else has it in other capitals. Made on first use, and the caller's by a grant.
     */
    String ensureRepos(Caller caller) {
        long workspaceId = caller.workspaceId();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        store.ensureRoots(workspaceId, now);
        long root = store.root(workspaceId).orElseThrow().objectId();
        String plain = WorkspacePath.checkName(caller.userName());
        Optional<WorkspaceObject> repos = store.child(workspaceId, root, WorkspacePath.REPOS);
        if (repos.isEmpty()) {
            return plain;
        }
        for (String name : List.of(plain, plain + "-" + caller.userId())) {
            if (hasRepos(caller, repos.get().objectId(), name, now)) {
                return name;
            }
        }
        throw new ApiException(
                ErrorCode.RESOURCE_CONFLICT, "The folder /Repos/" + plain + " could not be made; try again");
    }

    /** Whether the folder is there, or could be made; not where another one is in its way. */
    private boolean hasRepos(Caller caller, long repos, String name, Instant now) {
        long workspaceId = caller.workspaceId();
        if (store.child(workspaceId, repos, name).isPresent()) {
            return true;
        }
        WorkspaceObject folder = WorkspaceObject.directory(workspaceId, store.nextId(), repos, name, now);
        ObjectStore.Placed placed = store.inTransaction(tx -> {
            ObjectStore.Placed inserted = ObjectStore.insert(tx, folder);
            if (inserted == ObjectStore.Placed.DONE) {
                ObjectStore.giveManage(tx, caller, folder);
            }
            return inserted;
        });
        return placed == ObjectStore.Placed.DONE
                || store.child(workspaceId, repos, name).isPresent();
    }

    private WorkspaceObject make(Caller caller, Instant now) {
        long workspaceId = caller.workspaceId();
        WorkspaceObject root = store.root(workspaceId).orElseThrow();
        long homes = store.child(workspaceId, root.objectId(), WorkspacePath.HOMES)
                .orElseThrow()
                .objectId();
        String plain = WorkspacePath.checkName(caller.userName());
        // A name may be another's: of a user who had it before. Then the id tells the two apart.
        for (String name : List.of(plain, plain + "-" + caller.userId())) {
            Optional<WorkspaceObject> there = store.child(workspaceId, homes, name);
            if (there.isPresent() && !there.get().isDirectory()) {
                // An administrator can put a notebook there, before its namesake comes for the first time.
                continue;
            }
            if (there.isPresent()) {
                store.claimHome(workspaceId, there.get().objectId(), caller.userId());
            } else {
                store.insert(new WorkspaceObject(
                        workspaceId,
                        store.nextId(),
                        homes,
                        name,
                        ObjectType.DIRECTORY,
                        null,
                        caller.userId(),
                        now,
                        now,
                        null,
                        null));
            }
            Optional<WorkspaceObject> home = store.home(workspaceId, caller.userId());
            if (home.isPresent()) {
                return home.get();
            }
        }
        throw new ApiException(
                ErrorCode.RESOURCE_CONFLICT, "The home folder of " + plain + " could not be made; try again");
    }
}
