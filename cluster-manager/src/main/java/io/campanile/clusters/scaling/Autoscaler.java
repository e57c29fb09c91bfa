package io.campanile.clusters.scaling;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Decides how many workers a cluster is to have.
 *
 * <p>Up: when tasks have waited for a while, to what would run all of them at once, at most doubling, so that work that
 * is over before a worker has started does not cost many. Down: only by executors that were idle for long, while the
 * size had not changed for as long, and never below what any moment of that time needed.
 */
public final class Autoscaler {
    private final ScalingRules rules;

    public Autoscaler(ScalingRules rules) {
        this.rules = requireNonNull(rules, "rules");
    }

    /** Between these numbers, both included. */
    public record Bounds(int min, int max) {}

    /**
     * Another number of workers, and what decided.
     *
     * @param needed workers that would have run all tasks at once, through the time that was looked at
     * @param seen the last look
     */
    public record Decision(int target, int needed, LoadSample seen) {}

    /** Empty for "leave it". The history's last sample is of now. */
    public Optional<Decision> decide(LoadHistory history, Bounds bounds, int coresPerWorker) {
        LoadSample now = history.last().orElse(null);
        if (now == null) {
            return Optional.empty();
        }
        int kept = Math.max(bounds.min(), Math.min(bounds.max(), now.target()));
        if (kept != now.target()) {
            return Optional.of(new Decision(kept, now.needed(coresPerWorker), now));
        }
        return more(history, bounds, coresPerWorker, now).or(() -> fewer(history, bounds, coresPerWorker, now));
    }

    private Optional<Decision> more(LoadHistory history, Bounds bounds, int coresPerWorker, LoadSample now) {
        List<LoadSample> lately = history.during(rules.backlog().toMillis());
        int needed = lately.stream()
                .mapToInt(sample -> sample.pendingTasks() == 0 ? 0 : sample.needed(coresPerWorker))
                .min()
                .orElse(0);
        // Before the last step is done nobody knows what it will do.
        boolean stepDone = lately.stream().allMatch(sample -> sample.target() == now.target());
        int next = Math.min(bounds.max(), Math.min(needed, Math.max(now.target() + 2, 2 * now.target())));
        return stepDone && next > now.target() ? Optional.of(new Decision(next, needed, now)) : Optional.empty();
    }

    private Optional<Decision> fewer(LoadHistory history, Bounds bounds, int coresPerWorker, LoadSample now) {
        List<LoadSample> lately = history.during(rules.idle().toMillis());
        boolean steady = !lately.isEmpty() && lately.stream().allMatch(sample -> sample.target() == now.target());
        if (!steady || now.pendingTasks() > 0 || now.idle() == 0) {
            return Optional.empty();
        }
        int needed = lately.stream()
                .mapToInt(sample -> sample.needed(coresPerWorker))
                .max()
                .orElse(0);
        // Workers that could not be had are nobody's to give back.
        int there = Math.min(now.target(), now.executors());
        int next = Math.max(bounds.min(), Math.max(needed, there - now.idle()));
        return next < now.target() ? Optional.of(new Decision(next, needed, now)) : Optional.empty();
    }
}
