package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line of work per notebook: what is decided about a notebook's queue is decided one thing at a time, so that a
 * cancellation can never overtake the execute it follows. Different notebooks do not wait for each other.
 */
final class Lanes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private final ExecutorService workers;
    private final Consumer<Key> step;
    private final Map<Key, Lane> lanes = new HashMap<>();

    /** A notebook of a workspace. */
    record Key(long workspaceId, long notebookId) {}

    /** @param step looks at a notebook's queue and does what is due; may be called at any time */
    Lanes(int threads, Consumer<Key> step) {
        this.step = requireNonNull(step, "step");
        this.workers = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "run-lane");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Has the queue looked at soon; any number of calls before that make one look. */
    void wake(Key key) {
        enter(key, null);
    }

    /** Does {@code work} after what waits in this notebook's line, then looks at the queue. */
    void submit(Key key, Runnable work) {
        enter(key, requireNonNull(work, "work"));
    }

    private void enter(Key key, @org.jspecify.annotations.Nullable Runnable work) {
        Lane lane;
        synchronized (lanes) {
            lane = lanes.computeIfAbsent(key, Lane::new);
            if (work != null) {
                lane.tasks.add(work);
            }
            lane.look = true;
            if (lane.scheduled) {
                return;
            }
            lane.scheduled = true;
        }
        schedule(lane);
    }

    private void schedule(Lane lane) {
        try {
            workers.execute(() -> turn(lane));
        } catch (RejectedExecutionException stopping) {
            LOG.atDebug().log("No more turns: stopping");
        }
    }

    private void turn(Lane lane) {
        Runnable work;
        synchronized (lanes) {
            Runnable task = lane.tasks.poll();
            if (task == null) {
                lane.look = false;
            }
            work = task == null ? () -> step.accept(lane.key) : task;
        }
        try {
            work.run();
        } catch (RuntimeException e) {
            // The state is in the database: the next look, a second away, tries again.
            LOG.atWarn()
                    .addKeyValue("notebookId", lane.key.notebookId())
                    .setCause(e)
                    .log("A turn of a notebook's queue failed; it will be tried again");
        }
        synchronized (lanes) {
            if (lane.tasks.isEmpty() && !lane.look) {
                lanes.remove(lane.key);
                return;
            }
        }
        schedule(lane);
    }

    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static final class Lane {
        private final Key key;
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private boolean look;
        private boolean scheduled;

        private Lane(Key key) {
            this.key = key;
        }
    }
}
