package io.campanile.workspace;

import static io.campanile.workspace.GitFixture.ALICE;
import static io.campanile.workspace.GitFixture.REPOS;
import static io.campanile.workspace.GitFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.workspace.CreateRepoRequest;
import com.databricks.sdk.service.workspace.UpdateRepoRequest;
import io.campanile.common.testing.git.LocalGitServer;
import io.campanile.common.testing.git.RawTree;
import io.campanile.workspace.git.GitConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.FileMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Repositories and servers that mean harm are refused, and leave nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileRepositoriesTest {
    private static final int FILES = 20;
    private GitFixture it;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        it = new GitFixture(
                dataDir, new GitConfig(Set.of("127.0.0.1"), 300_000, 100_000, FILES, Duration.ofSeconds(5)));
        it.credential(ALICE);
    }

    @AfterAll
    void stop() {
        it.close();
    }

    @Test
    void pathsThatLeadOutOrIntoGitAreRefusedByName() throws Exception {
        hostile(
                "dots",
                tree -> tree.folder("..", below -> below.file("evil.txt", FileMode.REGULAR_FILE, "x")),
                "../evil.txt");
        hostile(
                "dot",
                tree -> tree.folder(".", below -> below.file("evil.txt", FileMode.REGULAR_FILE, "x")),
                "./evil.txt");
        hostile(
                "git",
                tree -> tree.folder(".git", below -> below.file("config", FileMode.REGULAR_FILE, "x")),
                ".git/config");
        hostile(
                "Git",
                tree -> tree.folder(".GIT", below -> below.file("config", FileMode.REGULAR_FILE, "x")),
                ".GIT/config");
        hostile("control", tree -> tree.file("a\u0007b", FileMode.REGULAR_FILE, "x"), "a?b");
        hostile("links", tree -> tree.file("link", FileMode.SYMLINK, "/etc/passwd"), "link");
        hostile("long", tree -> tree.file("x".repeat(300), FileMode.REGULAR_FILE, "x"), "xxxx");
        hostile(
                "case",
                tree -> tree.file("README", FileMode.REGULAR_FILE, "1").file("readme", FileMode.REGULAR_FILE, "2"),
                "readme");
        hostile(
                "sharp",
                tree -> tree.folder("STRASSE", below -> below.file("a", FileMode.REGULAR_FILE, "1"))
                        .folder("stra\u00dfe", below -> below.file("b", FileMode.REGULAR_FILE, "2")),
                "differs from 'STRASSE' only in capitals");
    }

    @Test
    void whatIsTooLargeIsRefused() throws Exception {
        Map<String, byte[]> many = new TreeMap<>();
        for (int i = 0; i <= FILES; i++) {
            many.put("f" + i, new byte[] {1});
        }
        it.git.make("many");
        it.git.commitBytes("many", "main", many);
        refused(() -> it.cloned(ALICE, "many"), 400, "RESOURCE_LIMIT_EXCEEDED").hasMessageContaining("'f");
        it.git.make("bomb");
        it.git.commitBytes("bomb", "main", Map.of("zeros", new byte[50_000_000]));
        refused(() -> it.cloned(ALICE, "bomb"), 400, "RESOURCE_LIMIT_EXCEEDED").hasMessageContaining("file");
        byte[] noise = new byte[90_000];
        Map<String, byte[]> wide = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
            new Random(i).nextBytes(noise);
            wide.put("n" + i, noise.clone());
        }
        it.git.make("wide");
        it.git.commitBytes("wide", "main", wide);
        refused(() -> it.cloned(ALICE, "wide"), 400, "RESOURCE_LIMIT_EXCEEDED").hasMessageContaining("300000");
        for (String name : new String[] {"many", "bomb", "wide"}) {
            nothingLeft(name);
        }
    }

    @Test
    void aServerThatStallsIsGivenUp() throws Exception {
        it.git.make("slow");
        it.git.commit("slow", "main", Map.of("a.txt", "1"));
        CountDownLatch done = new CountDownLatch(1);
        it.git.halfway = name -> {
            if (name.equals("slow")) {
                await(done);
            }
        };
        try {
            long begun = System.nanoTime();
            refused(() -> it.cloned(ALICE, "slow"), 504, "DEADLINE_EXCEEDED");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        } finally {
            done.countDown();
        }
        nothingLeft("slow");
    }

    @Test
    void onlyPermittedServersAreAskedAndNoneGetsAnothersCredential() throws Exception {
        for (String url : new String[] {
            "http://localhost:" + it.git.port() + "/team/x.git",
            "http://[::1]:" + it.git.port() + "/team/x.git",
            "http://169.254.169.254/latest/meta-data",
            "http://10.0.0.1/x.git",
            "http://0.0.0.0/x.git",
            "http://2130706433/x.git",
            "http://[::ffff:127.0.0.1]/x.git"
        }) {
            int before = it.git.credentials.size();
            refused(
                            () -> it.api(ALICE)
                                    .repos()
                                    .create(new CreateRepoRequest().setUrl(url).setProvider("gitHub")),
                            400,
                            "INVALID_PARAMETER_VALUE")
                    .hasMessageContaining("url");
            assertThat(it.git.credentials).hasSize(before);
        }
        try (LocalGitServer other = new LocalGitServer(it.dataDir.resolve("other"))) {
            other.open = true;
            other.make("moved");
            other.commit("moved", "main", Map.of("a.txt", "1"));
            it.git.redirects.put("moved", other.url("moved"));
            it.git.redirects.put("inward", "http://localhost:" + other.port() + "/team/moved.git");

            it.cloned(ALICE, "moved");

            assertThat(other.credentials).isNotEmpty().containsOnly("none");
            other.credentials.clear();
            refused(() -> it.cloned(ALICE, "inward"), 400, "INVALID_PARAMETER_VALUE")
                    .hasMessageContaining("localhost");
            assertThat(other.credentials).isEmpty();
        }
    }

    @Test
    void redirectsToWhatIsNoServerAreTheServersFault() throws Exception {
        int made = 0;
        for (String elsewhere : List.of(
                "http://under_score/team/x.git",
                "http:///team/x.git",
                "http://[::1]:1/team/x.git",
                "http://[::127.0.0.1]/team/x.git",
                "http://[64:ff9b:1::7f00:1]/team/x.git",
                "http://2130706433/team/x.git",
                "http://0x7f000001/team/x.git",
                "http://127.1/team/x.git",
                "http://127.0.0.1%00@x/team/x.git",
                "http://a b/team/x.git",
                "http://127.0.0.1:99999/team/x.git",
                "file:///etc/passwd",
                "ext::sh -c id",
                "-oProxyCommand=id",
                "http://x\\@127.0.0.1/team/x.git")) {
            String name = "odd" + made++;
            it.git.make(name);
            it.git.commit(name, "main", Map.of("a.txt", "1"));
            it.git.redirects.put(name, elsewhere);

            assertThatThrownBy(() -> it.cloned(ALICE, name))
                    .as(elsewhere)
                    .isInstanceOfSatisfying(
                            DatabricksError.class,
                            e -> assertThat(e.getStatusCode())
                                    .as(elsewhere + e.getMessage())
                                    .isIn(400, 502));
            nothingLeft(name);
        }
    }

    @Test
    void aBranchWithANameThatIsTooLongIsNotTaken() throws Exception {
        String name = "b/" + "x".repeat(200) + "/" + "y".repeat(100);
        it.git.make("usual");
        it.git.commit("usual", "main", Map.of("a.txt", "1"));
        it.git.commit("usual", name, Map.of("a.txt", "2"));
        long repo = it.cloned(ALICE, "usual").getId();
        refused(
                () -> it.api(ALICE)
                        .repos()
                        .update(new UpdateRepoRequest().setRepoId(repo).setBranch(name)),
                400,
                "INVALID_PARAMETER_VALUE");
    }

    private void hostile(String name, Consumer<RawTree> content, String path) throws Exception {
        it.git.make(name);
        it.git.commitRaw(name, content);
        refused(() -> it.cloned(ALICE, name), 400, "INVALID_PARAMETER_VALUE").hasMessageContaining(path);
        nothingLeft(name);
    }

    private void nothingLeft(String name) throws Exception {
        refused(() -> it.api(ALICE).workspace().getStatus(REPOS + "/" + name), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(it.count("select count(*) from git_repo where url like '%/" + name + ".git'"))
                .isZero();
        long repos = it.count("select count(*) from git_repo where workspace_id = 1");
        Path folder = it.dataDir.resolve("git/1");
        try (var left = Files.list(folder)) {
            assertThat(left.count()).isEqualTo(repos);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
