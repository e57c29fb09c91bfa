package io.campanile.gateway.proxy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a client keeps us waiting for what it sends. It has some patience of ours, which the waiting uses up and what
 * comes restores: a pause is nothing, and neither is a slow line, but a body that does not come must not hold its place.
 * The time in which we are asked to wait, by a service or a disk, is not the client's.
 */
public final class Pace {
    private final Limits limits;
    private long left;
    private long came;
    private long waited;
    private long since;
    private boolean waiting;

    /**
     * What is asked of a client.
     *
     * @param patience how long a body may stand still
     * @param rate bytes a second that cost no patience
     */
    public record Limits(Duration patience, long rate) {
        public Limits {
            requireNonNull(patience, "patience");
        }

        /** How often to look. */
        long lookMillis() {
            return Math.max(1, patience.toMillis() / 10);
        }
    }

    Pace(Limits limits) {
        this.limits = limits;
        this.left = limits.patience().toNanos();
    }

    /** From {@code now} on we wait for the client; {@code now} is {@link System#nanoTime}, here as below. */
    void waits(long now) {
        if (!waiting) {
            waiting = true;
            since = now;
        }
    }

    /** The client waits for us. */
    void holds(long now) {
        if (waiting) {
            waiting = false;
            waited += now - since;
        }
    }

    void came(int bytes) {
        came += bytes;
    }

    /** Whether the client has used up our patience; to be asked every {@link Limits#lookMillis()}. */
    boolean over(long now) {
        if (waiting) {
            waited += now - since;
            since = now;
        }
        // Of a longer time since the last look most was spent by this process, with something else.
        long counted = Math.min(waited, 2 * TimeUnit.MILLISECONDS.toNanos(limits.lookMillis()));
        long earned = (long) ((double) came / limits.rate() * TimeUnit.SECONDS.toNanos(1));
        left = Math.min(limits.patience().toNanos(), left + earned - counted);
        came = 0;
        waited = 0;
        return left < 0;
    }
}
