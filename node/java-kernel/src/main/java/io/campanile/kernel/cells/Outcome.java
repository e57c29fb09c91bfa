package io.campanile.kernel.cells;

import org.jspecify.annotations.Nullable;

/** How a cell ended well: with a value to show, or without one. */
public record Outcome(boolean hasValue, @Nullable Object value) {
    public static final Outcome NONE = new Outcome(false, null);
}
