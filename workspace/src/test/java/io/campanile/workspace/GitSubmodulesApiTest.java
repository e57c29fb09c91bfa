package io.campanile.workspace;

import static io.campanile.workspace.GitFixture.ALICE;
import static io.campanile.workspace.GitFixture.REPOS;
import static io.campanile.workspace.GitFixture.commit;
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

/** Repositories in repositories: fetched, shown, and never committed from here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GitSubmodulesApiTest {
    private static final String NOTEBOOK = "-- Databricks notebook source\nselect 1\n";

    @AutoClose
    private GitFixture it;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        it = GitFixture.start(dataDir);
    }

    @Test
    void filesOfSubmodulesAreObjectsHoweverDeep() throws Exception {
        String deep = remote("deep", Map.of("d.txt", "deep"));
        it.git.make("middle");
        String middle = it.git.commitRaw(
                "middle",
                tree -> tree.file(".gitmodules", said("deep", "sub", it.git.url("deep")))
                        .file("n.sql", NOTEBOOK)
                        .submodule("sub", deep));
        it.git.make("outer");
        it.git.commitRaw(
                "outer",
                tree -> tree.file(".gitmodules", said("x", "libs/middle", "../middle.git"))
                        .file("a.txt", "1")
                        .folder("libs", below -> below.submodule("middle", middle)));

        long repo = it.cloned(ALICE, "outer").getId();

        String place = REPOS + "/outer/";
        assertThat(it.exported(ALICE, place + "libs/middle/n")).isEqualTo(NOTEBOOK);
        assertThat(it.exported(ALICE, place + "libs/middle/sub/d.txt")).isEqualTo("deep");
        assertThat(submodules(repo)).containsExactly("libs/middle true -", "libs/middle/sub true -");
        assertThat(it.changes(ALICE, repo)).isEmpty();
        JsonNode first =
                it.work(ALICE, "GET", repo, "/status", null).path("submodules").get(0);
        assertThat(first.path("url").asText()).isEqualTo(it.git.url("middle"));
        assertThat(first.path("commit_id").asText()).isEqualTo(middle);
    }

    @Test
    void pullsAndBranchesTakeSubmodulesAlong() throws Exception {
        String one = remote("part", Map.of("p.txt", "1", "gone.txt", "1"));
        it.git.make("whole");
        String first = it.git.commitRaw(
                "whole",
                tree -> tree.file(".gitmodules", said("p", "part", "../part.git"))
                        .file("a.txt", "1")
                        .submodule("part", one));
        it.git.ref("whole", "refs/heads/old", first);
        long repo = it.cloned(ALICE, "whole").getId();
        String two = it.git.commitRaw("part", tree -> tree.file("p.txt", "2"));
        it.git.commitRaw(
                "whole",
                tree -> tree.file(".gitmodules", said("p", "part", "../part.git"))
                        .file("a.txt", "2")
                        .submodule("part", two));
        String place = REPOS + "/whole/";

        assertThat(it.pull(ALICE, repo)).isEqualTo("FAST_FORWARD");
        assertThat(it.exported(ALICE, place + "part/p.txt")).isEqualTo("2");
        assertThat(it.listed(ALICE, place + "part")).containsExactly("FILE " + place + "part/p.txt");

        branch(repo, "old");
        assertThat(it.exported(ALICE, place + "part/p.txt")).isEqualTo("1");
        assertThat(it.exported(ALICE, place + "part/gone.txt")).isEqualTo("1");

        // What was a repository becomes a file of this one.
        it.git.commitRaw("whole", tree -> tree.file("a.txt", "3").file("part", "a file now"));
        branch(repo, "main");
        assertThat(it.exported(ALICE, place + "part")).isEqualTo("a file now");
        assertThat(submodules(repo)).isEmpty();
        assertThat(it.changes(ALICE, repo)).isEmpty();
    }

    @Test
    void whatIsInASubmoduleIsShownAndNotCommitted() throws Exception {
        String inner = remote("lib", Map.of("l.txt", "lib"));
        it.git.make("app");
        it.git.commitRaw(
                "app",
                tree -> tree.file(".gitmodules", said("lib", "lib", "../lib.git"))
                        .file("a.txt", "1")
                        .submodule("lib", inner));
        long repo = it.cloned(ALICE, "app").getId();
        String place = REPOS + "/app/";
        it.put(ALICE, place + "lib/l.txt", "changed");
        it.put(ALICE, place + "lib/new.py", "# Databricks notebook source\nprint(1)\n");

        assertThat(changes(repo)).containsExactly("MODIFIED lib/l.txt in lib", "ADDED lib/new.py in lib");
        assertThat(it.work(ALICE, "GET", repo, "/diff?path=lib/l.txt", null)
                        .path("patch")
                        .asText())
                .contains("-lib", "+changed");
        it.workRefused(ALICE, "POST", repo, "/commit", commit("All"), 400, "INVALID_STATE");
        it.put(ALICE, place + "a.txt", "2");
        it.workRefused(
                ALICE, "POST", repo, "/commit", commit("Both", "a.txt", "lib/l.txt"), 400, "INVALID_PARAMETER_VALUE");
        it.work(ALICE, "POST", repo, "/commit", commit("All of ours"));
        it.work(ALICE, "POST", repo, "/push", Map.of());

        assertThat(it.git.text("app", "main", "a.txt")).isEqualTo("2");
        assertThat(it.git.links("app", "main")).isEqualTo(Map.of("lib", inner));
        assertThat(it.git.text("lib", "main", "l.txt")).isEqualTo("lib");
        assertThat(changes(repo)).containsExactly("MODIFIED lib/l.txt in lib", "ADDED lib/new.py in lib");
        it.work(ALICE, "POST", repo, "/discard", Map.of());
        assertThat(it.exported(ALICE, place + "lib/l.txt")).isEqualTo("lib");
        assertThat(changes(repo)).isEmpty();

        // A file in the place of the submodule's folder would take it out of the commit.
        it.api(ALICE).workspace().delete(new Delete().setPath(place + "lib").setRecursive(true));
        it.put(ALICE, place + "lib", "in its place");
        it.workRefused(ALICE, "POST", repo, "/commit", commit("Replaced", "lib"), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void whatCannotBeFetchedIsAnEmptyFolderAndSaysWhy() throws Exception {
        String known = remote("known", Map.of("k.txt", "k"));
        try (LocalGitServer other = new LocalGitServer(it.dataDir.resolve("private"))) {
            other.make("hidden");
            String hidden = other.commit("hidden", "main", Map.of("h.txt", "h"));
            it.git.make("several");
            it.git.commitRaw(
                    "several",
                    tree -> tree.file(
                                    ".gitmodules",
                                    said("a", "missing", "../nowhere.git")
                                            + said("b", "moved", "../known.git")
                                            + said("c", "private", other.url("hidden"))
                                            + said(
                                                    "d",
                                                    "inward",
                                                    "http://localhost:" + other.port() + "/team/hidden.git")
                                            + said("e", "there", "../known.git"))
                            .submodule("inward", hidden)
                            .submodule("missing", known)
                            .submodule("moved", "1234567890123456789012345678901234567890")
                            .submodule("private", hidden)
                            .submodule("there", known)
                            .submodule("unsaid", known));

            long repo = it.cloned(ALICE, "several").getId();

            String place = REPOS + "/several/";
            List<String> states = submodules(repo);
            assertThat(states.get(0)).startsWith("inward false url: host localhost is not at a public address");
            assertThat(states.get(1)).startsWith("missing false url: the server 127.0.0.1 has no such repository");
            assertThat(states.get(2)).isEqualTo("moved false Its commit is not at the server");
            assertThat(states.get(3)).startsWith("private false The git server 127.0.0.1 asks for a credential; yours");
            assertThat(states.get(4)).isEqualTo("there true -");
            assertThat(states.get(5)).isEqualTo("unsaid false .gitmodules does not say where it is");
            assertThat(it.listed(ALICE, place + "private")).isEmpty();
            assertThat(it.listed(ALICE, REPOS + "/several")).contains("DIRECTORY " + place + "moved");
            // Ours was for another server, which the commit cannot change.
            assertThat(other.credentials).isNotEmpty().containsOnly("none");

            other.open = true;
            assertThat(it.pull(ALICE, repo)).isEqualTo("UP_TO_DATE");
            assertThat(it.exported(ALICE, place + "private/h.txt")).isEqualTo("h");
            assertThat(other.credentials).containsOnly("none");
            assertThat(submodules(repo)).contains("private true -");
        }
    }

    @Test
    void aSubmoduleInConflictIsAtOneOfTheTwoCommits() throws Exception {
        String[] parts = new String[3];
        it.git.make("bone");
        for (int i = 0; i < parts.length; i++) {
            parts[i] = it.git.commit("bone", "main", Map.of("b.txt", "bone " + i));
        }
        it.git.make("dog");
        String base = dog(parts[0]);
        dog(parts[1]);
        long repo = it.cloned(ALICE, "dog").getId();
        it.git.ref("dog", "refs/heads/main", base);
        dog(parts[2]);

        assertThat(it.pull(ALICE, repo)).isEqualTo("CONFLICTS");
        it.workRefused(
                ALICE,
                "POST",
                repo,
                "/conflicts/resolve",
                Map.of("path", "bone", "take", "CONTENT", "content", "x"),
                400,
                "INVALID_PARAMETER_VALUE");
        it.work(ALICE, "POST", repo, "/conflicts/resolve", Map.of("path", "bone", "take", "THEIRS"));
        it.work(ALICE, "POST", repo, "/merge/complete", Map.of());

        assertThat(it.exported(ALICE, REPOS + "/dog/bone/b.txt")).isEqualTo("bone 2");
        it.work(ALICE, "POST", repo, "/push", Map.of());
        assertThat(it.git.links("dog", "main")).isEqualTo(Map.of("bone", parts[2]));
    }

    private String dog(String part) {
        return it.git.commitRaw(
                "dog",
                tree -> tree.file(".gitmodules", said("b", "bone", "../bone.git"))
                        .submodule("bone", part));
    }

    private String remote(String name, Map<String, String> files) {
        it.git.make(name);
        return it.git.commit(name, "main", files);
    }

    static String said(String name, String path, String url) {
        return "[submodule \"" + name + "\"]\n\tpath = " + path + "\n\turl = " + url + "\n";
    }

    private void branch(long repo, String name) {
        it.api(ALICE).repos().update(new UpdateRepoRequest().setRepoId(repo).setBranch(name));
    }

    private List<String> submodules(long repo) throws Exception {
        return it.submodules(ALICE, repo);
    }

    private List<String> changes(long repo) throws Exception {
        List<String> found = new ArrayList<>();
        it.work(ALICE, "GET", repo, "/status", null)
                .path("changes")
                .forEach(each -> found.add(each.path("kind").asText() + " "
                        + each.path("path").asText() + " in "
                        + each.path("submodule").asText("-")));
        return found;
    }
}
