package io.campanile.cli;

import io.campanile.cli.session.Machine;
import io.campanile.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A command as a process would run it, with streams and a home of the test's own; waiting takes no time. */
final class Cli {
    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Duration> waits = new ArrayList<>();
    private byte[] input = new byte[0];
    private Terminal.Shape shape = Terminal.Shape.NONE;
    private String hidden = "";
    private Predicate<URI> browser = page -> false;

    /** What came of it. */
    record Ended(int code, String out, String err) {}

    Cli(Path home) {
        this.home = home;
    }

    /** Signed in through the environment. */
    Cli at(PlayedServer server) {
        return with("CAMPANILE_HOST", server.url()).with("CAMPANILE_TOKEN", "dapi0123456789");
    }

    Cli with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Cli typing(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    Cli hiding(String text) {
        hidden = text;
        return this;
    }

    Cli onTerminal(int columns) {
        shape = new Terminal.Shape(true, true, true, columns);
        return this;
    }

    Cli browsing(Predicate<URI> opens) {
        browser = opens;
        return this;
    }

    List<Duration> waits() {
        return waits;
    }

    Ended run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input), outStream, errStream, shape, question -> hidden.toCharArray());
        Machine machine = new Machine(
                environment, home, Clock.fixed(NOW, ZoneOffset.UTC), waits::add, page -> browser.test(page));
        int code = new CommandTree(terminal, machine).run(arguments);
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
