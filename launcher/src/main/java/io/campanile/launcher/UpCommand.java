package io.campanile.launcher;

import io.campanile.clusters.provider.Isolation;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts an installation, or finds it running. */
@Command(name = "up", description = "Starts Campanile and prints the address; a second 'up' finds it running.")
final class UpCommand implements Callable<Integer> {
    private static final PrintStream OUT = System.out;
    private static final Duration DYING = Duration.ofSeconds(5);

    @Mixin
    CommonOptions common = new CommonOptions();

    @Option(
            names = "--port",
            description =
                    "Port of the page and the API (default: that of the last time, at first " + PagePort.USUAL + ").")
    @Nullable
    Integer port;

    @Option(names = "--detach", description = "Return as soon as it is ready; stop it later with 'down'.")
    boolean detach;

    @Option(
            names = "--processes",
            defaultValue = "single",
            description = "single: the control plane is one process; split: one process per service.")
    String processes = "single";

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!processes.equals("single") && !processes.equals("split")) {
            throw new LaunchException("--processes must be single or split, not '" + processes + "'.");
        }
        DataDir data = common.dataDir();
        PagePort page = PagePort.of(data, port);
        Optional<ProcessRow> running = supervisor(data);
        if (running.isPresent() && (StatusCommand.ready(data) || !ends(running.get(), DYING))) {
            OUT.println("Campanile is already running (process " + running.get().pid() + ").");
            printAddress(data);
            sayPortStays(data);
            return 0;
        }
        // Before anything is started: a wrong setting is said here, in one sentence.
        ServiceSettings.load(data);
        boolean ours = StateFile.read(data.stateFile()).stream()
                .anyMatch(row -> row.role().equals("gateway") && row.alive().isPresent());
        if (!ours && !Ports.free(page.port())) {
            throw new LaunchException("Port " + page.port() + " is busy; stop the program that has it or choose another"
                    + " port: ./campanile up --port " + (page.port() + 1));
        }
        page.note().ifPresent(OUT::println);
        return start(data, page.port());
    }

    /** The process that holds an installation together, while it lives. */
    static Optional<ProcessRow> supervisor(DataDir data) {
        return StateFile.read(data.stateFile()).stream()
                .filter(row -> row.role().equals("control-plane") || row.role().equals("launcher"))
                .filter(row -> row.alive().isPresent())
                .findFirst();
    }

    /** What was just killed may still be there for a moment, and is not what somebody who says 'up' wants to find. */
    static boolean ends(ProcessRow row, Duration limit) throws InterruptedException {
        Optional<ProcessHandle> process = row.alive();
        if (process.isEmpty()) {
            return true;
        }
        try {
            process.get().onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException stays) {
            return false;
        }
    }

    private int start(DataDir data, int page) throws IOException, InterruptedException {
        // A file of this 'up' alone: two at once must not read each other's steps.
        long self = ProcessHandle.current().pid();
        Path progress = data.progressFile(self);
        Files.deleteIfExists(progress);
        Path log = data.logs().resolve("control-plane.log");
        Process process = new ProcessBuilder(JavaCommand.of(
                        data,
                        common.home(),
                        processes.equals("split") ? "96m" : "640m",
                        List.of(
                                "serve",
                                "--data-dir",
                                data.root().toString(),
                                "--port",
                                Integer.toString(page),
                                "--processes",
                                processes,
                                "--progress-of",
                                Long.toString(self))))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        OUT.println("Starting Campanile in " + data.root());
        boolean ready = readAloud(progress, process);
        Files.deleteIfExists(progress);
        if (!ready) {
            OUT.println("The log is " + log + ".");
            return 1;
        }
        printAddress(data);
        return detach ? 0 : stay(process);
    }

    /** Prints the steps as they are written; true when everything is up, false when it failed. */
    private static boolean readAloud(Path progress, Process process) throws IOException, InterruptedException {
        int read = 0;
        while (true) {
            List<String> lines = Files.exists(progress) ? Files.readAllLines(progress) : List.of();
            for (; read < lines.size(); read++) {
                String line = lines.get(read);
                if (line.startsWith("READY ")) {
                    OUT.println("Ready in " + line.substring(6) + " s.");
                    return true;
                }
                if (line.startsWith("FAILED ")) {
                    System.err.println(line.substring(7));
                    return false;
                }
                OUT.println(line);
            }
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                boolean said =
                        Files.exists(progress) && Files.readString(progress).contains("FAILED ");
                if (!said) {
                    System.err.println("The control plane ended unexpectedly (exit code " + process.exitValue() + ").");
                    return false;
                }
            }
        }
    }

    /** Whoever asks a running installation for another port would else look for it there. */
    private void sayPortStays(DataDir data) throws IOException {
        Integer asked = port;
        if (asked != null && URI.create(FirstStart.Admin.of(data).url()).getPort() != asked) {
            System.err.println(
                    "It stays on its port; to move it: ./campanile down, then ./campanile up --port " + asked);
        }
    }

    private static void printAddress(DataDir data) throws IOException {
        FirstStart.Admin admin = FirstStart.Admin.of(data);
        OUT.println();
        OUT.println("  Address   " + admin.url());
        OUT.println("  User      " + admin.user());
        OUT.println("  Password  in " + data.adminFile() + " (only you can read it)");
        OUT.println();
        Isolation.noted(data.root()).ifPresent(note -> OUT.println("  " + note.says()));
    }

    /** In the foreground: Ctrl-C ends the control plane and the database; clusters go on until they are idle. */
    private static int stay(Process process) throws InterruptedException {
        OUT.println("  Press Ctrl-C to stop; clusters stay for the next 'up', './campanile down' stops them too.");
        Thread hook = new Thread(() -> end(process), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        int code = process.waitFor();
        if (code != 0 && code != 143) {
            System.err.println(
                    "The control plane ended unexpectedly (exit code " + code + "); './campanile up' starts it again.");
        }
        return code == 143 ? 0 : code;
    }

    private static void end(Process process) {
        process.destroy();
        try {
            process.onExit().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
