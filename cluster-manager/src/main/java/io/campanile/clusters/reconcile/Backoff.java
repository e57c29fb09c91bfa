package io.campanile.clusters.reconcile;

import io.campanile.clusters.node.Node;
import java.time.Duration;
import java.util.List;

/** How long the next worker waits after others were lost: told by their rows, so that a restart forgets nothing. */
final class Backoff {
    private static final long MEMORY_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final long LONGEST_MILLIS = Duration.ofMinutes(5).toMillis();

    private Backoff() {}

    /** What ended before says nothing any more. */
    static long memory(long now) {
        return now - MEMORY_MILLIS;
    }

    /** How many of these were lost not long ago. */
    static int failures(List<Node> lost, long now) {
        return (int)
                lost.stream().filter(node -> endOf(node) > memory(now)).count();
    }

    /** The first is replaced at once; each further one waits twice as long as the one before. */
    static long until(List<Node> lost, long now) {
        int failures = failures(lost, now);
        long last = lost.stream().mapToLong(Backoff::endOf).max().orElse(0);
        return failures < 2 ? 0 : last + Math.min(LONGEST_MILLIS, 1_000L << Math.min(failures, 20));
    }

    static long endOf(Node node) {
        Long ended = node.life().stopRequestedAt();
        return ended == null ? node.life().requestedAt() : ended;
    }
}
