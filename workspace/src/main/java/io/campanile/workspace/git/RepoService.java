package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.workspace.objects.Permission;
import io.campanile.workspace.objects.RepoFolders;
import io.campanile.workspace.objects.RepoPlace;
import io.campanile.workspace.objects.RepoSpot;
import io.campanile.workspace.objects.WorkspacePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** The rules of git folders as the public API has them: made, found, listed, taken to a branch or a tag. Blocking. */
public final class RepoService {
    private static final int PIECE = 200;

    private final RepoFolders folders;
    private final RepoStore store;
    private final RepoAccess access;
    private final GitData data;
    private final GitRemote remote;
    private final GitHosts hosts;
    private final CredentialService credentials;
    private final Checkouts checkouts;
    private final GitConfig config;

    RepoService(
            RepoFolders folders,
            RepoStore store,
            RepoAccess access,
            GitData data,
            GitRemote remote,
            GitHosts hosts,
            CredentialService credentials,
            Checkouts checkouts,
            GitConfig config) {
        this.folders = requireNonNull(folders, "folders");
        this.store = requireNonNull(store, "store");
        this.access = requireNonNull(access, "access");
        this.data = requireNonNull(data, "data");
        this.remote = requireNonNull(remote, "remote");
        this.hosts = requireNonNull(hosts, "hosts");
        this.credentials = requireNonNull(credentials, "credentials");
        this.checkouts = requireNonNull(checkouts, "checkouts");
        this.config = requireNonNull(config, "config");
    }

    /** A git folder and its place in the tree. */
    record Shown(RepoStore.Repo repo, String path) {}

    /** Some git folders, and the id to go on after; null at the end. */
    record Found(List<Shown> repos, @Nullable Long next) {}

    /** Where a folder is to be taken. */
    record Target(
            @Nullable String branch,
            @Nullable String tag,
            boolean force,
            @Nullable Long credentialId) {
        Target {
            if ((branch == null || branch.isEmpty()) == (tag == null || tag.isEmpty())) {
                throw ApiException.invalid("Give either branch or tag");
            }
        }
    }

    /** Clones a repository into a folder: whole, or nothing is there. */
    Shown create(
            Caller caller, String url, @Nullable String provider, @Nullable String path, @Nullable Long credentialId) {
        Allowance allowance = new Allowance(config.timeout(), config.repositoryLimit());
        GitUrl from = GitUrl.parse(url);
        hosts.check(from.uri());
        String known = GitProvider.of(provider, "provider");
        WorkspacePath place =
                path == null || path.isEmpty() ? folders.own(caller, from.name()) : WorkspacePath.parse(path);
        long repoId = folders.nextId();
        RepoSpot spot = folders.spot(caller, place, repoId);
        Optional<GitCredential> credential = credentials.use(caller, known, credentialId);
        GitData.Key key = new GitData.Key(caller.workspaceId(), repoId);
        boolean made = false;
        try (Repository git = data.create(key)) {
            GitRemote.Server server = new GitRemote.Server(from, credential.orElse(null));
            String branch = remote.fetch(git, server, allowance).orElse("main");
            RepoAccess.requireBranch(branch, "url: branch");
            String head = Commits.at(git, GitRemote.TRACKING + branch).orElse(null);
            data.sync(key);
            RepoStore.Repo repo = new RepoStore.Repo(
                    caller.workspaceId(),
                    repoId,
                    from.toString(),
                    known,
                    branch,
                    head,
                    null,
                    caller.userId(),
                    caller.userName());
            checkouts.create(
                    new Session(caller, repo, git, allowance),
                    spot,
                    server,
                    Map.of("path", spot.path(), "url", from.toString(), "branch", branch));
            made = true;
            data.made(key);
            return new Shown(repo, spot.path());
        } finally {
            if (!made) {
                data.drop(key);
            }
        }
    }

    Shown get(Caller caller, long repoId) {
        RepoPlace place = access.place(caller, repoId, Permission.CAN_READ);
        return new Shown(access.find(new GitData.Key(caller.workspaceId(), repoId)), place.path());
    }

