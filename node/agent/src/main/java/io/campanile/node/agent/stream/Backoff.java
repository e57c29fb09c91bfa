package io.campanile.node.agent.stream;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits between attempts: 0.2 s doubling to 5 s, each drawn from its upper half so that nodes do not come in step. */
public final class Backoff {
    private static final long FIRST = 200;
    private static final long LAST = 5_000;
    private long ceiling = FIRST;

    public Duration next() {
        long wait = ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1);
        ceiling = Math.min(LAST, ceiling * 2);
        return Duration.ofMillis(wait);
    }

    public void reset() {
        ceiling = FIRST;
    }
}
