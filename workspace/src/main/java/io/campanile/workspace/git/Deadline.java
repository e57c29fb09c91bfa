package io.campanile.workspace.git;

import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import java.time.Duration;

/** When an operation has to be done. */
final class Deadline {
    private final Duration whole;
    private final long end;

    Deadline(Duration whole) {
        this.whole = whole;
        this.end = System.nanoTime() + whole.toNanos();
    }

    boolean passed() {
        return System.nanoTime() - end > 0;
    }

    /** Throws when the time is over. */
    void check() {
        if (passed()) {
            throw over();
        }
    }

    ApiException over() {
        return new ApiException(
                ErrorCode.DEADLINE_EXCEEDED,
                "The git operation took longer than " + whole.toSeconds() + " seconds, and was given up");
    }

    /** Milliseconds left, at least one. */
    int millisLeft() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (end - System.nanoTime()) / 1_000_000));
    }
}
