package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.live.Broadcaster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What browsers hear of runs. The news of a quiet notebook goes out at once, some pieces of it (all that a short cell
 * has to say); while more follows it goes out every 20 ms, together, so that a cell that prints without pause costs a
 * browser fifty frames a second and no more.
 */
final class OutputFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputFeed.class);
    private static final long PACE_NANOS = Duration.ofMillis(20).toNanos();
    /** Sends a notebook may be ahead of its pace: a short cell is queued, starts, runs, shows and ends. */
    private static final int AHEAD = 8;

    private static final int FRAME_BYTES = 512 * 1024;

    private final Broadcaster broadcaster;
    private final Map<Lanes.Key, Pending> notebooks = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer;

    OutputFeed(Broadcaster broadcaster) {
        this.broadcaster = requireNonNull(broadcaster, "broadcaster");
        this.timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "output-feed");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::forgetQuiet, 1, 1, TimeUnit.MINUTES);
    }

    /** New records of a run, after their commit. */
    void outputs(Run run, List<Output> outputs) {
        List<Output> visible = outputs.stream().filter(Output::visible).toList();
        if (!visible.isEmpty()) {
            add(run.key(), pending -> pending.outputs(run.runId(), visible));
        }
    }

    /** A run changed, after the commit. */
    void run(Run run) {
        add(run.key(), pending -> pending.run(run));
    }

    /** Any other frame of a notebook, in order with its outputs. */
    void frame(Lanes.Key key, ObjectNode frame) {
        add(key, pending -> pending.frame(frame));
    }

    private void add(Lanes.Key key, java.util.function.Consumer<Pending> change) {
        if (!broadcaster.watched(key.workspaceId(), key.notebookId())) {
            return;
        }
        notebooks.compute(key, (same, known) -> {
            Pending pending = known == null ? new Pending() : known;
            change.accept(pending);
            if (pending.scheduled) {
                return pending;
            }
            long wait = pending.due(System.nanoTime());
            if (wait <= 0) {
                send(key, pending);
                return pending;
            }
            pending.scheduled = true;
            try {
                timer.schedule(() -> flush(key), wait, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException stopping) {
                LOG.atDebug().log("Not sent: stopping");
            }
            return pending;
        });
    }

    private void flush(Lanes.Key key) {
        notebooks.computeIfPresent(key, (same, pending) -> {
            send(key, pending);
            return pending;
        });
    }

    private void send(Lanes.Key key, Pending pending) {
        pending.scheduled = false;
        pending.sent(System.nanoTime());
        for (ObjectNode frame : pending.take()) {
            broadcaster.toNotebook(key.workspaceId(), key.notebookId(), frame);
        }
    }

    private void forgetQuiet() {
        long before = System.nanoTime() - Duration.ofMinutes(1).toNanos();
        for (Iterator<Lanes.Key> keys = notebooks.keySet().iterator(); keys.hasNext(); ) {
            notebooks.computeIfPresent(
                    keys.next(), (key, pending) -> pending.scheduled || pending.paidUntil > before ? pending : null);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** What waits for one notebook, in order; guarded by the map's entry lock. */
    private static final class Pending {
        private final List<ObjectNode> frames = new ArrayList<>();
        private final Map<Long, ArrayNode> open = new LinkedHashMap<>();
        private int openBytes;
        private boolean scheduled;
        /** Every send pays for 20 ms; this is until when sends so far have paid. */
        private long paidUntil = System.nanoTime() - AHEAD * PACE_NANOS;

        /** In how many nanoseconds the next send may be; none when not positive. */
        private long due(long now) {
            return paidUntil - now - (AHEAD - 1) * PACE_NANOS;
        }

        private void sent(long now) {
            paidUntil = Math.max(paidUntil, now) + PACE_NANOS;
        }

        /** Outputs of one run that follow each other share a frame. */
        private void outputs(long runId, List<Output> outputs) {
            for (Output output : outputs) {
                ArrayNode items = open.get(runId);
                if (items == null || openBytes > FRAME_BYTES) {
                    open.clear();
                    openBytes = 0;
                    items = Json.MAPPER.createArrayNode();
                    open.put(runId, items);
                    ObjectNode frame =
                            Json.MAPPER.createObjectNode().put("t", "outputs").put("run_id", runId);
                    frame.set("items", items);
                    frames.add(frame);
                }
                items.add(output.wire());
                openBytes += output.bytes();
            }
        }

        private void run(Run run) {
            ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "run");
            frame.set("run", run.wire());
            frame(frame);
        }

        private void frame(ObjectNode frame) {
            open.clear();
            openBytes = 0;
            frames.add(frame);
        }

        private List<ObjectNode> take() {
            List<ObjectNode> all = List.copyOf(frames);
            frames.clear();
            open.clear();
            openBytes = 0;
            return all;
        }
    }
}
