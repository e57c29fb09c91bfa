package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.objects.RepoSpot;
import io.campanile.workspace.objects.WorkingChange;
import io.campanile.workspace.objects.WorkingObject;
import io.campanile.workspace.objects.WorkingTrees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Makes the objects of a git folder those of a commit. Blocking. */
final class Checkouts {
    private static final int MOST_NAMED = 20;

    private final RepoStore store;
    private final WorkingTrees trees;
    private final Submodules submodules;
    private final GitConfig config;

    Checkouts(RepoStore store, WorkingTrees trees, Submodules submodules, GitConfig config) {
        this.store = requireNonNull(store, "store");
        this.trees = requireNonNull(trees, "trees");
        this.submodules = requireNonNull(submodules, "submodules");
        this.config = requireNonNull(config, "config");
    }

    /** What else is written in the transaction. */
    interface Also {
        void run(DSLContext tx);
    }

    WorkingState state(Caller caller, RepoStore.Repo repo) {
        return new WorkingState(caller, trees, store.files(repo), trees.scan(repo.workspaceId(), repo.repoId()));
    }

    /** The files of a commit without those of its submodules; null is a repository without any. */
    CheckoutPlan.Plan plan(Repository git, @Nullable String commit) {
        try (ObjectReader reader = git.newObjectReader()) {
            return CheckoutPlan.of(reader, commit == null ? null : Commits.tree(git, commit), config);
        }
    }

    private Submodules.Whole whole(
            Session session,
            @Nullable String commit,
            GitRemote.@Nullable Server server,
            List<SubmoduleStore.Submodule> before) {
        return submodules.complete(session, commit, plan(session.git(), commit), server, before);
    }

    /** Makes the folder and everything in it. */
    void create(Session session, RepoSpot spot, GitRemote.Server server, Map<String, ?> details) {
        RepoStore.Repo repo = session.repo();
        Submodules.Whole whole = whole(session, repo.head(), server, List.of());
        Steps steps = new Steps();
        whole.entries().values().forEach(entry -> steps.write(session.git(), entry, null));
        steps.place(List.of(), whole.submodules());
        apply(session, spot, steps, tx -> {
            store.insert(tx, repo);
            if (repo.branch() != null && repo.head() != null) {
                store.putBranch(tx, repo, repo.branch(), repo.head());
            }
            SubmoduleStore.replace(tx, repo, whole.submodules());
            Audit.record(tx, session.caller(), "repo/" + repo.repoId(), details);
        });
    }

