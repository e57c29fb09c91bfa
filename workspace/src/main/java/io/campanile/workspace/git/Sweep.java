package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is done from time to time: deletes and finishes what a crash left, and collects garbage. Blocking. */
final class Sweep {
    private final RepoStore store;
    private final RepoAccess access;
    private final GitData data;
    private final Collector collector;
    private final RepoLocks locks;
    private boolean first = true;
    private final AtomicBoolean running = new AtomicBoolean();

    Sweep(RepoStore store, RepoAccess access, GitData data, RepoLocks locks, Collector collector) {
        this.store = requireNonNull(store, "store");
        this.access = requireNonNull(access, "access");
        this.data = requireNonNull(data, "data");
        this.locks = requireNonNull(locks, "locks");
        this.collector = requireNonNull(collector, "collector");
    }

    /** One at a time: a collection may take longer than the time between two. */
    void run() {
        if (!running.compareAndSet(false, true)) {
            return;
        }
        try {
            if (first) {
                data.all().forEach(key -> locks.whenFree(key, wanted -> data.unlock(key)));
                first = false;
            }
            data.all().forEach(this::sweep);
            // After all of them: somebody may wait for what a crash left.
            data.all().forEach(collector::collect);
        } finally {
            running.set(false);
        }
    }

    private void sweep(GitData.Key key) {
        Optional<RepoStore.Repo> repo = store.find(key.workspaceId(), key.repoId());
        if (repo.isEmpty()) {
            data.drop(key);
        } else if (store.anyPending(key.workspaceId(), key.repoId())) {
            Caller owner = new Caller(
                    key.workspaceId(),
                    repo.get().userId(),
                    repo.get().userName(),
                    false,
                    "workspace",
                    UUID.randomUUID().toString());
            access.alone(owner, key, session -> true);
        }
    }
}
