package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.workspace.notebooks.NotebookClient;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the notebook service which documents are gone, again and again until it has heard; empties the trash. */
public final class DocumentDeletions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DocumentDeletions.class);
    static final Duration KEPT_IN_TRASH = Duration.ofDays(30);
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int BATCH = 20;

    private final Vertx vertx;
    private final Blocking blocking;
    private final DeletionStore deletions;
    private final TrashStore trash;
    private final NotebookClient documents;
    private final Clock clock;
    private final AtomicBoolean running = new AtomicBoolean();
    private final long timer;
    private volatile boolean closed;

    /** {@code tickMillis}: how often it looks for work by itself. */
    public DocumentDeletions(
            Vertx vertx,
            Blocking blocking,
            DeletionStore deletions,
            TrashStore trash,
            NotebookClient documents,
            Clock clock,
            long tickMillis) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.blocking = requireNonNull(blocking, "blocking");
        this.deletions = requireNonNull(deletions, "deletions");
        this.trash = requireNonNull(trash, "trash");
        this.documents = requireNonNull(documents, "documents");
        this.clock = requireNonNull(clock, "clock");
        this.timer = vertx.setPeriodic(tickMillis, tick -> wake());
    }

    /** Looks for work now; cheap when there is none or it is looking already. */
    void wake() {
        if (closed || !running.compareAndSet(false, true)) {
            return;
        }
        blocking.call(this::rounds)
                .onComplete(ended -> running.set(false))
                .onFailure(failure ->
                        LOG.atWarn().setCause(failure).log("Documents could not be deleted this time; trying again"));
    }

    /** Rounds until one has less to do than it could have done. */
    private int rounds() {
        int deleted = 0;
        int last = BATCH;
        while (!closed && last == BATCH) {
            last = round();
            deleted += last;
        }
        return deleted;
    }

    /** One round; answers how many documents were deleted. */
    int round() {
        Instant now = clock.instant();
        for (WorkspaceObject object : trash.expired(now.minus(KEPT_IN_TRASH))) {
            trash.remove(self(object.workspaceId(), 0, ""), object.objectId(), true, now);
            LOG.atInfo()
                    .addKeyValue("workspaceId", object.workspaceId())
                    .addKeyValue("objectId", object.objectId())
                    .log("Object removed from the trash after its time");
        }
        while (!closed && trash.removePiece(now)) {
            LOG.atDebug().log("A piece of a large folder was removed");
        }
        int deleted = 0;
        List<DeletionStore.Deletion> due = deletions.claim(now, LEASE, BATCH);
        for (DeletionStore.Deletion deletion : due) {
            deleted += delete(deletion) ? 1 : 0;
        }
        return deleted;
    }

    @Override
    public void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }

    private boolean delete(DeletionStore.Deletion deletion) {
        try {
            documents.delete(self(deletion.workspaceId(), deletion.userId(), deletion.userName()), deletion.objectId());
        } catch (ApiException e) {
            Duration wait = Duration.ofSeconds(1L << Math.min(9, deletion.attempts()));
            deletions.postpone(
                    deletion.workspaceId(),
                    deletion.objectId(),
                    clock.instant().plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT));
            LOG.atWarn()
                    .addKeyValue("objectId", deletion.objectId())
                    .addKeyValue("attempts", deletion.attempts())
                    .addKeyValue("errorCode", e.code())
                    .log("A document could not be deleted yet");
            return false;
        }
        deletions.done(deletion.workspaceId(), deletion.objectId());
        return true;
    }

    private static Caller self(long workspaceId, long userId, String userName) {
        return new Caller(
                workspaceId,
                userId,
                userName,
                false,
                "workspace",
                UUID.randomUUID().toString());
    }
}
