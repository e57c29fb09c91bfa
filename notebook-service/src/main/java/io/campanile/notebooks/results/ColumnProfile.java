package io.campanile.notebooks.results;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a column holds, at a glance. */
record ColumnProfile(
        String name,
        String type,
        long nulls,
        long distinctApprox,
        @Nullable Object min,
        @Nullable Object max,
        @Nullable Double mean,
        @Nullable List<Bin> histogram,
        @Nullable List<Top> top) {
    /** How many values lie in {@code from..to}; the last bin has its upper end. */
    record Bin(double from, double to, long count) {}

    record Top(@Nullable Object value, long count) {}
}
