package io.campanile.launcher.large;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Java process of a test. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Child(String heap, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** What it says after {@code word}; then its output is let go by. */
    String[] said(String word) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(word + " ")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("The process ended before it said " + word);
        }
        Thread drain = new Thread(() -> out.lines().forEach(any -> {}));
        drain.setDaemon(true);
        drain.start();
        return line.split(" ");
    }

    boolean alive() {
        return process.isAlive();
    }

    int ended() throws Exception {
        out.lines().forEach(any -> {});
        return process.waitFor(180, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /** As {@code kill -9} does. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
