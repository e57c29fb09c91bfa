package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.service.workspace.Delete;
import com.databricks.sdk.service.workspace.UpdateRepoRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is left of git folders when the service is killed with -9: all of an operation or nothing. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GitCrashTest {
    private GitProcess it;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        it = new GitProcess(folder);
    }

    @AfterAll
    void stop() throws Exception {
        it.close();
    }

    @Test
    void aCloneThatWasKilledInAPackLeavesNothing() throws Exception {
        it.git.make("pack");
        it.git.commit("pack", "main", Map.of("a.txt", "1", "n.sql", GitProcess.NOTEBOOK));
        it.reached = new CountDownLatch(1);
        it.git.halfway = name -> it.hold();
        it.killWhile(() -> it.create("pack"));
        it.git.halfway = name -> {};
        assertThat(it.folders()).isPositive();

        it.launch();

        nothingOf("pack");
        assertThat(it.create("pack").getHeadCommitId()).isEqualTo(it.git.head("pack", "main"));
    }

    @Test
    void aCloneThatWasKilledAmongItsDocumentsLeavesNothing() throws Exception {
        it.git.make("docs");
        it.git.commit("docs", "main", Map.of("a.txt", "1", "n.sql", GitProcess.NOTEBOOK));
        it.reached = new CountDownLatch(1);
        it.holdNew = true;
        it.killWhile(() -> it.create("docs"));
        it.holdNew = false;

        it.launch();

        nothingOf("docs");
        assertThat(it.create("docs").getHeadCommitId()).isEqualTo(it.git.head("docs", "main"));
    }

    @Test
    void aCheckoutThatWasKilledBeforeItsDocumentsIsFinished() throws Exception {
        it.git.make("move");
        it.git.commit("move", "main", Map.of("a.txt", "1", "n.sql", GitProcess.NOTEBOOK));
        long repo = it.create("move").getId();
        String later =
                it.git.commit("move", "main", Map.of("a.txt", "2", "n.sql", GitProcess.NOTEBOOK + "\nselect 2\n"));
        it.reached = new CountDownLatch(1);
        it.holdReplaced = true;
        it.killWhile(() ->
                it.api().repos().update(new UpdateRepoRequest().setRepoId(repo).setBranch("main")));
        it.holdReplaced = false;
        String notebook = Long.toString(
                it.count("select object_id from git_file where git_path = 'n.sql' and repo_id = " + repo));
        assertThat(String.valueOf(it.documents.get(notebook))).doesNotContain("select 2");

        it.launch();

        assertThat(it.api().repos().get(repo).getHeadCommitId()).isEqualTo(later);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> String.valueOf(it.documents.get(notebook)).contains("select 2"));
        assertThat(it.work("GET", repo, "/status", "").path("changes")).isEmpty();
    }

    @Test
    void whatWasCommittedIsThereAfterAKill() throws Exception {
        it.git.make("kept");
        it.git.commit("kept", "main", Map.of("a.txt", "1", "n.sql", GitProcess.NOTEBOOK));
        long repo = it.create("kept").getId();
        it.api().workspace().delete(new Delete().setPath(GitProcess.REPOS + "kept/a.txt"));
        String commit = it.work("POST", repo, "/commit", "{\"message\":\"Without a\"}")
                .path("commit_id")
                .asText();
        it.kill();

        it.launch();

        assertThat(it.api().repos().get(repo).getHeadCommitId()).isEqualTo(commit);
        it.work("POST", repo, "/push", "{}");
        assertThat(it.git.head("kept", "main")).isEqualTo(commit);
        assertThat(it.git.text("kept", "main", "a.txt")).isNull();
    }

    private void nothingOf(String name) throws Exception {
        assertThat(it.count("select count(*) from git_repo where url like '%/" + name + ".git'"))
                .isZero();
        assertThat(it.count("select count(*) from tree_object where name = '" + name + "'"))
                .isZero();
        long repos = it.count("select count(*) from git_repo");
        await().atMost(Duration.ofSeconds(20)).until(() -> it.folders() == repos);
    }
}