    /** Git folders the caller may know of, whose path begins with {@code prefix}. */
    Found list(Caller caller, String prefix, long after, int limit) {
        List<Shown> found = new ArrayList<>();
        long last = after;
        while (true) {
            List<RepoStore.Repo> some = store.page(caller.workspaceId(), last, PIECE);
            Map<Long, RepoStore.Repo> byId = new HashMap<>();
            some.forEach(repo -> byId.put(repo.repoId(), repo));
            List<RepoPlace> known = folders.known(
                    caller, some.stream().map(RepoStore.Repo::repoId).toList());
            for (RepoPlace place : known) {
                if (!place.path().startsWith(prefix)) {
                    continue;
                }
                if (found.size() == limit) {
                    return new Found(found, found.get(limit - 1).repo().repoId());
                }
                found.add(new Shown(requireNonNull(byId.get(place.repoId())), place.path()));
            }
            if (some.size() < PIECE) {
                return new Found(found, null);
            }
            last = some.get(some.size() - 1).repoId();
        }
    }

    /** Fetches, and takes the folder to a branch with all the server has of it, or to a tag. */
    void update(Caller caller, long repoId, Target target) {
        access.with(caller, repoId, Permission.CAN_MANAGE, session -> {
            RepoStore.Repo repo = session.repo();
            if (!target.force()) {
                RepoAccess.requireNoMerge(repo);
            }
            GitRemote.Server server = access.server(session, target.credentialId());
            remote.fetch(session.git(), server, session.allowance());
            data.sync(repo.key());
            RepoStore.Repo after = target.tag() == null || target.tag().isEmpty()
                    ? onBranch(session, requireNonNull(target.branch()), target.force())
                    : repo.at(null, tagged(session, target.tag()), null);
            Map<String, Object> details = new HashMap<>();
            details.put("head_commit_id", String.valueOf(after.head()));
            details.put(
                    after.branch() == null ? "tag" : "branch",
                    String.valueOf(after.branch() == null ? target.tag() : after.branch()));
            checkouts.move(
                    session, server, after, path -> target.force(), details, tx -> store.dropConflicts(tx, repo));
            return true;
        });
    }

    /** Deletes a git folder with everything in it; what was not pushed is gone. */
    void delete(Caller caller, long repoId) {
        GitData.Key key = new GitData.Key(caller.workspaceId(), repoId);
        access.place(caller, repoId, Permission.CAN_MANAGE);
        access.held(key, () -> {
            folders.remove(caller, repoId);
            // Of a large tree the rows go in pieces, and the sweep finds the folder when they are gone.
            if (store.find(key.workspaceId(), repoId).isEmpty()) {
                data.drop(key);
            }
            return true;
        });
    }

    private RepoStore.Repo onBranch(Session session, String branch, boolean force) {
        RepoStore.Repo repo = session.repo();
        RepoAccess.requireBranch(branch, "branch");
        String own = store.branches(repo).get(branch);
        String theirs = Commits.at(session.git(), GitRemote.TRACKING + branch).orElse(null);
        if (own == null && theirs == null) {
            if (branch.equals(repo.branch())) {
                return repo.at(branch, repo.head(), null);
            }
            throw ApiException.notFound("Branch " + branch + " doesn't exist, neither here nor at " + repo.url());
        }
        if (own == null || theirs == null) {
            return repo.at(branch, own == null ? theirs : own, null);
        }
        if (force || Commits.contains(session.git(), theirs, own)) {
            return repo.at(branch, theirs, null);
        }
        if (Commits.contains(session.git(), own, theirs)) {
            return repo.at(branch, own, null);
        }
        throw new ApiException(
                ErrorCode.RESOURCE_CONFLICT,
                "Branch " + branch
                        + " has commits here that the server has not, and the other way round; pull to merge them");
    }

    private static String tagged(Session session, String tag) {
        if (!Repository.isValidRefName("refs/tags/" + tag)) {
            throw ApiException.invalid("tag " + tag + " is not a name a tag can have");
        }
        return Commits.at(session.git(), "refs/tags/" + tag)
                .orElseThrow(() -> ApiException.notFound(
                        "Tag " + tag + " doesn't exist at " + session.repo().url()));
    }

    /** Records what was done at a server, which has no transaction with this database. */
    static void audit(RepoStore store, Session session, Map<String, ?> details) {
        store.transact(tx ->
                Audit.record(tx, session.caller(), "repo/" + session.repo().repoId(), details));
    }
}