    /**
     * Takes the folder to {@code after}. Changes of people stay where the two commits do not differ, and refuse the whole
     * where they do, unless {@code forced} has their path.
     *
     * @param server where submodules may be fetched from; null: they stay as they are
     */
    void move(
            Session session,
            GitRemote.@Nullable Server server,
            RepoStore.Repo after,
            Predicate<String> forced,
            Map<String, ?> details,
            Also also) {
        RepoStore.Repo before = session.repo();
        List<SubmoduleStore.Submodule> known = store.submodules(before);
        Submodules.Whole whole = whole(session, after.head(), server, known);
        WorkingState state = state(session.caller(), before);
        Steps steps = steps(session.git(), state, whole.entries(), forced);
        steps.place(known, whole.submodules());
        if (!steps.blocked.isEmpty()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_CONFLICT,
                    "Changes that were not committed would be lost: "
                            + String.join(", ", steps.blocked.subList(0, Math.min(MOST_NAMED, steps.blocked.size())))
                            + ". Commit or discard them first");
        }
        apply(session, RepoSpot.existing(before.repoId()), steps, tx -> {
            store.dropFiles(tx, before, steps.dropped);
            store.putFiles(tx, before, steps.moded);
            store.move(tx, session.caller(), before, after);
            SubmoduleStore.replace(tx, before, whole.submodules());
            also.run(tx);
            Audit.record(tx, session.caller(), "repo/" + before.repoId(), details);
        });
        finish(session.caller(), before, session.git());
    }

    /** Whether the head has a submodule that was not fetched as it is now. */
    boolean lacksSubmodules(Session session) {
        List<SubmoduleStore.Submodule> known = store.submodules(session.repo());
        Map<String, String> links = Commits.links(session.git(), session.repo().head());
        return Submodules.shown(links, known).stream().anyMatch(each -> !each.isFetched());
    }

    /** Gives documents the text that is still due to them. */
    void finish(Caller caller, RepoStore.Repo repo, Repository git) {
        if (!store.anyPending(repo.workspaceId(), repo.repoId())) {
            return;
        }
        Map<Long, WorkingObject> there = new HashMap<>();
        trees.scan(repo.workspaceId(), repo.repoId()).forEach(object -> there.put(object.objectId(), object));
        for (RepoStore.TrackedFile file : store.files(repo)) {
            if (!file.isPending()) {
                continue;
            }
            WorkingObject object = there.get(file.objectId());
            Language language = Language.ofFileName(file.gitPath()).orElse(null);
            if (object == null || language == null) {
                store.written(repo, file, file.blobId());
                continue;
            }
            byte[] text = BlobErrors.guard(
                    () -> git.open(ObjectId.fromString(file.blobId())).getBytes());
            byte[] written = trees.rewrite(caller, file.objectId(), text, language);
            store.written(repo, file, WorkingState.digest(written));
        }
    }

    private static Steps steps(
            Repository git, WorkingState state, Map<String, CheckoutPlan.Entry> entries, Predicate<String> forced) {
        Steps steps = new Steps();
        for (RepoStore.TrackedFile file : state.files().values()) {
            if (!entries.containsKey(file.gitPath())) {
                WorkingObject object = state.object(file);
                if (object != null && !forced.test(file.gitPath()) && state.isChanged(file)) {
                    steps.blocked.add(file.gitPath());
                } else if (object != null) {
                    steps.removed.add(object);
                }
                steps.dropped.add(file.gitPath());
            }
        }
        for (CheckoutPlan.Entry entry : entries.values()) {
            RepoStore.TrackedFile file = state.files().get(entry.gitPath());
            if (file == null) {
                steps.write(git, entry, null);
            } else {
                steps.renew(git, state, entry, file, forced.test(entry.gitPath()));
            }
        }
        state.untracked().forEach((path, object) -> {
            if (forced.test(path)) {
                steps.removed.add(object);
            }
        });
        return steps;
    }

    private void apply(Session session, RepoSpot spot, Steps steps, Also also) {
        trees.apply(
                session.caller(),
                spot,
                new WorkingChange(steps.removed, steps.written, steps.folders, steps.left),
                new WorkingTrees.Work() {
                    @Override
                    public void check() {
                        session.allowance().check();
                    }

                    @Override
                    public String digest(byte[] text) {
                        return WorkingState.digest(text);
                    }

                    @Override
                    public void changed(DSLContext tx, Map<String, WorkingChange.Written> written) {
                        also.run(tx);
                        store.putFiles(
                                tx,
                                session.repo(),
                                steps.entries.stream()
                                        .map(entry -> tracked(entry, requireNonNull(written.get(entry.gitPath()))))
                                        .toList());
                    }
                });
    }

    private static RepoStore.TrackedFile tracked(CheckoutPlan.Entry entry, WorkingChange.Written written) {
        return new RepoStore.TrackedFile(
                entry.gitPath(),
                written.objectId(),
                entry.treePath(),
                entry.blob().name(),
                entry.mode(),
                written.contentId(),
                written.digest());
    }

    /** What is to be done with the objects, and with the rows of those that stay as they are. */
    private static final class Steps {
        final List<WorkingObject> removed = new ArrayList<>();
        final List<WorkingChange.Write> written = new ArrayList<>();
        final List<CheckoutPlan.Entry> entries = new ArrayList<>();
        final List<RepoStore.TrackedFile> moded = new ArrayList<>();
        final List<String> dropped = new ArrayList<>();
        final List<String> blocked = new ArrayList<>();
        final List<List<String>> folders = new ArrayList<>();
        final List<List<String>> left = new ArrayList<>();

        /** A submodule has a folder, fetched or not. */
        void place(List<SubmoduleStore.Submodule> before, List<SubmoduleStore.Submodule> now) {
            before.forEach(each -> left.add(each.names()));
            now.forEach(each -> folders.add(each.names()));
        }

        void write(Repository git, CheckoutPlan.Entry entry, @Nullable WorkingObject replaced) {
            entries.add(entry);
            written.add(new WorkingChange.Write(
                    entry.gitPath(),
                    entry.names(),
                    entry.language(),
                    replaced,
                    () -> git.open(entry.blob()).openStream()));
        }

        void renew(
                Repository git,
                WorkingState state,
                CheckoutPlan.Entry entry,
                RepoStore.TrackedFile file,
                boolean forced) {
            boolean samePlace = file.treePath().equals(entry.treePath()) && file.isNotebook() == entry.isNotebook();
            boolean same = samePlace && file.blobId().equals(entry.blob().name());
            WorkingObject object = state.object(file);
            if (same && !(forced && state.isChanged(file))) {
                if (file.mode() != entry.mode()) {
                    moded.add(new RepoStore.TrackedFile(
                            file.gitPath(),
                            file.objectId(),
                            file.treePath(),
                            file.blobId(),
                            entry.mode(),
                            file.contentId(),
                            file.writtenId()));
                }
                return;
            }
            if (!forced && state.isChanged(file)) {
                blocked.add(file.gitPath());
            } else if (object != null && samePlace) {
                write(git, entry, object);
            } else {
                if (object != null) {
                    removed.add(object);
                }
                write(git, entry, null);
            }
        }
    }
}
