package io.campanile.common.concurrent;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Lets little of some large work be done at a time: each keeps memory, a thread and a processor busy for seconds. */
public final class Turns {
    private final Places places;
    private final String busy;

    /** At most {@code most} at a time, and of one person half; others read {@code busy}. */
    public Turns(int most, String busy) {
        this.places = new Places(most);
        this.busy = requireNonNull(busy, "busy");
    }

    public <T> T take(Caller caller, Supplier<T> work) {
        if (!places.take(caller)) {
            throw new ApiException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE, busy, List.of(Map.of("retry_after_seconds", 2)), null);
        }
        try {
            return work.get();
        } finally {
            places.give(caller);
        }
    }
}
