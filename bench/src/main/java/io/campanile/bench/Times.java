package io.campanile.bench;

import java.util.ArrayList;
import java.util.List;

/** Measured times of one thing, in milliseconds unless said otherwise. */
final class Times {
    private final List<Double> values = new ArrayList<>();

    Times() {}

    static Times of(List<? extends Number> values) {
        Times times = new Times();
        values.forEach(value -> times.add(value.doubleValue()));
        return times;
    }

    void add(double value) {
        values.add(value);
    }

    void since(long nanoTime) {
        add(millis(nanoTime));
    }

    int count() {
        return values.size();
    }

    double p50() {
        return at(0.50);
    }

    double p95() {
        return at(0.95);
    }

    double p99() {
        return at(0.99);
    }

    double max() {
        return at(1);
    }

    /** The share of values above a limit, in percent. */
    double percentAbove(double limit) {
        return 100.0 * values.stream().filter(value -> value > limit).count() / Math.max(1, values.size());
    }

    private double at(double share) {
        if (values.isEmpty()) {
            throw new IllegalStateException("Nothing was measured");
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1.0, Math.floor(sorted.size() * share)));
    }

    static double millis(long sinceNanoTime) {
        return (System.nanoTime() - sinceNanoTime) / 1e6;
    }

    static double seconds(long sinceNanoTime) {
        return (System.nanoTime() - sinceNanoTime) / 1e9;
    }
}
