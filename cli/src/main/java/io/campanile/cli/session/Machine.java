package io.campanile.cli.session;

import static java.util.Objects.requireNonNull;

import io.campanile.cli.wire.Retries;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Predicate;

/** What a command sees of the computer it runs on; {@code browser} opens a page and says whether it could. */
public record Machine(
        Map<String, String> environment, Path home, Clock clock, Retries.Pause pause, Predicate<URI> browser) {
    public Machine {
        environment = Map.copyOf(environment);
        requireNonNull(home, "home");
        requireNonNull(clock, "clock");
        requireNonNull(pause, "pause");
        requireNonNull(browser, "browser");
    }
}
