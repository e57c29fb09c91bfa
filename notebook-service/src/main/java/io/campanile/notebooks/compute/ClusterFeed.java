package io.campanile.notebooks.compute;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the change feed of cluster-manager on a thread of its own and goes on where it was after every failure. */
public final class ClusterFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterFeed.class);
    private static final Duration WAIT = Duration.ofSeconds(25);
    private static final long FIRST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 3_000;

    private final ClusterDirectory directory;
    private final Thread thread;
    private volatile boolean closed;

    public ClusterFeed(ClusterDirectory directory) {
        this.directory = requireNonNull(directory, "directory");
        this.thread = new Thread(this::follow, "cluster-feed");
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void follow() {
        long since = 0;
        long pause = FIRST_PAUSE;
        while (!closed) {
            try {
                ClusterClient.Changes changes = directory.client().changes(since, WAIT);
                changes.clusters().forEach(directory::learn);
                since = changes.next();
                pause = FIRST_PAUSE;
            } catch (ApiException e) {
                LOG.atDebug().addKeyValue("reason", e.getMessage()).log("The cluster feed is interrupted");
                if (!rest(pause)) {
                    return;
                }
                pause = Math.min(pause * 2, LONGEST_PAUSE);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("The cluster feed failed");
                if (!rest(LONGEST_PAUSE)) {
                    return;
                }
            }
        }
    }

    private static boolean rest(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
