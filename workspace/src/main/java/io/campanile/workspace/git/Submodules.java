package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * The other repositories that a commit has in it. Each is found, fetched and planned by itself: what is wrong with one
 * is said of it, its folder stays empty, and nothing else is stopped by it.
 */
final class Submodules {
    static final int DEEPEST = 4;
    static final int MOST = 50;
    static final String LATER = "It has not been fetched yet; pull to fetch it";

    private final GitData data;
    private final GitRemote remote;
    private final GitConfig config;

    Submodules(GitData data, GitRemote remote, GitConfig config) {
        this.data = requireNonNull(data, "data");
        this.remote = requireNonNull(remote, "remote");
        this.config = requireNonNull(config, "config");
    }

    /** All files of a commit, and what became of its submodules, by their paths. */
    record Whole(Map<String, CheckoutPlan.Entry> entries, List<SubmoduleStore.Submodule> submodules) {}

    /**
     * Completes the plan of a commit.
     *
     * @param server of the folder; null: nothing is fetched, and what is not there keeps its reason of {@code before}
     */
    Whole complete(
            Session session,
            @Nullable String commit,
            CheckoutPlan.Plan top,
            GitRemote.@Nullable Server server,
            List<SubmoduleStore.Submodule> before) {
        if (commit == null || top.links().isEmpty()) {
            return new Whole(top.entries(), List.of());
        }
        Completion completion = new Completion(session, server, top, before);
        completion.add(commit, GitUrl.parse(session.repo().url()), top, 1);
        return new Whole(completion.entries, List.copyOf(completion.submodules.values()));
    }

    private final class Completion {
        private final Session session;
        private final GitRemote.@Nullable Server server;
        private final Allowance allowance;
        private final Map<String, String> reasons = new LinkedHashMap<>();
        final Map<String, CheckoutPlan.Entry> entries;
        final Map<String, SubmoduleStore.Submodule> submodules = new TreeMap<>();
        private CheckoutPlan.Size size;

        Completion(
                Session session,
                GitRemote.@Nullable Server server,
                CheckoutPlan.Plan top,
                List<SubmoduleStore.Submodule> before) {
            this.session = session;
            this.server = server;
            this.allowance = session.allowance().half();
            this.entries = new LinkedHashMap<>(top.entries());
            this.size = top.size();
            before.stream()
                    .filter(each -> each.reason() != null)
                    .forEach(each -> reasons.put(each.path() + "@" + each.commit(), each.reason()));
        }

        /** Adds the submodules of one commit, and those of theirs. */
        void add(String commit, GitUrl at, CheckoutPlan.Plan plan, int depth) {
            Gitmodules said = Gitmodules.of(session.git(), commit);
            for (CheckoutPlan.Link link : plan.links().values()) {
                GitUrl url = null;
                CheckoutPlan.Plan below = null;
                String reason = null;
                try {
                    requireFew(depth);
                    url = at.submodule(said.url(link.inner()));
                    bring(url, link.commit());
                    below = plan(link);
                } catch (ApiException e) {
                    reason = server == null
                            ? reasons.getOrDefault(
                                    link.path() + "@" + link.commit().name(), LATER)
                            : reason(e, url);
                }
                submodules.put(
                        link.path(),
                        new SubmoduleStore.Submodule(
                                link.path(),
                                link.treePath(),
                                link.commit().name(),
                                url == null ? null : url.toString(),
                                reason));
                if (below != null) {
                    entries.putAll(below.entries());
                    size = below.size();
                    add(link.commit().name(), requireNonNull(url), below, depth + 1);
                }
            }
        }

        private void requireFew(int depth) {
            if (depth > DEEPEST) {
                throw ApiException.invalid("It is in more than " + DEEPEST + " other repositories");
            }
            if (submodules.size() >= MOST) {
                throw ApiException.invalid("The commit has more than " + MOST + " submodules");
            }
        }

        private void bring(GitUrl url, ObjectId commit) {
            if (BlobErrors.guard(() -> session.git().getObjectDatabase().has(commit))) {
                return;
            }
            if (server == null) {
                throw ApiException.invalid(LATER);
            }
            allowance.check();
            // Whoever wrote the commit chose the address: the credential is for the folder's own server.
            GitCredential credential = url.isAtServerOf(server.url()) ? server.credential() : null;
            GitData.Key key = session.repo().key();
            try (Repository module = data.module(key, url)) {
                remote.bring(module, new GitRemote.Server(url, credential), commit, allowance);
                if (!BlobErrors.guard(() -> module.getObjectDatabase().has(commit))) {
                    throw ApiException.invalid("Its commit is not at the server");
                }
            }
            data.sync(key);
        }

        private CheckoutPlan.Plan plan(CheckoutPlan.Link link) {
            try (ObjectReader reader = session.git().newObjectReader()) {
                ObjectId tree = Commits.tree(session.git(), link.commit().name());
                return CheckoutPlan.below(reader, tree, link.path() + "/", size, config);
            }
        }

        private String reason(ApiException failure, @Nullable GitUrl url) {
            if (failure.code() == ErrorCode.PERMISSION_DENIED
                    && url != null
                    && server != null
                    && !url.isAtServerOf(server.url())) {
                return "The git server " + url.host()
                        + " asks for a credential; yours is sent to the server of the git folder alone";
            }
            return String.valueOf(failure.getMessage());
        }
    }

    /** The submodule a file of the folder would be in, or in the way of; null: none. */
    static @Nullable String holding(Iterable<String> links, String path) {
        for (String link : links) {
            if (path.equals(link) || path.startsWith(link + "/") || link.startsWith(path + "/")) {
                return link;
            }
        }
        return null;
    }

    /** What is known of the submodules of a head; of those it has newly, that they are to be fetched. */
    static List<SubmoduleStore.Submodule> shown(Map<String, String> links, List<SubmoduleStore.Submodule> known) {
        List<SubmoduleStore.Submodule> shown = new ArrayList<>(known);
        links.forEach((path, commit) -> {
            if (known.stream().noneMatch(each -> each.path().equals(path))) {
                shown.add(new SubmoduleStore.Submodule(path, path, commit, null, LATER));
            }
        });
        return shown;
    }
}
