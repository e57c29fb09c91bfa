package io.campanile.workspace;

import static io.campanile.workspace.GitFixture.ALICE;
import static io.campanile.workspace.GitFixture.REPOS;
import static io.campanile.workspace.GitFixture.commit;
import static io.campanile.workspace.GitFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.workspace.Delete;
import com.databricks.sdk.service.workspace.UpdateRepoRequest;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.testing.git.LocalGitServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Git as a person at the browser does it: status, diff, commit, push, pull, conflicts, branches. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GitWorkApiTest {
    private static final String NOTEBOOK = "-- Databricks notebook source\nselect 1\n";

    @AutoClose
    private GitFixture it;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        it = GitFixture.start(dataDir);
    }

    @Test
    void changesAreSeenCommittedAndPushed() throws Exception {
        long repo = cloned("work", Map.of("a.txt", "one\ntwo\n", "b.txt", "b", "q.sql", NOTEBOOK, "dir/c.txt", "c"));
        String place = REPOS + "/work/";
        it.put(ALICE, place + "a.txt", "one\n2\n");
        it.put(ALICE, place + "q.sql", NOTEBOOK + "\n-- COMMAND ----------\n\nselect 2\n");
        it.put(ALICE, place + "new.py", "# Databricks notebook source\nprint(1)\n");
        it.api(ALICE).workspace().delete(new Delete().setPath(place + "b.txt"));
        it.api(ALICE).workspace().mkdirs(place + "empty");

        assertThat(it.changes(ALICE, repo))
                .containsExactly("MODIFIED a.txt", "DELETED b.txt", "ADDED new.py", "MODIFIED q.sql");
        JsonNode diff = it.work(ALICE, "GET", repo, "/diff?path=a.txt", null);
        assertThat(diff.path("patch").asText()).contains("-two", "+2", " one");
        assertThat(diff.path("before").asText()).isEqualTo("one\ntwo\n");
        assertThat(it.work(ALICE, "GET", repo, "/diff?path=q.sql", null)
                        .path("patch")
                        .asText())
                .contains("+select 2")
                .doesNotContain("-select 1");
        it.workRefused(ALICE, "GET", repo, "/diff?path=dir/c.txt", null, 404, "RESOURCE_DOES_NOT_EXIST");

        String first = it.work(ALICE, "POST", repo, "/commit", commit("Two files", "a.txt", "q.sql"))
                .path("commit_id")
                .asText();
        assertThat(it.api(ALICE).repos().get(repo).getHeadCommitId()).isEqualTo(first);
        assertThat(it.changes(ALICE, repo)).containsExactly("DELETED b.txt", "ADDED new.py");
        it.work(ALICE, "POST", repo, "/commit", commit("The rest"));
        assertThat(it.changes(ALICE, repo)).isEmpty();
        JsonNode status = it.work(ALICE, "GET", repo, "/status", null);
        assertThat(status.path("ahead").asInt()).isEqualTo(2);
        assertThat(status.path("behind").asInt()).isZero();

        it.work(ALICE, "POST", repo, "/push", Map.of());

        assertThat(it.git.text("work", "main", "a.txt")).isEqualTo("one\n2\n");
        assertThat(it.git.text("work", "main", "q.sql")).contains("select 2");
        assertThat(it.git.text("work", "main", "new.py")).isEqualTo("# Databricks notebook source\nprint(1)\n");
        assertThat(it.git.text("work", "main", "b.txt")).isNull();
        assertThat(it.git.text("work", "main", "dir/c.txt")).isEqualTo("c");
        assertThat(it.work(ALICE, "GET", repo, "/status", null).path("ahead").asInt())
                .isZero();
        for (String action : List.of("commit", "push")) {
            assertThat(it.count("select count(*) from audit_event where outcome = 'DONE' and action = 'repos." + action
                            + "' and resource = 'repo/" + repo + "'"))
                    .as(action)
                    .isPositive();
        }
        assertThat(it.text("select string_agg(details::text, '') from audit_event"))
                .doesNotContain(LocalGitServer.TOKEN)
                .doesNotContain("select 2");
    }

    @Test
    void aPullGoesForwardOrMerges() throws Exception {
        long repo = cloned("pull", Map.of("a.txt", "1\n", "b.txt", "1\n"));
        String place = REPOS + "/pull/";
        assertThat(it.pull(ALICE, repo)).isEqualTo("UP_TO_DATE");
        it.git.commit("pull", "main", Map.of("a.txt", "2\n"));
        assertThat(it.pull(ALICE, repo)).isEqualTo("FAST_FORWARD");
        assertThat(it.exported(ALICE, place + "a.txt")).isEqualTo("2\n");

        it.put(ALICE, place + "b.txt", "mine\n");
        it.work(ALICE, "POST", repo, "/commit", commit("Mine"));
        String theirs = it.git.commit("pull", "main", Map.of("a.txt", "3\n"));
        it.workRefused(ALICE, "POST", repo, "/push", Map.of(), 409, "RESOURCE_CONFLICT");
        refused(
                () -> it.api(ALICE)
                        .repos()
                        .update(new UpdateRepoRequest().setRepoId(repo).setBranch("main")),
                409,
                "RESOURCE_CONFLICT");
        assertThat(it.git.head("pull", "main")).isEqualTo(theirs);

        assertThat(it.pull(ALICE, repo)).isEqualTo("MERGED");

        assertThat(it.exported(ALICE, place + "a.txt")).isEqualTo("3\n");
        assertThat(it.exported(ALICE, place + "b.txt")).isEqualTo("mine\n");
        assertThat(it.changes(ALICE, repo)).isEmpty();
        it.work(ALICE, "POST", repo, "/push", Map.of());
        assertThat(it.git.text("pull", "main", "b.txt")).isEqualTo("mine\n");
        assertThat(it.git.text("pull", "main", "a.txt")).isEqualTo("3\n");
    }

    @Test
    void conflictsAreShownAndResolved() throws Exception {
        long repo = cloned("fight", Map.of("a.txt", "base\n", "b.txt", "base\n", "c.txt", "base\n", "quiet.txt", "1"));
        String place = REPOS + "/fight/";
        for (String name : List.of("a.txt", "b.txt", "c.txt")) {
            it.put(ALICE, place + name, "ours " + name + "\n");
        }
        String ours = it.work(ALICE, "POST", repo, "/commit", commit("Ours"))
                .path("commit_id")
                .asText();
        it.git.commit(
                "fight",
                "main",
                Map.of("a.txt", "theirs\n", "b.txt", "theirs\n", "c.txt", "theirs\n", "quiet.txt", "2"));

        assertThat(it.pull(ALICE, repo)).isEqualTo("CONFLICTS");

        assertThat(it.exported(ALICE, place + "a.txt")).isEqualTo("ours a.txt\n");
        assertThat(conflicts(repo)).containsExactly("a.txt false", "b.txt false", "c.txt false");
        JsonNode versions = it.work(ALICE, "GET", repo, "/conflicts/versions?path=a.txt", null);
        assertThat(versions.path("base").asText()).isEqualTo("base\n");
        assertThat(versions.path("ours").asText()).isEqualTo("ours a.txt\n");
        assertThat(versions.path("theirs").asText()).isEqualTo("theirs\n");
        assertThat(versions.path("merged").asText()).contains("<<<<<<< ours", ">>>>>>> theirs");
        it.workRefused(ALICE, "POST", repo, "/commit", commit("No"), 400, "INVALID_STATE");
        it.workRefused(ALICE, "POST", repo, "/merge/complete", Map.of(), 400, "INVALID_STATE");
        it.workRefused(
                ALICE,
                "POST",
                repo,
                "/conflicts/resolve",
                Map.of("path", "x", "take", "OURS"),
                404,
                "RESOURCE_DOES_NOT_EXIST");
        it.workRefused(
                ALICE,
                "POST",
                repo,
                "/conflicts/resolve",
                Map.of("path", "a.txt", "take", "CONTENT"),
                400,
                "INVALID_PARAMETER_VALUE");

        it.work(ALICE, "POST", repo, "/merge/abort", Map.of());
        assertThat(conflicts(repo)).isEmpty();
        assertThat(it.api(ALICE).repos().get(repo).getHeadCommitId()).isEqualTo(ours);
        assertThat(it.pull(ALICE, repo)).isEqualTo("CONFLICTS");
        resolve(repo, Map.of("path", "a.txt", "take", "OURS"));
        resolve(repo, Map.of("path", "b.txt", "take", "THEIRS"));
        resolve(repo, Map.of("path", "c.txt", "take", "CONTENT", "content", "both\n"));
        assertThat(conflicts(repo)).containsExactly("a.txt true", "b.txt true", "c.txt true");
        it.work(ALICE, "POST", repo, "/merge/complete", Map.of("message", "Together"));

        assertThat(it.exported(ALICE, place + "a.txt")).isEqualTo("ours a.txt\n");
        assertThat(it.exported(ALICE, place + "b.txt")).isEqualTo("theirs\n");
        assertThat(it.exported(ALICE, place + "c.txt")).isEqualTo("both\n");
        assertThat(it.exported(ALICE, place + "quiet.txt")).isEqualTo("2");
        assertThat(it.changes(ALICE, repo)).isEmpty();
        it.work(ALICE, "POST", repo, "/push", Map.of());
        assertThat(it.git.text("fight", "main", "c.txt")).isEqualTo("both\n");
        it.workRefused(ALICE, "POST", repo, "/merge/abort", Map.of(), 400, "INVALID_STATE");
    }

    @Test
    void discardedFilesAreThoseOfTheHead() throws Exception {
        long repo = cloned("undo", Map.of("a.txt", "1", "b.txt", "1", "n.sql", NOTEBOOK));
        String place = REPOS + "/undo/";
        it.put(ALICE, place + "a.txt", "2");
        it.put(ALICE, place + "n.sql", NOTEBOOK + "\nselect 3\n");
        it.api(ALICE).workspace().delete(new Delete().setPath(place + "b.txt"));
        it.put(ALICE, place + "new.txt", "new");

        it.work(ALICE, "POST", repo, "/discard", Map.of("paths", List.of("a.txt")));
        assertThat(it.exported(ALICE, place + "a.txt")).isEqualTo("1");
        assertThat(it.changes(ALICE, repo)).containsExactly("DELETED b.txt", "MODIFIED n.sql", "ADDED new.txt");
        it.workRefused(
                ALICE, "POST", repo, "/discard", Map.of("paths", List.of("a.txt")), 400, "INVALID_PARAMETER_VALUE");

        it.work(ALICE, "POST", repo, "/discard", Map.of());
        assertThat(it.changes(ALICE, repo)).isEmpty();
        assertThat(it.exported(ALICE, place + "n")).isEqualTo(NOTEBOOK);
        assertThat(it.exported(ALICE, place + "b.txt")).isEqualTo("1");
        it.workRefused(ALICE, "POST", repo, "/discard", Map.of(), 400, "INVALID_STATE");
    }

    @Test
    void branchesAreMadeAndKeepTheirCommits() throws Exception {
        long repo = cloned("fork", Map.of("a.txt", "1"));
        String place = REPOS + "/fork/";
        it.work(ALICE, "POST", repo, "/branches", Map.of("name", "topic/one"));
        it.put(ALICE, place + "a.txt", "topic");
        it.work(ALICE, "POST", repo, "/commit", commit("Topic"));

        it.api(ALICE).repos().update(new UpdateRepoRequest().setRepoId(repo).setBranch("main"));
        assertThat(it.exported(ALICE, place + "a.txt")).isEqualTo("1");
        it.api(ALICE).repos().update(new UpdateRepoRequest().setRepoId(repo).setBranch("topic/one"));
        assertThat(it.exported(ALICE, place + "a.txt")).isEqualTo("topic");

        it.work(ALICE, "POST", repo, "/push", Map.of());
        assertThat(it.git.text("fork", "topic/one", "a.txt")).isEqualTo("topic");
        List<String> names = new ArrayList<>();
        it.work(ALICE, "GET", repo, "/branches", null)
                .path("branches")
                .forEach(branch -> names.add(
                        branch.path("name").asText() + (branch.path("current").asBoolean() ? " *" : "")));
        assertThat(names).containsExactly("main", "topic/one *");
        it.workRefused(ALICE, "POST", repo, "/branches", Map.of("name", "main"), 400, "RESOURCE_ALREADY_EXISTS");
        it.workRefused(ALICE, "POST", repo, "/branches", Map.of("name", "a b"), 400, "INVALID_PARAMETER_VALUE");
        it.workRefused(ALICE, "POST", repo, "/commit", Map.of("message", " "), 400, "INVALID_PARAMETER_VALUE");
        it.workRefused(ALICE, "POST", repo, "/commit", commit("Nothing"), 400, "INVALID_STATE");
        it.workRefused(ALICE, "POST", repo, "/commit", commit("x", "a.txt"), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void submodulesAreNamedAndKept() throws Exception {
        it.git.make("outer");
        String inner = "1234567890123456789012345678901234567890";
        it.git.commitRaw("outer", tree -> tree.file("a.txt", "1").submodule("vendor", inner));
        long repo = it.cloned(ALICE, "outer").getId();

        JsonNode status = it.work(ALICE, "GET", repo, "/status", null);

        assertThat(status.path("submodules").get(0).path("path").asText()).isEqualTo("vendor");
        assertThat(status.path("submodules").get(0).path("commit_id").asText()).isEqualTo(inner);
        assertThat(status.path("submodules").get(0).path("fetched").asBoolean()).isFalse();
        assertThat(status.path("submodules").get(0).path("reason").asText()).contains(".gitmodules");
        it.put(ALICE, REPOS + "/outer/a.txt", "2");
        it.work(ALICE, "POST", repo, "/commit", commit("Beside it"));
        assertThat(it.work(ALICE, "GET", repo, "/status", null).path("submodules"))
                .hasSize(1);
    }

    private long cloned(String name, Map<String, String> files) throws Exception {
        it.git.make(name);
        it.git.commit(name, "main", files);
        return it.cloned(ALICE, name).getId();
    }

    private void resolve(long repo, Map<String, Object> how) throws Exception {
        it.work(ALICE, "POST", repo, "/conflicts/resolve", how);
    }

    private List<String> conflicts(long repo) throws Exception {
        List<String> found = new ArrayList<>();
        it.work(ALICE, "GET", repo, "/conflicts", null)
                .path("conflicts")
                .forEach(one -> found.add(
                        one.path("path").asText() + " " + one.path("resolved").asBoolean()));
        return found;
    }
}
