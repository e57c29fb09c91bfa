package io.campanile.workspace.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.db.Database;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** More callers than connections come to an empty workspace at once: each waits for the one who makes its root. */
final class FirstRequestsTest {
    private static final int CALLERS = 16;
    private static final int ROUNDS = 5;

    @Test
    void theFirstRequestsOfAWorkspaceDoNotWaitForEachOther() throws Exception {
        DatabaseSettings settings = TestDatabase.create();
        assertThat(settings.poolSize()).isLessThan(CALLERS);
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try (Database database = Database.open(settings, "workspace", "workspace")) {
            ObjectStore store = new ObjectStore(database);

            for (long workspaceId = 1; workspaceId <= ROUNDS; workspaceId++) {
                ensureTogether(threads, store, workspaceId);
            }

            for (long workspaceId = 1; workspaceId <= ROUNDS; workspaceId++) {
                long root = store.root(workspaceId).orElseThrow().objectId();
                assertThat(store.children(workspaceId, root))
                        .extracting(WorkspaceObject::name)
                        .containsExactlyInAnyOrder(WorkspacePath.HOMES, WorkspacePath.SHARED, WorkspacePath.REPOS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Fails when one of them waits in vain for a connection, which it does for five seconds. */
    private static void ensureTogether(ExecutorService threads, ObjectStore store, long workspaceId) throws Exception {
        CyclicBarrier start = new CyclicBarrier(CALLERS);
        List<Future<?>> done = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            done.add(threads.submit(() -> {
                start.await();
                store.ensureRoots(workspaceId, Instant.EPOCH);
                return null;
            }));
        }
        for (Future<?> one : done) {
            one.get(20, TimeUnit.SECONDS);
        }
    }
}
