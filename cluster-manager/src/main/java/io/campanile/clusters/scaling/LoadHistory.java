package io.campanile.clusters.scaling;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The load of one cluster during as long as decisions look back. Not for several threads. */
public final class LoadHistory {
    /** Looks come more often while something is on its way; one a second says enough. */
    private static final long SPACING_MILLIS = 1_000;

    private final Deque<LoadSample> samples = new ArrayDeque<>();
    private final long span;

    public LoadHistory(ScalingRules rules) {
        requireNonNull(rules, "rules");
        this.span = Math.max(rules.backlog().toMillis(), rules.idle().toMillis());
    }

    /**
     * Keeps what was seen; a look right after the one before it takes its place. Where the clock went back, the times
     * of what was seen before say nothing any more.
     */
    public void add(LoadSample sample) {
        if (!samples.isEmpty() && sample.at() < samples.getLast().at()) {
            samples.clear();
        }
        LoadSample last = samples.peekLast();
        Iterator<LoadSample> fromLast = samples.descendingIterator();
        if (last != null && samples.size() > 1) {
            fromLast.next();
            if (sample.at() - fromLast.next().at() < SPACING_MILLIS) {
                samples.removeLast();
            }
        }
        samples.addLast(sample);
        // One that is older than the span stays: by it is known that the whole span was seen.
        while (samples.size() > 1 && second().at() <= sample.at() - span) {
            samples.removeFirst();
        }
    }

    private LoadSample second() {
        Iterator<LoadSample> all = samples.iterator();
        all.next();
        return all.next();
    }

    Optional<LoadSample> last() {
        return Optional.ofNullable(samples.peekLast());
    }

    /** What was seen in the last {@code millis}; empty when less than that is known. */
    List<LoadSample> during(long millis) {
        LoadSample first = samples.peekFirst();
        LoadSample last = samples.peekLast();
        if (first == null || last == null || last.at() - first.at() < millis) {
            return List.of();
        }
        return samples.stream()
                .filter(sample -> last.at() - sample.at() <= millis)
                .toList();
    }
}
