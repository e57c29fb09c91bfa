package io.campanile.launcher;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.InternalClient;
import io.campanile.common.http.ServiceDirectory;
import io.campanile.launcher.postgres.PostgresSupervisor;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops an installation: clusters first, then the services, last the database. */
@Command(name = "down", description = "Stops Campanile and its clusters.")
final class DownCommand implements Callable<Integer> {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Option(names = "--keep-clusters", description = "Leave clusters running; the next 'up' finds them again.")
    boolean keepClusters;

    @Override
    public Integer call() throws IOException {
        DataDir data = common.existing();
        List<ProcessRow> rows = StateFile.read(data.stateFile());
        boolean anything = rows.stream().anyMatch(row -> row.alive().isPresent());
        if (!keepClusters) {
            stopClusters(data);
        }
        for (String role : List.of(
                "launcher",
                "control-plane",
                "gateway",
                "notebook-service",
                "cluster-manager",
                "workspace",
                "identity")) {
            rows.stream().filter(row -> row.role().equals(role)).forEach(DownCommand::end);
        }
        if (PostgresSupervisor.exists(data)) {
            PostgresSupervisor.existing(data).stop();
        }
        if (!keepClusters) {
            endWhatIsLeft(data);
        }
        System.out.println(anything ? "Campanile is stopped." : "Campanile was not running.");
        return 0;
    }

    private static void stopClusters(DataDir data) {
        if (UpCommand.supervisor(data).isEmpty()) {
            return;
        }
        InternalClient clusters = new InternalClient(
                new ServiceDirectory(data.endpointsFile()),
                new InternalTokens(data.internalKey(), Clock.systemUTC()),
                "cluster-manager");
        try {
            clusters.post(
                    Caller.service("launcher", 0, UUID.randomUUID().toString()),
                    "/internal/clusters/stop-all",
                    Map.of(),
                    Map.class);
        } catch (ApiException e) {
            System.err.println(
                    "The clusters could not be stopped in order (" + e.getMessage() + "); ending their processes.");
        }
    }

    /** Node processes that did not go with their cluster-manager: agents first, their children follow them. */
    private static void endWhatIsLeft(DataDir data) {
        List<ProcessRow> nodes = StateFile.read(data.run().resolve("nodes.json"));
        nodes.stream().filter(row -> row.role().equals("agent")).forEach(DownCommand::end);
        nodes.forEach(DownCommand::end);
    }

    private static void end(ProcessRow row) {
        row.alive().ifPresent(process -> {
            process.destroy();
            try {
                process.onExit().get(15, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
