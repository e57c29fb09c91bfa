package io.campanile.workspace.git;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The time an operation may take, and the bytes it may be sent by git servers, all of them together. */
final class Allowance {
    private final Duration whole;
    private final long end;
    private final long bytes;
    private final AtomicLong received;

    Allowance(Duration whole, long bytes) {
        this(whole, System.nanoTime() + whole.toNanos(), bytes, new AtomicLong());
    }

    private Allowance(Duration whole, long end, long bytes, AtomicLong received) {
        this.whole = whole;
        this.end = end;
        this.bytes = bytes;
        this.received = received;
    }

    /** Half of the time that is left, and the same bytes: for what the operation can end well without. */
    Allowance half() {
        long now = System.nanoTime();
        long left = Math.max(0, (end - now) / 2);
        return new Allowance(Duration.ofNanos(left), now + left, bytes, received);
    }

    /** Counts what came; false when it is more than may come. */
    boolean receive(int more) {
        return received.addAndGet(more) <= bytes;
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
