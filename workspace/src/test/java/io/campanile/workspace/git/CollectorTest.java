package io.campanile.workspace.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.common.db.Database;
import io.campanile.common.testing.TestDatabase;
import io.campanile.common.testing.git.LocalGitServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs are put together, and what the rows name stays whatever git thinks of it. */
final class CollectorTest {
    private static final GitData.Key KEY = new GitData.Key(1, 100);
    private static final GitConfig CONFIG =
            new GitConfig(Set.of("127.0.0.1"), 1L << 30, 100L << 20, 1_000, Duration.ofSeconds(60));

    @TempDir
    Path folder;

    private LocalGitServer server;
    private Database database;
    private RepoStore store;
    private GitData data;
    private GitRemote remote;
    private final RepoLocks locks = new RepoLocks();
    private Collector collector;

    @BeforeEach
    void start() throws Exception {
        server = new LocalGitServer(folder.resolve("remote"));
        server.open = true;
        server.make("many");
        database = Database.open(TestDatabase.create(), "workspace", "workspace");
        database.context().execute("""
                insert into tree_object (workspace_id, object_id, name, folded_name, object_type, created_at, modified_at)
                values (1, 100, 'r', 'r', 'REPO', now(), now())""");
        store = new RepoStore(database);
        data = new GitData(folder.resolve("git"), CONFIG.fileLimit());
        remote = new GitRemote(new GitHosts(CONFIG.allowedHosts()), CONFIG);
        collector = new Collector(data, store, locks, CONFIG, Clock.systemUTC());
        data.create(KEY).close();
        data.made(KEY);
    }

    @AfterEach
    void stop() {
        database.close();
        server.close();
    }

    @Test
    void manyPacksBecomeOneAndWhatTheRowsNameStays() throws Exception {
        fetches(21, 1_000);
        server.make("lib");
        String libOld = server.commit("lib", "main", Map.of("l.txt", "1"));
        server.commit("lib", "main", Map.of("l.txt", "2"));
        GitUrl url = GitUrl.parse(server.url("lib"));
        try (Repository module = data.module(KEY, url)) {
            remote.fetch(module, new GitRemote.Server(url, null), allowance());
        }
        data.module(KEY, GitUrl.parse(server.url("gone"))).close();
        String head;
        ObjectId resolution;
        ObjectId garbage;
        String unpushed;
        try (Repository git = data.open(KEY);
                ObjectInserter inserter = git.newObjectInserter()) {
            head = Commits.at(git, GitRemote.TRACKING + "main").orElseThrow();
            resolution = inserter.insert(Constants.OBJ_BLOB, "both".getBytes(StandardCharsets.UTF_8));
            garbage = inserter.insert(Constants.OBJ_BLOB, "nobody's".getBytes(StandardCharsets.UTF_8));
            unpushed = Commits.write(
                    inserter,
                    Commits.tree(git, head),
                    List.of(head),
                    "Not pushed",
                    Commits.person(
                            new io.campanile.common.auth.Caller(1, 7, "a@example.com", false, null, "r"),
                            null,
                            Instant.EPOCH));
        }
        RepoStore.Repo repo =
                new RepoStore.Repo(1, 100, server.url("many"), "gitHub", "main", head, null, 7, "alice@example.com");
        database.transact(tx -> {
            store.insert(tx, repo);
            store.putBranch(tx, repo, "mine", unpushed);
            store.putConflict(tx, repo, new RepoStore.Conflict("a.txt", true, resolution.name()));
            SubmoduleStore.replace(
                    tx, repo, List.of(new SubmoduleStore.Submodule("lib", "lib", libOld, url.toString(), null)));
        });
        assertThat(collector.collect(KEY)).as("all is young").isFalse();
        age();

        assertThat(collector.collect(KEY)).isTrue();

        assertThat(packs()).isEqualTo(1);
        try (Repository git = data.open(KEY)) {
            for (String id : List.of(head, unpushed, resolution.name(), libOld)) {
                assertThat(git.getObjectDatabase().has(ObjectId.fromString(id)))
                        .as(id)
                        .isTrue();
            }
            assertThat(git.getObjectDatabase().has(garbage)).isFalse();
            assertThat(git.getRefDatabase().getRefsByPrefix("refs/kept/")).isEmpty();
            assertThat(Commits.contains(git, unpushed, head)).isTrue();
        }
        try (var modules = Files.list(folder.resolve("git/1/100/modules"))) {
            assertThat(modules.count()).isEqualTo(1);
        }
        assertThat(collector.collect(KEY)).as("nothing is left to do").isFalse();
        fetches(1, 1_000);
        server.commit("lib", "main", Map.of("l.txt", "3"));
        try (Repository module = data.module(KEY, url)) {
            remote.fetch(module, new GitRemote.Server(url, null), allowance());
            assertThat(Commits.at(module, GitRemote.TRACKING + "main")).contains(server.head("lib", "main"));
        }
    }

    @Test
    void itGivesWayToWhoeverWantsTheFolder() throws Exception {
        fetches(21, 2_000_000);
        String head;
        try (Repository git = data.open(KEY)) {
            head = Commits.at(git, GitRemote.TRACKING + "main").orElseThrow();
        }
        RepoStore.Repo repo =
                new RepoStore.Repo(1, 100, server.url("many"), "gitHub", "main", head, null, 7, "alice@example.com");
        database.transact(tx -> store.insert(tx, repo));
        age();
        long before = packs();
        CompletableFuture<Boolean> collecting = CompletableFuture.supplyAsync(() -> collector.collect(KEY));
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> collecting.isDone() || packsAndDrafts() > before);

        long begun = System.nanoTime();
        boolean got = locks.with(KEY, () -> true);

        assertThat(got).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        if (!collecting.get(20, TimeUnit.SECONDS)) {
            assertThat(packs()).isGreaterThanOrEqualTo(before);
        }
        try (Repository git = data.open(KEY)) {
            assertThat(Commits.tree(git, head)).isNotNull();
        }
    }

    @Test
    void nobodyIsWaitedFor() throws Exception {
        fetches(21, 100);
        age();

        assertThat(locks.whenFree(KEY, wanted -> {
                    assertThat(wanted.getAsBoolean()).isFalse();
                    assertThat(CompletableFuture.supplyAsync(() -> collector.collect(KEY))
                                    .join())
                            .isFalse();
                    Thread other = new Thread(() -> locks.with(KEY, () -> true));
                    other.start();
                    await().atMost(Duration.ofSeconds(5)).until(wanted::getAsBoolean);
                }))
                .isTrue();
    }

    private void fetches(int many, int bytes) throws Exception {
        GitUrl url = GitUrl.parse(server.url("many"));
        byte[] noise = new byte[bytes];
        for (int i = 0; i < many; i++) {
            new Random(System.nanoTime()).nextBytes(noise);
            server.commitBytes("many", "main", Map.of("f" + i, noise.clone()));
            try (Repository git = data.open(KEY)) {
                remote.fetch(git, new GitRemote.Server(url, null), allowance());
            }
        }
    }

    private static Allowance allowance() {
        return new Allowance(Duration.ofSeconds(30), 1L << 30);
    }

    private long packs() throws IOException {
        return count(".pack");
    }

    private long packsAndDrafts() throws IOException {
        return count("pack") + count("tmp");
    }

    private long count(String ending) throws IOException {
        try (var all = Files.list(folder.resolve("git/1/100/objects/pack"))) {
            return all.filter(file -> file.toString().endsWith(ending)).count();
        }
    }

    private void age() throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(3)));
        try (var all = Files.walk(folder.resolve("git/1/100/objects"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, old);
            }
        }
    }
}
