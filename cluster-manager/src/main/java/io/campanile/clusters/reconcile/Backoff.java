package io.campanile.clusters.reconcile;

import io.campanile.clusters.node.Node;
import java.time.Duration;
import java.util.List;

/** How long the next worker waits after others were lost: told by their rows, so that a restart forgets nothing. */
final class Backoff {
    private static final long MEMORY_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final long LONGEST_MILLIS = Duration.ofMinutes(5).toMillis();
    /** What ended further ahead ended before the clock was set back. */
    private static final long SKEW_MILLIS = Duration.ofMinutes(1).toMillis();

    private Backoff() {}

    /** What ended before says nothing any more. */
    static long memory(long now) {
        return now - MEMORY_MILLIS;
    }

    /** The first is replaced at once; each further one waits twice as long as the one before. */
    static long until(List<Node> lost, long now) {
        long[] ends = lost.stream()
                .mapToLong(Backoff::endOf)
                .filter(end -> end > memory(now) && end <= now + SKEW_MILLIS)
                .sorted()
                .toArray();
        return ends.length < 2
                ? 0
                : ends[ends.length - 1] + Math.min(LONGEST_MILLIS, 1_000L << Math.min(ends.length, 20));
    }

    static long endOf(Node node) {
        Long ended = node.life().stopRequestedAt();
        return ended == null ? node.life().requestedAt() : ended;
    }
}
