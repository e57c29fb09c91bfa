package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.objects.Permission;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the server has into a branch. Nothing of the folder changes while conflicts are open: which there are and
 * how they were resolved is kept, and the merge is made when all are. Blocking.
 */
public final class MergeService {
    private final RepoAccess access;
    private final RepoReads reads;
    private final RepoStore store;
    private final Checkouts checkouts;
    private final GitRemote remote;
    private final GitData data;
    private final Clock clock;

    MergeService(
            RepoAccess access,
            RepoReads reads,
            RepoStore store,
            Checkouts checkouts,
            GitRemote remote,
            GitData data,
            Clock clock) {
        this.access = requireNonNull(access, "access");
        this.reads = requireNonNull(reads, "reads");
        this.store = requireNonNull(store, "store");
        this.checkouts = requireNonNull(checkouts, "checkouts");
        this.remote = requireNonNull(remote, "remote");
        this.data = requireNonNull(data, "data");
        this.clock = requireNonNull(clock, "clock");
    }

    /** What a pull came to. */
    enum Outcome {
        UP_TO_DATE,
        FAST_FORWARD,
        MERGED,
        CONFLICTS
    }

    record Pulled(Outcome outcome, @Nullable String commit, List<String> conflicts) {}

    /** Which version of a file in conflict is to stay. */
    enum Take {
        OURS,
        THEIRS,
        CONTENT
    }

    /** The versions of a file in conflict; null where a side has none, or not as text. */
    record Versions(
            RepoStore.Conflict conflict,
            @Nullable String base,
            @Nullable String ours,
            @Nullable String theirs,
            @Nullable String merged) {}

    Pulled pull(Caller caller, long repoId, @Nullable Long credentialId) {
        return access.with(caller, repoId, Permission.CAN_MANAGE, session -> {
            RepoStore.Repo repo = session.repo();
            String branch = RepoAccess.branch(repo);
            RepoAccess.requireNoMerge(repo);
            GitRemote.Server server = access.server(session, credentialId);
            remote.fetch(session.git(), server, session.allowance());
            data.sync(repo.key());
            String theirs = Commits.at(session.git(), GitRemote.TRACKING + branch)
                    .orElseThrow(() -> ApiException.notFound(
                            "Branch " + branch + " doesn't exist at " + repo.url() + "; push it"));
            String ours = repo.head();
            if (ours != null && Commits.contains(session.git(), ours, theirs)) {
                if (checkouts.lacksSubmodules(session)) {
                    checkouts.move(session, server, repo, path -> false, details(branch, ours), tx -> {});
                }
                return new Pulled(Outcome.UP_TO_DATE, ours, List.of());
            }
            if (ours == null || Commits.contains(session.git(), theirs, ours)) {
                checkouts.move(
                        session,
                        server,
                        repo.at(branch, theirs, null),
                        path -> false,
                        details(branch, theirs),
                        tx -> {});
                return new Pulled(Outcome.FAST_FORWARD, theirs, List.of());
            }
            return merge(session, server, branch, ours, theirs);
        });
    }

    private Pulled merge(Session session, GitRemote.Server server, String branch, String ours, String theirs) {
        RepoStore.Repo repo = session.repo();
        Merges.Result result = Merges.merge(session.git(), ours, theirs, Map.of());
        if (result.tree() != null) {
            String commit =
                    commit(session, result.tree(), ours, theirs, "Merge branch '" + branch + "' of " + repo.url());
            checkouts.move(
                    session, server, repo.at(branch, commit, null), path -> false, details(branch, commit), tx -> {});
            return new Pulled(Outcome.MERGED, commit, List.of());
        }
        store.transact(tx -> {
            store.dropConflicts(tx, repo);
            result.conflicts().forEach(path -> store.putConflict(tx, repo, new RepoStore.Conflict(path, false, null)));
            store.move(tx, session.caller(), repo, repo.at(branch, ours, theirs));
            Audit.record(
                    tx,
                    session.caller(),
                    "repo/" + repo.repoId(),
                    Map.of(
                            "branch",
                            branch,
                            "merging",
                            theirs,
                            "conflicts",
                            result.conflicts().size()));
        });
        return new Pulled(Outcome.CONFLICTS, ours, result.conflicts());
    }

    List<RepoStore.Conflict> conflicts(Caller caller, long repoId) {
        return reads.glance(caller, repoId, view -> view.rows().conflicts());
    }

    /** The three versions of a file in conflict, and all of them in one text with marks. */
    Versions versions(Caller caller, long repoId, String path) {
        return reads.glance(caller, repoId, view -> {
            RepoStore.Conflict conflict = find(view.rows().conflicts(), path);
            String ours = requireNonNull(view.repo().head());
            String theirs = requireNonNull(view.repo().merging());
            String base = Commits.base(view.git(), ours, theirs).orElse(null);
            Optional<byte[]> one = text(view.git(), base, path);
            Optional<byte[]> two = text(view.git(), ours, path);
            Optional<byte[]> three = text(view.git(), theirs, path);
            String merged = two.isPresent() && three.isPresent()
                    ? Merges.marked(one.orElse(new byte[0]), two.get(), three.get())
                    : null;
            return new Versions(
                    conflict,
                    one.map(Diffs::text).orElse(null),
                    two.map(Diffs::text).orElse(null),
                    three.map(Diffs::text).orElse(null),
                    merged);
        });
    }

