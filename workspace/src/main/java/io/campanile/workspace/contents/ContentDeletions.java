package io.campanile.workspace.contents;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the contents no row refers to, again and again until the store has done it. */
public final class ContentDeletions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContentDeletions.class);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final int BATCH = 200;
    private static final int LONGEST_WAIT = 9;

    private final Vertx vertx;
    private final Blocking blocking;
    private final ContentStore store;
    private final Contents contents;
    private final Clock clock;
    private final AtomicBoolean running = new AtomicBoolean();
    private final long timer;
    private volatile boolean closed;

    /** {@code tickMillis}: how often it looks for work. */
    public ContentDeletions(
            Vertx vertx, Blocking blocking, ContentStore store, Contents contents, Clock clock, long tickMillis) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.blocking = requireNonNull(blocking, "blocking");
        this.store = requireNonNull(store, "store");
        this.contents = requireNonNull(contents, "contents");
        this.clock = requireNonNull(clock, "clock");
        this.timer = vertx.setPeriodic(tickMillis, tick -> wake());
    }

    private void wake() {
        if (closed || !running.compareAndSet(false, true)) {
            return;
        }
        blocking.call(this::round)
                .onComplete(ended -> running.set(false))
                .onFailure(failure ->
                        LOG.atWarn().setCause(failure).log("Contents could not be deleted this time; trying again"));
    }

    /** One round; answers how many contents were deleted. */
    public int round() {
        int deleted = 0;
        List<ContentStore.Deletion> due = store.claim(clock.instant(), LEASE, BATCH);
        for (ContentStore.Deletion deletion : due) {
            deleted += delete(deletion) ? 1 : 0;
        }
        return deleted;
    }

    private boolean delete(ContentStore.Deletion deletion) {
        try {
            contents.delete(deletion.workspaceId(), deletion.objectId(), deletion.contentId());
        } catch (IOException e) {
            Duration wait = Duration.ofSeconds(1L << Math.min(LONGEST_WAIT, deletion.attempts()));
            store.due(
                    deletion.workspaceId(),
                    deletion.contentId(),
                    clock.instant().plus(wait));
            LOG.atWarn()
                    .addKeyValue("objectId", deletion.objectId())
                    .addKeyValue("attempts", deletion.attempts())
                    .setCause(e)
                    .log("A content could not be deleted yet");
            return false;
        }
        store.done(deletion.workspaceId(), deletion.contentId());
        return true;
    }

    @Override
    public void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }
}
