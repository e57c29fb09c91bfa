package io.campanile.identity.sessions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long an account takes no more guesses. The wait doubles from half a minute to five, no further: a stranger must
 * not be able to keep somebody out for long, and not at all from an address they have signed in from.
 */
final class LockOut {
    private static final int FREE = 10;
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    /** Guesses this far apart are a forgetful person's. */
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    /** Names nobody has are locked as well: else the lock would say who exists. In memory, and bounded. */
    private final Cache<String, Failures> strangers =
            Caffeine.newBuilder().maximumSize(100_000).build();

    /** What has gone wrong with an account lately. */
    record Failures(
            int count, @Nullable Instant last, @Nullable Instant lockedUntil) {
        static final Failures NONE = new Failures(0, null, null);

        boolean lockedAt(Instant now) {
            return lockedUntil != null && lockedUntil.isAfter(now);
        }

        /** The same after one more. */
        Failures another(Instant now) {
            int total = last == null || last.plus(FORGOTTEN).isBefore(now) ? 1 : count + 1;
            if (total < FREE) {
                return new Failures(total, now, null);
            }
            Duration wait = FIRST.multipliedBy(1L << Math.min(10, total - FREE));
            return new Failures(total, now, now.plus(wait.compareTo(LONGEST) > 0 ? LONGEST : wait));
        }
    }

    void requireFree(String stranger, Instant now) {
        @Nullable Failures failures = strangers.getIfPresent(stranger);
        if (failures != null && failures.lockedAt(now)) {
            throw locked(failures, now);
        }
    }

    void failed(String stranger, Instant now) {
        strangers.asMap().compute(stranger, (name, known) -> (known == null ? Failures.NONE : known).another(now));
    }

    static ApiException locked(Failures failures, Instant now) {
        Instant until = failures.lockedUntil() == null ? now : failures.lockedUntil();
        long seconds = Math.max(1, (Duration.between(now, until).toMillis() + 999) / 1000);
        return new ApiException(
                ErrorCode.REQUEST_LIMIT_EXCEEDED,
                "Too many wrong passwords for this account; try again in " + seconds + " seconds",
                List.of(Map.of("retry_after_seconds", seconds, "account_locked", true)),
                null);
    }
}
