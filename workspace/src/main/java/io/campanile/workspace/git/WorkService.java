package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.workspace.objects.Permission;
import io.campanile.workspace.objects.WorkingTrees;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** What a person does with the files of a git folder: see what changed, commit, push, discard, branch. Blocking. */
public final class WorkService {
    private static final int LONGEST_MESSAGE = 64 * 1024;

    private final RepoAccess access;
    private final RepoReads reads;
    private final RepoStore store;
    private final Checkouts checkouts;
    private final GitRemote remote;
    private final WorkingTrees trees;
    private final CredentialService credentials;
    private final Clock clock;

    WorkService(
            RepoAccess access,
            RepoReads reads,
            RepoStore store,
            Checkouts checkouts,
            GitRemote remote,
            WorkingTrees trees,
            CredentialService credentials,
            Clock clock) {
        this.access = requireNonNull(access, "access");
        this.reads = requireNonNull(reads, "reads");
        this.store = requireNonNull(store, "store");
        this.checkouts = requireNonNull(checkouts, "checkouts");
        this.remote = requireNonNull(remote, "remote");
        this.trees = requireNonNull(trees, "trees");
        this.credentials = requireNonNull(credentials, "credentials");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * How a folder stands.
     *
     * @param ahead commits the server's branch, as it was last fetched, has not; {@code behind} the other way round
     * @param links paths of the head that are other repositories: what is below them is not this one's to commit
     */
    record Status(
            RepoStore.Repo repo,
            int ahead,
            int behind,
            Collection<WorkingState.Change> changes,
            Set<String> links,
            List<SubmoduleStore.Submodule> submodules) {}

    /** A branch here, at the server, or both. */
    record Branch(
            String name, @Nullable String commit, @Nullable String remoteCommit, boolean current) {}

    Status status(Caller caller, long repoId) {
        return reads.read(caller, repoId, view -> {
            RepoStore.Repo repo = view.repo();
            Repository git = view.git();
            String theirs = repo.branch() == null
                    ? null
                    : Commits.at(git, GitRemote.TRACKING + repo.branch()).orElse(null);
            String ours = repo.head();
            Map<String, String> links = Commits.links(git, ours);
            return new Status(
                    repo,
                    ours != null && theirs != null ? Commits.count(git, ours, theirs) : 0,
                    ours != null && theirs != null ? Commits.count(git, theirs, ours) : 0,
                    view.changes().values(),
                    links.keySet(),
                    Submodules.shown(links, view.rows().submodules()));
        });
    }

    /** What was changed in one file. */
    Diffs.Diff diff(Caller caller, long repoId, String path) {
        return reads.read(caller, repoId, view -> {
            WorkingState.Change change = view.changes().get(path);
            if (change == null) {
                throw ApiException.notFound("File " + path + " has no changes.");
            }
            return Diffs.of(caller, view.git(), trees, change);
        });
    }

    /** Commits changed files, all of them but those in submodules when none is named; answers the commit. */
    String commit(Caller caller, long repoId, String message, @Nullable List<String> paths) {
        if (message.isBlank() || message.length() > LONGEST_MESSAGE) {
            throw ApiException.invalid("message must have a text, and at most " + LONGEST_MESSAGE + " characters");
        }
        return access.with(caller, repoId, Permission.CAN_MANAGE, session -> {
            RepoStore.Repo repo = session.repo();
            String branch = RepoAccess.branch(repo);
            RepoAccess.requireNoMerge(repo);
            List<WorkingState.Change> chosen = own(
                    Commits.links(session.git(), repo.head()).keySet(),
                    chosen(checkouts.state(caller, repo).changes(), paths),
                    paths != null);
            try (ObjectInserter inserter = session.git().newObjectInserter()) {
                TreeEdits edits = new TreeEdits(session, trees, inserter);
                ObjectId tree = edits.apply(chosen);
                String commit = Commits.write(
                        inserter,
                        tree,
                        repo.head() == null ? List.of() : List.of(repo.head()),
                        message,
                        Commits.person(caller, email(session), clock.instant()));
                // What could not be checked out again is not committed.
                checkouts.plan(session.git(), commit);
                store.transact(tx -> {
                    store.dropFiles(tx, repo, edits.dropped());
                    store.putFiles(tx, repo, edits.tracked());
                    store.move(tx, caller, repo, repo.at(branch, commit, null));
                    Audit.record(
                            tx,
                            caller,
                            "repo/" + repoId,
                            Map.of("branch", branch, "commit_id", commit, "files", chosen.size()));
                });
                return commit;
            }
        });
    }

    /** Gives the server the folder's branch. */
    void push(Caller caller, long repoId, @Nullable Long credentialId) {
        access.with(caller, repoId, Permission.CAN_MANAGE, session -> {
            RepoStore.Repo repo = session.repo();
            String branch = RepoAccess.branch(repo);
            if (repo.head() == null) {
                throw new ApiException(ErrorCode.INVALID_STATE, "There is nothing to push: commit something first");
            }
            remote.push(
                    session.git(),
                    access.server(session, credentialId),
                    branch,
                    ObjectId.fromString(repo.head()),
                    session.allowance());
            RepoService.audit(store, session, Map.of("branch", branch, "commit_id", repo.head()));
            return true;
        });
    }

    /** Gives files back what the head has; all of them when none is named. New files are removed. */
    void discard(Caller caller, long repoId, @Nullable List<String> paths) {
        access.with(caller, repoId, Permission.CAN_MANAGE, session -> {
            Set<String> chosen = new TreeSet<>();
            chosen(checkouts.state(caller, session.repo()).changes(), paths)
                    .forEach(change -> chosen.add(change.path()));
            checkouts.move(
                    session, null, session.repo(), chosen::contains, Map.of("discarded", chosen.size()), tx -> {});
            return true;
        });
    }

    List<Branch> branches(Caller caller, long repoId) {
        return reads.glance(caller, repoId, view -> {
            RepoStore.Repo repo = view.repo();
            Map<String, String> own = view.rows().branches();
            Map<String, String> theirs = new TreeMap<>();
            for (Ref ref : io.campanile.workspace.blobs.BlobErrors.guard(
                    () -> view.git().getRefDatabase().getRefsByPrefix(GitRemote.TRACKING))) {
                theirs.put(
                        ref.getName().substring(GitRemote.TRACKING.length()),
                        ref.getObjectId().name());
            }
            Set<String> names = new TreeSet<>(own.keySet());
            names.addAll(theirs.keySet());
            if (repo.branch() != null) {
                names.add(repo.branch());
            }
            return names.stream()
                    .map(name -> new Branch(name, own.get(name), theirs.get(name), name.equals(repo.branch())))
                    .toList();
        });
    }

    /** Makes a branch where the folder stands, and goes there: no file changes. */
    void createBranch(Caller caller, long repoId, String name) {
        RepoAccess.requireBranch(name, "name");
        access.with(caller, repoId, Permission.CAN_MANAGE, session -> {
            RepoStore.Repo repo = session.repo();
            RepoAccess.requireNoMerge(repo);
            boolean taken = store.branches(repo).containsKey(name)
                    || name.equals(repo.branch())
                    || Commits.at(session.git(), GitRemote.TRACKING + name).isPresent();
            if (taken) {
                throw new ApiException(ErrorCode.RESOURCE_ALREADY_EXISTS, "Branch " + name + " already exists.");
            }
            store.transact(tx -> {
                store.move(tx, caller, repo, repo.at(name, repo.head(), null));
                Audit.record(tx, caller, "repo/" + repoId, Map.of("branch", name));
            });
            return true;
        });
    }

    /** The changes that are not in a submodule; refused where one was named that is, or nothing else is there. */
    private static List<WorkingState.Change> own(Set<String> links, List<WorkingState.Change> changes, boolean named) {
        List<WorkingState.Change> own = new ArrayList<>();
        for (WorkingState.Change change : changes) {
            String link = Submodules.holding(links, change.path());
            if (link == null) {
                own.add(change);
            } else if (named) {
                throw ApiException.invalid("paths: file " + change.path() + " is in submodule " + link
                        + ", which is another repository; commit it in a git folder of that");
            }
        }
        if (own.isEmpty()) {
            throw new ApiException(
                    ErrorCode.INVALID_STATE,
                    "Only files in submodules have changes; commit them in git folders of those repositories");
        }
        return own;
    }

    private static List<WorkingState.Change> chosen(
            Map<String, WorkingState.Change> changes, @Nullable List<String> paths) {
        if (paths == null) {
            if (changes.isEmpty()) {
                throw new ApiException(ErrorCode.INVALID_STATE, "No file has changes");
            }
            return List.copyOf(changes.values());
        }
        List<WorkingState.Change> chosen = new ArrayList<>();
        for (String path : new TreeSet<>(paths)) {
            WorkingState.Change change = changes.get(path);
            if (change == null) {
                throw ApiException.invalid("paths: file " + path + " has no changes");
            }
            chosen.add(change);
        }
        if (chosen.isEmpty()) {
            throw ApiException.invalid("paths has no path in it");
        }
        return chosen;
    }

    private @Nullable String email(Session session) {
        return credentials.email(session.caller(), session.repo().provider());
    }
}
