package io.campanile.cli.wire;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** How often and after what time a request is sent again: 1, 2, 4 s with jitter, unless the server says when. */
public final class Retries {
    static final int TRIES = 4;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Pause pause;
    private final Clock clock;
    private final DoubleSupplier random;

    /** Waits. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    public Retries(Pause pause, Clock clock, DoubleSupplier random) {
        this.pause = pause;
        this.clock = clock;
        this.random = random;
    }

    static boolean worthAnother(int status) {
        return status == 429 || status == 503;
    }

    /** The time to wait after try number {@code attempt}; empty when the server asks for more than a person waits. */
    Optional<Duration> wait(int attempt, HttpHeaders headers) {
        Optional<Duration> asked = headers.firstValue("Retry-After").flatMap(this::parse);
        if (asked.isPresent()) {
            return asked.filter(time -> time.compareTo(LONGEST) <= 0);
        }
        return Optional.of(backOff(attempt));
    }

    Duration backOff(int attempt) {
        double seconds = (1 << (attempt - 1)) * (0.75 + random.getAsDouble() / 2);
        return Duration.ofMillis((long) (seconds * 1000));
    }

    /** Waits as after that many failures in a row. */
    public void pauseAfter(int failures) {
        pause(backOff(failures));
    }

    /** Waits, which takes no time in tests. */
    public void pause(Duration time) {
        try {
            pause.of(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** Seconds or a date, as RFC 9110 allows. */
    private Optional<Duration> parse(String value) {
        if (value.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(clock.instant(), date);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
