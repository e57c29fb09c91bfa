package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.service.workspace.Delete;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A collection of garbage that is killed with -9 takes nothing with it that somebody needs. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GitCollectCrashTest {
    private static final int PACKS = 22;
    /** Fewer are not worth a collection. */
    private static final int WORTH = 20;

    private static final int ROUNDS = 6;
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
    void aCollectionThatWasKilledLeavesARepositoryThatCanBeUsed() throws Exception {
        long repo = manyPacks();
        String commit = it.work("POST", repo, "/commit", "{\"message\":\"Not pushed\"}")
                .path("commit_id")
                .asText();
        it.kill();
        Path folder = it.dataDir.resolve("git/1/" + repo);
        int killed = 0;
        // One that was killed while it removed packs may have left too few to begin again.
        for (int round = 1; round <= ROUNDS && packs(folder) >= WORTH; round++) {
            age(folder);
            Set<String> before = seen(folder);
            it.spawn();
            boolean middle = steps(folder, before, round);
            it.kill();
            whole(folder, commit);
            if (!middle) {
                break;
            }
            killed++;
        }
        assertThat(killed).as("kills in the middle").isPositive();

        age(folder);
        long least = packs(folder) < WORTH ? packs(folder) : 2;
        it.launch();
        await().atMost(Duration.ofSeconds(60)).until(() -> packs(folder) <= least);
        whole(folder, commit);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !Files.exists(folder.resolve("refs/kept"))
                        || seen(folder).stream().noneMatch(name -> name.startsWith("kept/")));

        assertThat(it.work("GET", repo, "/status", "").path("changes")).isEmpty();
        it.work("POST", repo, "/push", "{}");
        assertThat(it.git.head("many", "main")).isEqualTo(commit);
        it.git.commit("many", "main", Map.of("last.txt", "last"));
        assertThat(it.work("POST", repo, "/pull", "{}").path("outcome").asText())
                .isEqualTo("FAST_FORWARD");
    }

    private long manyPacks() throws Exception {
        it.git.make("many");
        byte[] noise = new byte[400_000];
        new Random(1).nextBytes(noise);
        it.git.commitBytes("many", "main", Map.of("n", noise, "gone.txt", new byte[] {1}));
        long repo = it.create("many").getId();
        for (int i = 1; i < PACKS; i++) {
            new Random(i).nextBytes(noise);
            it.git.commitBytes("many", "main", Map.of("n" + i, noise.clone()));
            it.work("POST", repo, "/pull", "{}");
        }
        assertThat(packs(it.dataDir.resolve("git/1/" + repo))).isGreaterThanOrEqualTo(PACKS);
        it.api().workspace().delete(new Delete().setPath(GitProcess.REPOS + "many/gone.txt"));
        return repo;
    }

    /** Waits for so many different things to be seen in the folder; false when the collection was done before. */
    private static boolean steps(Path folder, Set<String> before, int wanted) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        Set<String> last = before;
        int steps = 0;
        while (System.nanoTime() < end) {
            Set<String> now = seen(folder);
            if (!now.equals(last)) {
                last = now;
                if (++steps == wanted) {
                    return packs(folder) > 2;
                }
            }
            if (steps > 0 && packs(folder) <= 2) {
                return false;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("No collection was seen");
    }

    private static Set<String> seen(Path folder) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path each : new Path[] {folder.resolve("objects/pack"), folder.resolve("refs/kept")}) {
            if (Files.isDirectory(each)) {
                try (var all = Files.list(each)) {
                    all.forEach(file -> found.add(each.getFileName() + "/" + file.getFileName()));
                } catch (java.nio.file.NoSuchFileException e) {
                    // It has just gone.
                }
            }
        }
        return found;
    }

    private static long packs(Path folder) throws IOException {
        return seen(folder).stream().filter(name -> name.endsWith(".pack")).count();
    }

    private static void age(Path folder) throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(3)));
        try (var all = Files.walk(folder.resolve("objects"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, old);
            }
        }
    }

    /** Everything the commit leads to is there and can be read. */
    private static void whole(Path folder, String commit) throws Exception {
        try (FileRepository git = new FileRepository(folder.toFile());
                ObjectWalk walk = new ObjectWalk(git)) {
            walk.markStart(walk.parseCommit(ObjectId.fromString(commit)));
            while (walk.next() != null) {
                // Commits, and what they have below.
            }
            int files = 0;
            for (var object = walk.nextObject(); object != null; object = walk.nextObject()) {
                git.open(object).copyTo(java.io.OutputStream.nullOutputStream());
                files++;
            }
            assertThat(files).isGreaterThan(PACKS);
        }
    }
}
