package io.campanile.common.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that a test moves. */
public final class SettableClock extends Clock {
    private final Clock base;
    private volatile Duration ahead = Duration.ZERO;

    private SettableClock(Clock base) {
        this.base = base;
    }

    /** Stands at the present time until it is moved. */
    public SettableClock() {
        this(Instant.now());
    }

    /** Stands at {@code start} until it is moved. */
    public SettableClock(Instant start) {
        this(Clock.fixed(start, ZoneOffset.UTC));
    }

    /** Goes on by itself, for what waits by other clocks as well. */
    public static SettableClock running() {
        return new SettableClock(Clock.systemUTC());
    }

    public void advance(Duration by) {
        ahead = ahead.plus(by);
    }

    @Override
    public Instant instant() {
        return base.instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("This clock is always UTC");
    }
}
