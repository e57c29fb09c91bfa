package io.campanile.notebooks.documents;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the authorities of all notebooks share: tables, threads, and the notebooks held in memory. */
final class AuthorityParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuthorityParts.class);
    private static final long UNITS_IN_MEMORY = 64L * 1024 * 1024;
    private static final int UNITS_PER_CELL = 256;
    private final DocumentStore documents;
    private final OpStore log;
    private final CommitListener listener;
    private final Clock clock;
    private final WorkerExecutor workers;
    private final Cache<NotebookKey, DocumentState> states = Caffeine.newBuilder()
            .maximumWeight(UNITS_IN_MEMORY)
            .weigher((NotebookKey key, DocumentState state) ->
                    (int) Math.min(Integer.MAX_VALUE, state.units() + (long) UNITS_PER_CELL * (state.allCells() + 1)))
            .expireAfterAccess(Duration.ofMinutes(10))
            .build();

    AuthorityParts(Vertx vertx, DocumentStore documents, OpStore log, CommitListener listener, Clock clock) {
        this.documents = documents;
        this.log = log;
        this.listener = listener;
        this.clock = clock;
        this.workers = vertx.createSharedWorkerExecutor("notebook-authority", 4);
    }

    DocumentStore documents() {
        return documents;
    }

    OpStore log() {
        return log;
    }

    CommitListener listener() {
        return listener;
    }

    Clock clock() {
        return clock;
    }

    void run(Runnable work) {
        workers.executeBlocking(
                        () -> {
                            work.run();
                            return Boolean.TRUE;
                        },
                        false)
                .onFailure(e -> LOG.atError().setCause(e).log("An authority stopped"));
    }

    /** What the authority left in memory; only the authority of that notebook may touch it. */
    @Nullable
    DocumentState remembered(NotebookKey key) {
        return states.getIfPresent(key);
    }

    void remember(NotebookKey key, DocumentState state) {
        states.put(key, state);
    }

    void forget(NotebookKey key) {
        states.invalidate(key);
    }

    @Override
    public void close() {
        workers.close();
    }
}
