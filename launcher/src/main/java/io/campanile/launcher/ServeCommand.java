package io.campanile.launcher;

import io.campanile.launcher.postgres.PostgresServer;
import io.campanile.launcher.postgres.PostgresSupervisor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The long-running process behind {@code up}: the supervisor, and in single mode the control plane itself. */
@Command(name = "serve", hidden = true, description = "Runs the control plane in this process.")
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Mixin
    CommonOptions common = new CommonOptions();

    @Option(names = "--port", defaultValue = "8700")
    int port;

    @Option(names = "--processes", defaultValue = "single")
    String processes = "single";

    @Option(names = "--progress-of", paramLabel = "PID", description = "The 'up' that waits for this start.")
    long progressOf;

    @Override
    public Integer call() throws IOException {
        DataDir data = common.dataDir();
        Progress progress = new Progress(data.progressFile(progressOf));
        try (FileChannel channel = FileChannel.open(
                        data.run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new LaunchException("The data folder " + data.root()
                        + " is in use by another Campanile; stop it with './campanile down --data-dir " + data.root()
                        + "' or choose another folder with --data-dir.");
            }
            serve(data, progress);
            return 0;
        } catch (LaunchException e) {
            progress.failed(String.valueOf(e.getMessage()));
            LOG.atError().setCause(e).log("The start failed");
            return 1;
        }
    }

    private void serve(DataDir data, Progress progress) throws IOException {
        StateFile state = new StateFile(data);
        Path home = common.home();
        Ports ports = Ports.open(data);
        boolean databaseUp = PostgresSupervisor.exists(data)
                && PostgresSupervisor.existing(data).process().isPresent();
        int databasePort = ports.of("postgres", databaseUp);
        CountDownLatch stopped = new CountDownLatch(1);
        try (PostgresSupervisor database = PostgresSupervisor.start(
                data, ServiceRole.withSchema(), databasePort, server -> announce(state, server))) {
            progress.done("PostgreSQL");
            if (!processes.equals("split")) {
                ServiceProcesses.endRemembered(data);
            }
            announceEndpoints(data, ports);
            try (AutoCloseable services = startServices(data, home, state, database.server(), progress)) {
                FirstStart.Admin admin = new FirstStart(data).run("http://localhost:" + port);
                LOG.atInfo()
                        .addKeyValue("url", admin.url())
                        .addKeyValue("services", services)
                        .log("Campanile is ready");
                ScheduledExecutorService refresh = refreshing(state);
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(() -> end(stopped, services, refresh, database), "shutdown"));
                progress.ready();
                stopped.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (LaunchException | IOException e) {
            throw e;
        } catch (Exception e) {
            throw new LaunchException("The control plane stopped: " + e.getMessage(), e);
        }
    }

    private AutoCloseable startServices(
            DataDir data, Path home, StateFile state, PostgresServer database, Progress progress) throws IOException {
        if (processes.equals("split")) {
            return startProcesses(data, home, state, progress);
        }
        ServiceRuntime runtime = new ServiceRuntime(data, home, database);
        for (ServiceRole role : ServiceRole.values()) {
            runtime.start(role);
            progress.done(role.title());
        }
        state.put(ProcessRow.of("control-plane", ProcessHandle.current(), port));
        return runtime;
    }

    private static ServiceProcesses startProcesses(DataDir data, Path home, StateFile state, Progress progress)
            throws IOException {
        ServiceProcesses split = new ServiceProcesses(data, home, state);
        try {
            state.put(ProcessRow.of("launcher", ProcessHandle.current(), null));
            for (ServiceRole role : ServiceRole.values()) {
                split.start(role);
                progress.done(role.title());
            }
        } catch (IOException | RuntimeException e) {
            split.close();
            throw e;
        }
        split.watch();
        return split;
    }

    private void announceEndpoints(DataDir data, Ports ports) throws IOException {
        Map<String, String> endpoints = new LinkedHashMap<>();
        for (ServiceRole role : ServiceRole.values()) {
            int chosen = role == ServiceRole.GATEWAY ? port : ports.of(role.title(), held(data, role));
            endpoints.put(role.title(), "http://127.0.0.1:" + chosen);
        }
        Files0600.writeJson(data.endpointsFile(), endpoints);
    }

    /** Whether a service of ours from an earlier start still listens (split mode). */
    private static boolean held(DataDir data, ServiceRole role) throws IOException {
        return ServiceProcesses.remembered(data, role).isPresent();
    }

    private static void announce(StateFile state, PostgresServer server) {
        server.process().ifPresent(process -> state.put(ProcessRow.of("postgres", process, server.port())));
    }

    private static ScheduledExecutorService refreshing(StateFile state) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "state-file");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(state::refresh, 500, 500, TimeUnit.MILLISECONDS);
        return timer;
    }

    /** An orderly end, on SIGTERM: services first, then the database they wrote to. */
    private static void end(
            CountDownLatch stopped,
            AutoCloseable services,
            ScheduledExecutorService refresh,
            PostgresSupervisor database) {
        refresh.shutdownNow();
        try {
            services.close();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).log("A service did not close cleanly");
        }
        database.close();
        database.server().stop();
        stopped.countDown();
    }
}
