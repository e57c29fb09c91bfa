package io.campanile.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** The steps of a start, one line each, in a file that the waiting {@code up} reads aloud. */
final class Progress {
    private final Path file;
    private final long began = System.nanoTime();
    private long step = System.nanoTime();

    Progress(Path file) throws IOException {
        this.file = file;
        Files.deleteIfExists(file);
    }

    /** A step has ended; its time is added. */
    void done(String what) {
        line(String.format("  %-44s %5.1f s", what, seconds(step)));
        step = System.nanoTime();
    }

    /** Everything is up. */
    void ready() {
        line(String.format("READY %.1f", seconds(began)));
    }

    /** The start has failed for a reason the person can mend. */
    void failed(String why) {
        line("FAILED " + why);
    }

    private void line(String text) {
        try {
            Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double seconds(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0;
    }
}
