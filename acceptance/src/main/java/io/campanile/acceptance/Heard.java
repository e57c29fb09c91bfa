package io.campanile.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one connection was sent, and what is known from it; its own lock guards all of it. */
final class Heard {
    private final List<JsonNode> frames = new ArrayList<>();
    private final Map<Long, TreeMap<Long, JsonNode>> outputs = new TreeMap<>();
    private final Map<Long, List<JsonNode>> arrivals = new TreeMap<>();
    private final Map<Long, JsonNode> runs = new TreeMap<>();
    private final Map<Long, Long> asked = new TreeMap<>();
    private final List<Long> operations = new ArrayList<>();
    private long revision;
    private @Nullable String ended;

    Heard() {}

    /** Knows what a connection before it knew. */
    Heard(Heard before) {
        synchronized (before) {
            before.outputs.forEach((run, items) -> {
                outputs.put(run, new TreeMap<>(items));
                asked.put(run, items.lastKey());
            });
            runs.putAll(before.runs);
            revision = before.revision;
        }
    }

    synchronized void received(JsonNode frame) {
        frames.add(frame);
        revision = Math.max(revision, frame.path("rev").asLong());
        if (frame.path("t").asText().equals("op")) {
            operations.add(frame.path("rev").asLong());
        }
        frame.path("ops")
                .forEach(operation -> operations.add(operation.path("rev").asLong()));
        frame.path("runs").forEach(run -> runs.put(run.path("run_id").asLong(), run));
        if (frame.path("t").asText().equals("run")) {
            runs.put(frame.path("run").path("run_id").asLong(), frame.path("run"));
        }
        if (frame.path("t").asText().equals("outputs")) {
            keep(frame.path("run_id").asLong(), frame.path("items"), !frame.has("more"));
        }
        frame.path("outputs")
                .properties()
                .forEach(entry -> keep(Long.parseLong(entry.getKey()), entry.getValue(), true));
        notifyAll();
    }

    private void keep(long run, JsonNode items, boolean unasked) {
        items.forEach(item -> {
            long number = item.path("n").asLong();
            outputs.computeIfAbsent(run, id -> new TreeMap<>()).put(number, item);
            if (unasked) {
                arrivals.computeIfAbsent(run, id -> new ArrayList<>()).add(item);
            }
        });
    }

    synchronized void lost(String why) {
        ended = why;
        notifyAll();
    }

    synchronized boolean isLost() {
        return ended != null;
    }

    synchronized int count() {
        return frames.size();
    }

    /** The first frame of this kind from the {@code from}th on. */
    synchronized JsonNode await(Predicate<JsonNode> wanted, Duration limit, int from) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        int looked = from;
        while (true) {
            for (; looked < frames.size(); looked++) {
                if (wanted.test(frames.get(looked))) {
                    return frames.get(looked);
                }
            }
            pause(deadline, "frames so far: " + frames.size());
        }
    }

    synchronized JsonNode awaitRun(long run, Predicate<String> state, Duration limit) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            JsonNode known = runs.get(run);
            if (known != null && state.test(known.path("state").asText())) {
                return known;
            }
            pause(deadline, "run " + run + " is " + known);
        }
    }

    private void pause(long deadline, String state) throws Exception {
        if (ended != null) {
            throw new NotebookSocket.LostException("The connection ended (" + ended + "); " + state);
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new TimeoutException("Not in time; " + state);
        }
        wait(left);
    }

    synchronized List<JsonNode> outputs(long run) {
        return List.copyOf(outputs.getOrDefault(run, new TreeMap<>()).values());
    }

    synchronized List<JsonNode> arrivals(long run) {
        return List.copyOf(arrivals.getOrDefault(run, List.of()));
    }

    /** The last output of each run that was known when the connection began. */
    synchronized Map<Long, Long> asked() {
        return Map.copyOf(asked);
    }

    synchronized List<Long> operations() {
        return List.copyOf(operations);
    }

    synchronized long revision() {
        return revision;
    }
}
