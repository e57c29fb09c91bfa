package io.campanile.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final int RATE = 16 * 1024;

    private final Pace pace = new Pace(new Pace.Limits(Duration.ofSeconds(10), RATE));
    private long now;

    /** Looks every second; the second in which it was over, or {@code most}. */
    private int seconds(int most, int bytesPerSecond) {
        for (int i = 1; i <= most; i++) {
            pace.came(bytesPerSecond);
            now += TimeUnit.SECONDS.toNanos(1);
            if (pace.over(now)) {
                return i;
            }
        }
        return most;
    }

    @Test
    void whoSendsNothingHasItsPatience() {
        pace.waits(now);

        assertThat(seconds(100, 0)).isEqualTo(11);
    }

    @Test
    void whoTricklesHasLittleMore() {
        pace.waits(now);

        assertThat(seconds(100, 1)).isEqualTo(11);
    }

    @Test
    void whoSendsAtHalfThePaceHasTwiceTheTime() {
        pace.waits(now);

        assertThat(seconds(100, RATE / 2)).isEqualTo(21);
    }

    @Test
    void aSlowLineOverThePaceMayTakeDays() {
        pace.waits(now);

        assertThat(seconds(100_000, RATE + 1)).isEqualTo(100_000);
    }

    @Test
    void whatCameFastBuysNoLongerStandstill() {
        pace.waits(now);
        seconds(5, 100 * RATE);

        assertThat(seconds(100, 0)).isEqualTo(11);
    }

    @Test
    void aPauseOfLessIsForgottenOnceItGoesOn() {
        pace.waits(now);
        seconds(9, 0);
        seconds(9, 2 * RATE);

        assertThat(seconds(9, 0)).isEqualTo(9);
    }

    @Test
    void theTimeInWhichWeAskedToWaitIsNotTheClients() {
        pace.waits(now);
        seconds(5, 0);
        pace.holds(now);
        assertThat(seconds(1_000, 0)).isEqualTo(1_000);

        pace.waits(now);

        assertThat(seconds(100, 0)).isEqualTo(6);
    }

    @Test
    void neitherIsThatInWhichNobodyLooked() {
        pace.waits(now);

        now += TimeUnit.MINUTES.toNanos(1);

        assertThat(pace.over(now)).isFalse();
    }
}
