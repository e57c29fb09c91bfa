package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.workspace.objects.Permission;
import io.campanile.workspace.objects.RepoFolders;
import io.campanile.workspace.objects.RepoPlace;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The way in to git folders: the permission, the lock, and what a crash left to be done. */
final class RepoAccess {
    private static final int LONGEST_BRANCH = 200;

    private final RepoFolders folders;
    private final RepoStore store;
    private final GitData data;
    private final RepoLocks locks;
    private final Checkouts checkouts;
    private final CredentialService credentials;
    private final GitConfig config;

    RepoAccess(
            RepoFolders folders,
            RepoStore store,
            GitData data,
            RepoLocks locks,
            Checkouts checkouts,
            CredentialService credentials,
            GitConfig config) {
        this.folders = requireNonNull(folders, "folders");
        this.store = requireNonNull(store, "store");
        this.data = requireNonNull(data, "data");
        this.locks = requireNonNull(locks, "locks");
        this.checkouts = requireNonNull(checkouts, "checkouts");
        this.credentials = requireNonNull(credentials, "credentials");
        this.config = requireNonNull(config, "config");
    }

    /** The folder as the tree has it; 404 or 403 as for every object. */
    RepoPlace place(Caller caller, long repoId, Permission needed) {
        return folders.find(caller, repoId, needed);
    }

    /** Runs {@code work} with the folder held alone. */
    <T> T with(Caller caller, long repoId, Permission needed, Function<Session, T> work) {
        place(caller, repoId, needed);
        return alone(caller, new GitData.Key(caller.workspaceId(), repoId), work);
    }

    /** Like {@link #with}, for what the service does by itself. */
    <T> T alone(Caller caller, GitData.Key key, Function<Session, T> work) {
        Allowance allowance = new Allowance(config.timeout(), config.repositoryLimit());
        return locks.with(key, () -> {
            RepoStore.Repo repo = find(key);
            try (Repository git = data.open(key)) {
                checkouts.finish(caller, repo, git);
                return work.apply(new Session(caller, repo, git, allowance));
            }
        });
    }

    /** Runs {@code work} while nobody else works on the folder. */
    <T> T held(GitData.Key key, java.util.function.Supplier<T> work) {
        return locks.with(key, work);
    }

    RepoStore.Repo find(GitData.Key key) {
        return store.find(key.workspaceId(), key.repoId()).orElseThrow(() -> RepoFolders.missing(key.repoId()));
    }

    /** The server of a folder, asked with the caller's credential. */
    GitRemote.Server server(Session session, @Nullable Long credentialId) {
        Optional<GitCredential> credential =
                credentials.use(session.caller(), session.repo().provider(), credentialId);
        return new GitRemote.Server(GitUrl.parse(session.repo().url()), credential.orElse(null));
    }

    /** The branch the folder is on. */
    static String branch(RepoStore.Repo repo) {
        String branch = repo.branch();
        if (branch == null) {
            throw new ApiException(
                    ErrorCode.INVALID_STATE, "The folder stands at a tag; switch to a branch, or make one, first");
        }
        return branch;
    }

    /** Refuses what cannot be a branch of a folder; {@code field}: what the request calls it. */
    static void requireBranch(String name, String field) {
        if (name.length() > LONGEST_BRANCH) {
            throw ApiException.invalid(field + " " + name.substring(0, LONGEST_BRANCH) + "... has more than "
                    + LONGEST_BRANCH + " characters");
        }
        if (!Repository.isValidRefName("refs/heads/" + name)) {
            throw ApiException.invalid(field + " " + name + " is not a name a branch can have");
        }
    }

    static void requireNoMerge(RepoStore.Repo repo) {
        if (repo.merging() != null) {
            throw new ApiException(
                    ErrorCode.INVALID_STATE, "A merge has open conflicts: complete it, or abort it, first");
        }
    }
}
