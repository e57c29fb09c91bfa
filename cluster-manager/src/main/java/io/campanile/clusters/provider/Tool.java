package io.campanile.clusters.provider;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the system that is run to its end, with its arguments as a list: no shell reads them. */
final class Tool {
    private static final long PATIENCE_SECONDS = 10;

    private Tool() {}

    /** {@link IOException} with what it said when it cannot be started, fails or does not end. */
    static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .start();
        try (var output = process.getInputStream()) {
            // They say little: all of it fits into the pipe.
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(command.get(0) + " did not end in " + PATIENCE_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                String said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
                throw new IOException(said.isEmpty() ? command.get(0) + " ended with " + process.exitValue() : said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command.get(0) + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
