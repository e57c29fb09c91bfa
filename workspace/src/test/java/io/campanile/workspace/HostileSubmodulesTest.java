package io.campanile.workspace;

import static io.campanile.workspace.GitFixture.ALICE;
import static io.campanile.workspace.GitFixture.REPOS;
import static io.campanile.workspace.GitFixture.refused;
import static io.campanile.workspace.GitSubmodulesApiTest.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.testing.git.RawTree;
import io.campanile.workspace.git.GitConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.FileMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Submodules that mean harm: nothing is written for them but an empty folder, or nothing at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileSubmodulesTest {
    private static final int FILES = 120;
    private GitFixture it;
    private String inner;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        it = new GitFixture(
                dataDir, new GitConfig(Set.of("127.0.0.1"), 300_000, 100_000, FILES, Duration.ofSeconds(8)));
        it.credential(ALICE);
        it.git.make("inner");
        inner = it.git.commit("inner", "main", Map.of("i.txt", "i"));
    }

    @AfterAll
    void stop() {
        it.close();
    }

    @Test
    void aPlaceThatLeadsOutOrIntoGitRefusesTheCommit() throws Exception {
        for (String place : List.of("..", ".", ".git", ".GIT", ".g\u200cit", "git\u0007")) {
            refusedWhole(tree ->
                    tree.file(".gitmodules", said("x", place, "../inner.git")).submodule(place, inner));
        }
        refusedWhole(tree -> tree.folder("..", below -> below.submodule("x", inner)));
        refusedWhole(tree -> tree.submodule("Lib", inner).submodule("lib", inner));
        // The same name as a repository and as a folder, a file, a link.
        refusedWhole(tree -> tree.submodule("lib", inner).folder("lib", below -> below.file("hooks", "x")));
        refusedWhole(tree -> tree.file("lib", "x").submodule("lib", inner));
        refusedWhole(tree -> tree.file("lib", FileMode.SYMLINK, ".git").submodule("lib", inner));
        refusedWhole(tree ->
                tree.file(".gitmodules", FileMode.SYMLINK, "/etc/passwd").submodule("lib", inner));
    }

    @Test
    void aNameOrAUrlThatLeadsElsewhereIsNotFollowed() throws Exception {
        for (String name : List.of("..", "../../x", "a/../b", "..\\\\x", "-x", "a//b", "./a")) {
            assertThat(state(said(name, "lib", "../inner.git"))).as(name).contains("a name that leads elsewhere");
        }
        for (String url : List.of(
                "-uinner",
                "--upload-pack=touch${IFS}x",
                "file:///etc",
                "/etc/passwd",
                "ext::sh -c touch% x",
                "ssh://-oProxyCommand=x/y",
                "git@127.0.0.1:team/inner.git",
                "git://127.0.0.1/inner.git",
                "http://user:pass@127.0.0.1/inner.git",
                "../../../inner.git",
                "../x/../../inner.git",
                "http://127.0.0.1:" + it.git.port() + "/team/%2e%2e/inner.git",
                "http://169.254.169.254/latest/meta-data",
                "http://[::1]:" + it.git.port() + "/team/inner.git")) {
            assertThat(state(said("lib", "lib", url)))
                    .as(url)
                    .startsWith("lib false ")
                    .doesNotContain("user:pass");
        }
        assertThat(state(said("a", "lib", "../inner.git") + said("b", "lib", "../other.git")))
                .contains("more than one thing");
        assertThat(state(said("a", "lib", "../inner.git") + said("a", "lib", "../inner.git")))
                .contains("more than one thing");
        assertThat(state("[submodule \"a\"\npath")).contains("cannot be read");
        // Only what the commit has as a repository is one, whatever is said of other paths.
        assertThat(state(said("lib", "lib", "../inner.git") + said("b", "../out", "../inner.git")))
                .isEqualTo("lib true -");
        assertThat(Files.exists(it.dataDir.resolve("out"))).isFalse();
    }

    @Test
    void whatIsInASubmoduleIsCheckedAsItsHolderIs() throws Exception {
        it.git.make("linked");
        String linked = it.git.commitRaw("linked", tree -> tree.file("l", FileMode.SYMLINK, "/etc/passwd"));
        assertThat(state("linked", linked, said("lib", "lib", "../linked.git"))).contains("lib/l", "symbolic link");
        it.git.make("dotted");
        String dotted = it.git.commitRaw("dotted", tree -> tree.folder("..", below -> below.file("x", "x")));
        assertThat(state("dotted", dotted, said("lib", "lib", "../dotted.git"))).contains("lib/../x");
        it.git.make("heavy");
        byte[] noise = new byte[90_000];
        new Random(1).nextBytes(noise);
        String heavy = it.git.commitBytes("heavy", "main", Map.of("1", noise));
        String modules = said("a", "a", "../heavy.git") + said("b", "b", "../wide.git");
        it.git.make("wide");
        java.util.Map<String, byte[]> many = new java.util.TreeMap<>();
        for (int i = 0; i < FILES; i++) {
            many.put("f" + i, new byte[] {1});
        }
        String wide = it.git.commitBytes("wide", "main", many);
        String name = outer(
                tree -> tree.file(".gitmodules", modules).submodule("a", heavy).submodule("b", wide));
        List<String> states = it.submodules(ALICE, it.cloned(ALICE, name).getId());
        assertThat(states.get(0)).isEqualTo("a true -");
        assertThat(states.get(1)).contains("b false").contains("more than " + FILES + " files");
        assertThat(it.listed(ALICE, REPOS + "/" + name + "/b")).isEmpty();
    }

    @Test
    void theBytesOfAllServersAreCountedTogether() throws Exception {
        StringBuilder modules = new StringBuilder();
        byte[] noise = new byte[95_000];
        String[] commits = new String[4];
        for (int i = 0; i < commits.length; i++) {
            new Random(100 + i).nextBytes(noise);
            it.git.make("big" + i);
            commits[i] = it.git.commitBytes("big" + i, "main", Map.of("n", noise));
            modules.append(said("m" + i, "m" + i, "../big" + i + ".git"));
        }
        String name = outer(tree -> {
            tree.file(".gitmodules", modules.toString());
            for (int i = 0; i < commits.length; i++) {
                tree.submodule("m" + i, commits[i]);
            }
        });

        List<String> states = it.submodules(ALICE, it.cloned(ALICE, name).getId());

        assertThat(states.subList(0, 3)).containsExactly("m0 true -", "m1 true -", "m2 true -");
        assertThat(states.get(3)).startsWith("m3 false").contains("300000");
    }

    @Test
    void depthAndNumberHaveAnEnd() throws Exception {
        String commit = inner;
        for (int i = 0; i < 7; i++) {
            String below = commit;
            String from = i == 0 ? "../inner.git" : "../nest" + (i - 1) + ".git";
            it.git.make("nest" + i);
            commit = it.git.commitRaw(
                    "nest" + i,
                    tree -> tree.file(".gitmodules", said("s", "s", from)).submodule("s", below));
        }
        List<String> nested = it.submodules(ALICE, it.cloned(ALICE, "nest6").getId());
        assertThat(nested).hasSize(5);
        assertThat(nested.get(3)).isEqualTo("s/s/s/s true -");
        assertThat(nested.get(4)).isEqualTo("s/s/s/s/s false It is in more than 4 other repositories");

        StringBuilder modules = new StringBuilder();
        Set<String> places = new TreeSet<>();
        for (int i = 0; i < 52; i++) {
            places.add("p" + i);
            modules.append(said("p" + i, "p" + i, "../inner.git"));
        }
        String name = outer(tree -> {
            tree.file(".gitmodules", modules.toString());
            places.forEach(place -> tree.submodule(place, inner));
        });
        List<String> states = it.submodules(ALICE, it.cloned(ALICE, name).getId());
        assertThat(states.stream().filter(state -> state.contains(" true "))).hasSize(50);
        assertThat(states.stream().filter(state -> state.contains("more than 50 submodules")))
                .hasSize(2);
    }

    @Test
    void aRepositoryInItselfEnds() throws Exception {
        it.git.make("self");
        String first = it.git.commit("self", "main", Map.of("a.txt", "1"));
        String second = it.git.commitRaw(
                "self",
                tree -> tree.file(".gitmodules", said("s", "s", "../self.git")).submodule("s", first));
        it.git.commitRaw(
                "self",
                tree -> tree.file(".gitmodules", said("s", "s", "./../self.git"))
                        .submodule("s", second));

        long repo = it.cloned(ALICE, "self").getId();

        assertThat(it.submodules(ALICE, repo)).containsExactly("s true -", "s/s true -");
        assertThat(it.exported(ALICE, REPOS + "/self/s/s/a.txt")).isEqualTo("1");
    }

    @Test
    void aServerThatStallsCostsTheSubmoduleAlone() throws Exception {
        it.git.make("stalled");
        String stalled = it.git.commit("stalled", "main", Map.of("a.txt", "1"));
        CountDownLatch done = new CountDownLatch(1);
        it.git.halfway = name -> {
            if (name.equals("stalled")) {
                await(done);
            }
        };
        try {
            assertThat(state("stalled", stalled, said("lib", "lib", "../stalled.git")))
                    .startsWith("lib false The git operation took longer than");
        } finally {
            done.countDown();
            it.git.halfway = name -> {};
        }
    }

    private String state(String modules) throws Exception {
        return state("inner", inner, modules);
    }

    /** What becomes of the submodule lib of a repository. */
    private String state(String of, String commit, String modules) throws Exception {
        String name = outer(tree ->
                tree.file(".gitmodules", modules).file("a.txt", "of " + of).submodule("lib", commit));
        long repo = it.cloned(ALICE, name).getId();
        List<String> states = it.submodules(ALICE, repo);
        assertThat(states).hasSize(1);
        assertThat(it.exported(ALICE, REPOS + "/" + name + "/a.txt")).isEqualTo("of " + of);
        assertThat(it.listed(ALICE, REPOS + "/" + name + "/lib").isEmpty())
                .isEqualTo(states.get(0).contains(" false "));
        return states.get(0);
    }

    private void refusedWhole(Consumer<RawTree> content) throws Exception {
        String name = outer(content);
        Set<Path> before = outside();
        refused(() -> it.cloned(ALICE, name), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> it.api(ALICE).workspace().getStatus(REPOS + "/" + name), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(outside()).isEqualTo(before);
    }

    /** All folders of repositories and what lies beside them. */
    private Set<Path> outside() throws Exception {
        Set<Path> found = new TreeSet<>();
        try (var all = Files.walk(it.dataDir.resolve("git"), 2)) {
            all.forEach(found::add);
        }
        try (var all = Files.list(it.dataDir)) {
            all.forEach(found::add);
        }
        return found;
    }

    private int outers;

    private String outer(Consumer<RawTree> content) {
        String name = "outer" + outers++;
        it.git.make(name);
        it.git.commitRaw(name, content);
        return name;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
