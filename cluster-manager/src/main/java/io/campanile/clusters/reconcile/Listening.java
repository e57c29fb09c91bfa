package io.campanile.clusters.reconcile;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Since when we hear nodes without a gap. Who is suspended, or has no database, hears nobody: that silence is not the
 * nodes'. Nor can times be compared across a clock that was set back.
 */
final class Listening {
    private final long longestGap;
    private long since;
    private @Nullable Long lastLook;

    Listening(Duration longestGap) {
        this.longestGap = longestGap.toMillis();
    }

    /** For a look at {@code now}. */
    long since(long now) {
        Long before = lastLook;
        if (before == null || now < before || now - before > longestGap) {
            since = now;
        }
        return since;
    }

    /** The look of {@code now} came to its end. */
    void looked(long now) {
        lastLook = now;
    }
}
