package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.objects.Permission;
import io.campanile.workspace.objects.RepoFolders;
import io.campanile.workspace.objects.WorkingTrees;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jgit.lib.Repository;

/**
 * Reads git folders beside whoever works on them: rows of one moment, and objects of git, which never change. Only the
 * texts of notebooks are another service's: where one may have been rewritten meanwhile, all is read again.
 */
final class RepoReads {
    private static final int TRIES = 5;

    private final RepoFolders folders;
    private final RepoStore store;
    private final GitData data;
    private final WorkingTrees trees;

    RepoReads(RepoFolders folders, RepoStore store, GitData data, WorkingTrees trees) {
        this.folders = requireNonNull(folders, "folders");
        this.store = requireNonNull(store, "store");
        this.data = requireNonNull(data, "data");
        this.trees = requireNonNull(trees, "trees");
    }

    /** A git folder as it was at one moment. */
    record View(Caller caller, RepoSnapshot rows, Repository git, WorkingState state) {
        RepoStore.Repo repo() {
            return rows.repo();
        }

        Map<String, WorkingState.Change> changes() {
            return state.changes();
        }
    }

    /** With the objects of the folder and what was changed in them. */
    <T> T read(Caller caller, long repoId, Function<View, T> work) {
        return read(caller, repoId, true, work);
    }

    /** Without the objects of the folder. */
    <T> T glance(Caller caller, long repoId, Function<View, T> work) {
        return read(caller, repoId, false, work);
    }

    private <T> T read(Caller caller, long repoId, boolean objects, Function<View, T> work) {
        folders.find(caller, repoId, Permission.CAN_READ);
        GitData.Key key = new GitData.Key(caller.workspaceId(), repoId);
        try (Repository git = open(key)) {
            for (int tried = 1; tried <= TRIES; tried++) {
                RepoSnapshot rows = rows(key, objects);
                WorkingState state = new WorkingState(caller, trees, rows.files(), rows.objects());
                T answer;
                try {
                    answer = work.apply(new View(caller, rows, git, state));
                } catch (ApiException e) {
                    // What has been removed since the rows were read cannot be read any more.
                    if (e.code() != ErrorCode.RESOURCE_DOES_NOT_EXIST
                            || rows(key, objects).equals(rows)) {
                        throw e;
                    }
                    continue;
                }
                if (stillSo(key, state.rewritable())) {
                    return answer;
                }
            }
        }
        throw new ApiException(
                ErrorCode.RESOURCE_CONFLICT, "Repo " + repoId + " is changed faster than it can be read; try again");
    }

    private RepoSnapshot rows(GitData.Key key, boolean objects) {
        return store.snapshot(key, tx -> objects ? WorkingTrees.scan(tx, key.workspaceId(), key.repoId()) : List.of())
                .orElseThrow(() -> RepoFolders.missing(key.repoId()));
    }

    /** Whether the files whose notebooks were found to be other ones have still the rows they were compared with. */
    private boolean stillSo(GitData.Key key, Collection<RepoStore.TrackedFile> files) {
        if (files.isEmpty()) {
            return true;
        }
        Set<RepoStore.TrackedFile> now = new HashSet<>(rows(key, false).files());
        return now.containsAll(files);
    }

    private Repository open(GitData.Key key) {
        try {
            return data.open(key);
        } catch (ApiException e) {
            if (store.find(key.workspaceId(), key.repoId()).isEmpty()) {
                throw RepoFolders.missing(key.repoId());
            }
            throw e;
        }
    }
}
