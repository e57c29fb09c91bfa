package io.campanile.launcher;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.ServiceDirectory;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Split mode: every service a process of its own, adopted when it already runs, started again with back-off when it dies. */
final class ServiceProcesses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcesses.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final DataDir data;
    private final Path home;
    private final StateFile state;
    private final ServiceDirectory directory;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final Map<ServiceRole, ProcessRow> processes = new EnumMap<>(ServiceRole.class);
    private final Map<ServiceRole, Integer> failures = new EnumMap<>(ServiceRole.class);
    private final Map<ServiceRole, Long> notBefore = new EnumMap<>(ServiceRole.class);
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "services-watch");
        thread.setDaemon(true);
        return thread;
    });

    ServiceProcesses(DataDir data, Path home, StateFile state) {
        this.data = requireNonNull(data, "data");
        this.home = requireNonNull(home, "home");
        this.state = requireNonNull(state, "state");
        this.directory = new ServiceDirectory(data.endpointsFile());
    }

    /** Starts or adopts a service and waits until it answers. */
    void start(ServiceRole role) throws IOException {
        Optional<ProcessRow> known = remembered(data, role);
        if (known.isPresent() && Integer.valueOf(port(role)).equals(known.get().port())) {
            remember(role, known.get());
        } else {
            // One that listens elsewhere, as a gateway does after 'up' with another --port, is of no use any more.
            known.flatMap(ProcessRow::alive).ifPresent(ServiceProcesses::end);
            launch(role);
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (!live(role)) {
            if (System.nanoTime() > deadline || alive(role).isEmpty()) {
                throw new LaunchException("The service " + role.title() + " did not start; its log is "
                        + data.logs().resolve(role.title() + ".log") + ".");
            }
            pause();
        }
    }

    /** From now on, dead services come back. */
    void watch() {
        watch.scheduleWithFixedDelay(this::look, 500, 500, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        watch.shutdownNow();
        for (ServiceRole role : ServiceRole.lastFirst()) {
            alive(role).ifPresent(ServiceProcesses::end);
        }
    }

    private Optional<ProcessHandle> alive(ServiceRole role) {
        return Optional.ofNullable(processes.get(role)).flatMap(ProcessRow::alive);
    }

    private void look() {
        for (Map.Entry<ServiceRole, ProcessRow> entry : Map.copyOf(processes).entrySet()) {
            ServiceRole role = entry.getKey();
            if (entry.getValue().alive().isPresent()) {
                continue;
            }
            if (System.nanoTime() < notBefore.getOrDefault(role, Long.MIN_VALUE)) {
                continue;
            }
            int failed = failures.merge(role, 1, Integer::sum);
            long pause = Math.min(
                    LONGEST_PAUSE.toNanos(),
                    Duration.ofMillis(250L << Math.min(failed, 10)).toNanos());
            notBefore.put(role, System.nanoTime() + pause);
            LOG.atWarn()
                    .addKeyValue("service", role.title())
                    .addKeyValue("failures", failed)
                    .log("A service is gone; starting it again");
            try {
                launch(role);
            } catch (IOException | RuntimeException e) {
                LOG.atError()
                        .addKeyValue("service", role.title())
                        .setCause(e)
                        .log("A service could not be started again");
            }
        }
        forgiveThoseThatStayedUp();
        state.refresh();
    }

    /** A service that has run for a minute starts afresh in its back-off. */
    private void forgiveThoseThatStayedUp() {
        long now = System.currentTimeMillis();
        processes.forEach((role, row) -> {
            if (now - row.started() > 60_000 && row.alive().isPresent()) {
                failures.remove(role);
            }
        });
    }

    private void launch(ServiceRole role) throws IOException {
        Path log = data.logs().resolve(role.title() + ".log");
        Process process = new ProcessBuilder(JavaCommand.of(
                        data,
                        home,
                        "192m",
                        List.of(
                                "service",
                                role.title(),
                                "--data-dir",
                                data.root().toString())))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        remember(role, ProcessRow.of(role.title(), process.toHandle(), port(role)));
    }

    private int port(ServiceRole role) {
        return URI.create(directory.url(role.title())).getPort();
    }

    private void remember(ServiceRole role, ProcessRow row) throws IOException {
        processes.put(role, row);
        Files0600.writeJson(file(data, role), row);
        state.put(row);
    }

    /** The process of a service that an earlier start left running. */
    static Optional<ProcessRow> remembered(DataDir data, ServiceRole role) throws IOException {
        Path file = file(data, role);
        return Files.exists(file)
                ? Optional.of(Json.MAPPER.readValue(Files.readAllBytes(file), ProcessRow.class))
                        .filter(row -> row.alive().isPresent())
                : Optional.empty();
    }

    /** Ends what an earlier start in split mode left running: the services are to run elsewhere now. */
    static void endRemembered(DataDir data) throws IOException {
        for (ServiceRole role : ServiceRole.lastFirst()) {
            remembered(data, role).flatMap(ProcessRow::alive).ifPresent(ServiceProcesses::end);
            Files.deleteIfExists(file(data, role));
        }
    }

    private static Path file(DataDir data, ServiceRole role) {
        return data.run().resolve(role.title() + ".process.json");
    }

    private boolean live(ServiceRole role) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(directory.url(role.title()) + "/health/live"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("Interrupted while starting " + role.title() + ".", e);
        }
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("Interrupted while services were starting.", e);
        }
    }
}
