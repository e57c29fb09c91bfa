package io.campanile.identity.credentials;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How often a password may be tried: a few wrong ones per account and address a minute, and six times as many per
 * address over all accounts. In memory: a restart gives an attacker one more minute's worth, nothing else.
 */
public final class LoginLimits {
    private final LoadingCache<Key, Bucket> buckets;

    private record Key(String account, String address) {}

    public LoginLimits(int perMinute, Clock clock) {
        TimeMeter time = new ClockMeter(clock);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(100_000)
                .expireAfterAccess(Duration.ofMinutes(2))
                .build(key -> bucket(key.account().isEmpty() ? 6L * perMinute : perMinute, time));
    }

    /** Counts an attempt before the password is looked at, so that parallel guesses are counted too. */
    public void attempt(String account, String address) {
        take(new Key("", address));
        take(new Key(account, address));
    }

    /** A right password costs nothing. */
    public void forgive(String account, String address) {
        buckets.get(new Key("", address)).addTokens(1);
        buckets.get(new Key(account, address)).addTokens(1);
    }

    private void take(Key key) {
        ConsumptionProbe probe = buckets.get(key).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1);
            throw new ApiException(
                    ErrorCode.REQUEST_LIMIT_EXCEEDED,
                    "Too many sign-ins failed; try again in " + seconds + " seconds",
                    List.of(Map.of("retry_after_seconds", seconds)),
                    null);
        }
    }

    private static Bucket bucket(long perMinute, TimeMeter time) {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(perMinute)
                        .refillIntervally(perMinute, Duration.ofMinutes(1))
                        .build())
                .withCustomTimePrecision(time)
                .build();
    }

    private record ClockMeter(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(clock.millis());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
