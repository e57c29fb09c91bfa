package io.campanile.workspace;

import static io.campanile.workspace.GitFixture.ALICE;
import static io.campanile.workspace.GitFixture.REPOS;
import static io.campanile.workspace.GitFixture.commit;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.workspace.UpdateRepoRequest;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Reading a git folder waits for nobody, and is of one moment. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GitReadsApiTest {
    private static final String NOTEBOOK = "-- Databricks notebook source\nselect ";
    private static final List<String> READS =
            List.of("/status", "/diff?path=b.txt", "/branches", "/conflicts", "/conflicts/versions?path=a.txt");
    private GitFixture it;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        it = new GitFixture(dataDir, GitFixture.config());
        it.credential(ALICE);
    }

    @AfterAll
    void stop() {
        it.git.halfway = name -> {};
        it.close();
    }

    @Test
    void readsAnswerWhileAnotherOperationHasTheFolder() throws Exception {
        it.git.make("busy");
        it.git.commit("busy", "main", Map.of("a.txt", "base\n", "b.txt", "1", "n.sql", NOTEBOOK + "1\n"));
        long repo = it.cloned(ALICE, "busy").getId();
        it.put(ALICE, REPOS + "/busy/a.txt", "ours\n");
        it.work(ALICE, "POST", repo, "/commit", commit("Ours"));
        it.git.commit("busy", "main", Map.of("a.txt", "theirs\n"));
        it.work(ALICE, "POST", repo, "/pull", Map.of());
        it.put(ALICE, REPOS + "/busy/b.txt", "2");
        List<JsonNode> before = new ArrayList<>();
        for (String read : READS) {
            before.add(it.work(ALICE, "GET", repo, read, null));
        }
        it.git.commit("busy", "main", Map.of("c.txt", "later"));
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        it.git.halfway = name -> {
            reached.countDown();
            await(go);
        };
        CompletableFuture<Void> forced = CompletableFuture.runAsync(() -> it.api(ALICE)
                .repos()
                .update(new UpdateRepoRequest()
                        .setRepoId(repo)
                        .setBranch("main")
                        .setDangerouslyForceDiscardAll(true)));
        try {
            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < READS.size(); i++) {
                long begun = System.nanoTime();
                JsonNode answer = it.work(ALICE, "GET", repo, READS.get(i), null);
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as(READS.get(i))
                        .isLessThan(Duration.ofSeconds(5));
                assertThat(answer).as(READS.get(i)).isEqualTo(before.get(i));
            }
            // What changes something still waits, and says for what.
            it.workRefused(ALICE, "POST", repo, "/merge/abort", Map.of(), 409, "RESOURCE_CONFLICT");
        } finally {
            go.countDown();
        }
        forced.get(30, TimeUnit.SECONDS);
        assertThat(it.changes(ALICE, repo)).isEmpty();
        assertThat(it.exported(ALICE, REPOS + "/busy/c.txt")).isEqualTo("later");
    }

    @Test
    void aStatusIsNeverOfTwoMoments() throws Exception {
        it.git.make("swing");
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            files.put("n" + i + ".sql", NOTEBOOK + i + "\n");
            files.put("f" + i + ".txt", "one " + i);
        }
        String one = it.git.commit("swing", "main", files);
        it.git.ref("swing", "refs/heads/other", one);
        files.replaceAll((path, text) -> text + " and another");
        files.put("only.sql", NOTEBOOK + "only\n");
        String two = it.git.commit("swing", "other", files);
        long repo = it.cloned(ALICE, "swing").getId();
        CompletableFuture<Void> swinging = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 30; i++) {
                it.api(ALICE)
                        .repos()
                        .update(new UpdateRepoRequest().setRepoId(repo).setBranch(i % 2 == 0 ? "other" : "main"));
            }
        });

        int read = 0;
        while (!swinging.isDone() || read < 20) {
            JsonNode status = it.work(ALICE, "GET", repo, "/status", null);
            assertThat(status.path("changes")).as(status.toString()).isEmpty();
            assertThat(status.path("head_commit_id").asText())
                    .isEqualTo(status.path("branch").asText().equals("main") ? one : two);
            read++;
        }
        swinging.get(30, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