    /** Says what a file in conflict is to be; it counts when the merge is completed. */
    void resolve(Caller caller, long repoId, String path, Take take, @Nullable String content) {
        if ((take == Take.CONTENT) != (content != null)) {
            throw ApiException.invalid("content is for take CONTENT, and only for it");
        }
        access.with(caller, repoId, Permission.CAN_MANAGE, session -> {
            RepoStore.Repo repo = session.repo();
            find(store.conflicts(repo), path);
            requireFile(session, path, take);
            String blob = content == null
                    ? Commits.entry(session.git(), take == Take.OURS ? repo.head() : repo.merging(), path)
                            .map(found -> found.id().name())
                            .orElse(null)
                    : insert(session, content);
            store.transact(tx -> {
                store.putConflict(tx, repo, new RepoStore.Conflict(path, true, blob));
                Audit.record(tx, caller, "repo/" + repoId, Map.of("path", path, "take", take));
            });
            return true;
        });
    }

    /** Makes the merge whose conflicts were resolved; answers its commit. */
    String complete(Caller caller, long repoId, @Nullable String message) {
        return access.with(caller, repoId, Permission.CAN_MANAGE, session -> {
            RepoStore.Repo repo = session.repo();
            String theirs = merging(repo);
            String ours = requireNonNull(repo.head());
            String branch = RepoAccess.branch(repo);
            Map<String, Optional<ObjectId>> resolved = new HashMap<>();
            for (RepoStore.Conflict conflict : store.conflicts(repo)) {
                if (!conflict.resolved()) {
                    throw new ApiException(
                            ErrorCode.INVALID_STATE,
                            "Resolve file " + conflict.path() + " first; its conflict is open");
                }
                resolved.put(
                        conflict.path(), Optional.ofNullable(conflict.blobId()).map(ObjectId::fromString));
            }
            Merges.Result result = Merges.merge(session.git(), ours, theirs, resolved);
            ObjectId tree = requireNonNull(result.tree(), "every conflict is resolved");
            String words =
                    message == null || message.isBlank() ? "Merge branch '" + branch + "' of " + repo.url() : message;
            String commit = commit(session, tree, ours, theirs, words);
            checkouts.move(
                    session,
                    access.server(session, null),
                    repo.at(branch, commit, null),
                    path -> false,
                    details(branch, commit),
                    tx -> store.dropConflicts(tx, repo));
            return commit;
        });
    }

    /** Forgets a merge: the folder is as it was before the pull. */
    void abort(Caller caller, long repoId) {
        access.with(caller, repoId, Permission.CAN_MANAGE, session -> {
            RepoStore.Repo repo = session.repo();
            String theirs = merging(repo);
            store.transact(tx -> {
                store.dropConflicts(tx, repo);
                store.move(tx, caller, repo, repo.at(repo.branch(), repo.head(), null));
                Audit.record(tx, caller, "repo/" + repoId, Map.of("not_merged", theirs));
            });
            return true;
        });
    }

    /** A submodule is at the one commit or at the other. */
    private static void requireFile(Session session, String path, Take take) {
        if (take == Take.CONTENT
                && Commits.links(session.git(), session.repo().head()).containsKey(path)) {
            throw ApiException.invalid("take CONTENT is for files, and " + path + " is a submodule");
        }
    }

    private String commit(Session session, ObjectId tree, String ours, String theirs, String message) {
        try (ObjectInserter inserter = session.git().newObjectInserter()) {
            return Commits.write(
                    inserter,
                    tree,
                    List.of(ours, theirs),
                    message,
                    Commits.person(session.caller(), null, clock.instant()));
        }
    }

    private static String insert(Session session, String content) {
        return BlobErrors.guard(() -> {
            try (ObjectInserter inserter = session.git().newObjectInserter()) {
                ObjectId id = inserter.insert(Constants.OBJ_BLOB, content.getBytes(StandardCharsets.UTF_8));
                inserter.flush();
                return id.name();
            }
        });
    }

    private static Optional<byte[]> text(Repository git, @Nullable String commit, String path) {
        return Commits.blob(git, commit, path).flatMap(found -> Diffs.read(git, found.id()));
    }

    private static RepoStore.Conflict find(List<RepoStore.Conflict> conflicts, String path) {
        return conflicts.stream()
                .filter(conflict -> conflict.path().equals(path))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("File " + path + " has no conflict."));
    }

    private static String merging(RepoStore.Repo repo) {
        String theirs = repo.merging();
        if (theirs == null) {
            throw new ApiException(ErrorCode.INVALID_STATE, "There is no merge with conflicts");
        }
        return theirs;
    }

    private static Map<String, String> details(String branch, String commit) {
        return Map.of("branch", branch, "head_commit_id", commit);
    }
}
