package io.campanile.common.concurrent;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/** Runs blocking work off the event loop and refuses, rather than queues, what it cannot start soon. */
public final class Blocking implements AutoCloseable {
    private final WorkerExecutor workers;
    private final Semaphore admitted;

    public Blocking(Vertx vertx, String name, int threads, int queued) {
        this.workers = requireNonNull(vertx, "vertx").createSharedWorkerExecutor(name, threads);
        this.admitted = new Semaphore(threads + queued);
    }

    public <T> Future<T> call(Callable<T> work) {
        if (!admitted.tryAcquire()) {
            return Future.failedFuture(
                    new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "Too many requests in progress; try again"));
        }
        return workers.executeBlocking(work, false).onComplete(ended -> admitted.release());
    }

    /**
     * Runs what ends work that has begun, and gives back or deletes what that had: nobody else would. It is never refused,
     * as there is no more of it than of what was let in.
     */
    public <T> Future<T> end(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }

    @Override
    public void close() {
        workers.close();
    }
}
