package io.campanile.workspace;

import static io.campanile.workspace.GitFixture.ALICE;

import io.campanile.common.testing.AuditWalk;
import io.campanile.common.testing.AuditWalk.Call;
import io.campanile.common.testing.git.LocalGitServer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Calls of every route of git folders and credentials that changes something. */
final class GitWalk {
    private static final String REPOS = "/api/2.0/repos";
    private static final String WORK = "/api/campanile/v1/repos/";

    private final GitFixture it;
    private final AuditWalk walk;
    private final AtomicInteger names = new AtomicInteger();

    GitWalk(GitFixture it, AuditWalk walk) {
        this.it = it;
        this.walk = walk;
    }

    void add() {
        credentials();
        walk.calls(
                "POST " + REPOS,
                ALICE,
                () -> new Call(
                        REPOS,
                        "{\"url\":\"" + it.git.url(remote()) + "\",\"provider\":\"gitHub\",\"path\":\""
                                + GitFixture.REPOS + "/" + name() + "\"}"));
        walk.calls(
                "PATCH " + REPOS + "/:id",
                ALICE,
                () -> new Call(
                        REPOS + "/" + changed(), "{\"branch\":\"main\",\"dangerously_force_discard_all\":true}"));
        walk.calls("DELETE " + REPOS + "/:id", ALICE, () -> new Call(REPOS + "/" + changed(), ""));
        work("commit", "{\"message\":\"audited\"}", this::changed);
        work("push", "{}", this::committed);
        work("discard", "{\"paths\":[\"a.txt\"]}", this::changed);
        work("branches", "{\"name\":\"other\"}", this::changed);
        work("pull", "{}", this::behind);
        work("conflicts/resolve", "{\"path\":\"a.txt\",\"take\":\"OURS\"}", this::conflicting);
        work("merge/abort", "{}", this::conflicting);
        work("merge/complete", "{\"message\":\"together\"}", () -> {
            long repo = conflicting();
            walk.ok(ALICE, "POST", WORK + repo + "/conflicts/resolve", "{\"path\":\"a.txt\",\"take\":\"OURS\"}");
            return repo;
        });
    }

    private void work(String what, String body, Supplier<Long> repo) {
        walk.calls("POST " + WORK + ":id/" + what, ALICE, () -> new Call(WORK + repo.get() + "/" + what, body));
    }

    private void credentials() {
        String all = "/api/2.0/git-credentials";
        walk.calls("POST " + all, ALICE, () -> new Call(all, credential()));
        for (String method : new String[] {"PATCH", "DELETE"}) {
            walk.calls(method + " " + all + "/:id", ALICE, () -> {
                String id = walk.ok(ALICE, "POST", all, credential())
                        .path("credential_id")
                        .asText();
                return new Call(all + "/" + id, method.equals("PATCH") ? credential() : "");
            });
        }
    }

    private String credential() {
        return "{\"git_provider\":\"gitHub\",\"git_username\":\"" + LocalGitServer.USER + "\",\"name\":\"" + name()
                + "\",\"personal_access_token\":\"" + LocalGitServer.TOKEN + "\"}";
    }

    /** A git folder of Alice's. */
    long repo() {
        return cloned(remote());
    }

    private String remote() {
        String name = name();
        it.git.make(name);
        it.git.commit(name, "main", Map.of("a.txt", "base\n"));
        return name;
    }

    private long cloned(String remote) {
        return it.cloned(ALICE, remote).getId();
    }

    private long changed() {
        String remote = remote();
        long repo = cloned(remote);
        it.put(ALICE, GitFixture.REPOS + "/" + remote + "/a.txt", "ours\n");
        return repo;
    }

    private long committed() {
        long repo = changed();
        walk.ok(ALICE, "POST", WORK + repo + "/commit", "{\"message\":\"ours\"}");
        return repo;
    }

    private long behind() {
        String remote = remote();
        long repo = cloned(remote);
        it.git.commit(remote, "main", Map.of("a.txt", "theirs\n"));
        return repo;
    }

    private long conflicting() {
        String remote = remote();
        long repo = cloned(remote);
        it.put(ALICE, GitFixture.REPOS + "/" + remote + "/a.txt", "ours\n");
        walk.ok(ALICE, "POST", WORK + repo + "/commit", "{\"message\":\"ours\"}");
        it.git.commit(remote, "main", Map.of("a.txt", "theirs\n"));
        walk.ok(ALICE, "POST", WORK + repo + "/pull", "{}");
        return repo;
    }

    private String name() {
        return "walked-" + names.incrementAndGet();
    }
}
