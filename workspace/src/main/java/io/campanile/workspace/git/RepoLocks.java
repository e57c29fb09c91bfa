package io.campanile.workspace.git;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One operation at a time on a git folder: its objects and its commits change together. */
final class RepoLocks {
    private static final long WAIT_SECONDS = 10;
    private final Map<GitData.Key, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** Runs {@code work} where nobody works on the folder now; it is told whether somebody waits for its end. */
    boolean whenFree(GitData.Key key, Consumer<BooleanSupplier> work) {
        ReentrantLock lock = of(key);
        if (!lock.tryLock()) {
            return false;
        }
        try {
            work.accept(lock::hasQueuedThreads);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock of(GitData.Key key) {
        return locks.computeIfAbsent(key, any -> new ReentrantLock());
    }

    <T> T with(GitData.Key key, Supplier<T> work) {
        ReentrantLock lock = of(key);
        boolean held = false;
        try {
            held = lock.tryLock(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!held) {
            throw new ApiException(
                    ErrorCode.RESOURCE_CONFLICT,
                    "Another operation on repo " + key.repoId() + " is in progress; try again when it has ended");
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
