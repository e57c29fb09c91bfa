package io.campanile.launcher;

import io.campanile.clusters.provider.Isolation;
import io.campanile.common.http.ServiceDirectory;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what runs and whether the installation is ready; exit code 0 only when it is. */
@Command(name = "status", description = "Shows the processes of the installation and whether it is ready.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        DataDir data = common.existing();
        List<ProcessRow> rows = StateFile.read(data.stateFile()).stream()
                .filter(row -> row.alive().isPresent())
                .toList();
        boolean ready = UpCommand.supervisor(data).isPresent() && ready(data);
        if (json) {
            System.out.println(Json.write(Map.of("ready", ready, "processes", rows, "isolation", isolation(data))));
            return ready ? 0 : 3;
        }
        System.out.println(headline(data, rows, ready));
        if (ready) {
            Isolation.noted(data.root()).ifPresent(note -> System.out.println("  " + note.says()));
        }
        for (ProcessRow row : rows) {
            System.out.printf(
                    "  %-18s pid %-8d %-11s since %s%n",
                    row.role(),
                    row.pid(),
                    row.port() == null ? "" : "port " + row.port(),
                    Instant.ofEpochMilli(row.started()));
        }
        return ready ? 0 : 3;
    }

    /** Of nodes, as the cluster manager found it at its last start; empty before the first. */
    private static String isolation(DataDir data) {
        return Isolation.noted(data.root()).map(Isolation.Note::isolation).orElse("");
    }

    private static String headline(DataDir data, List<ProcessRow> rows, boolean ready) {
        if (ready) {
            return "Campanile is ready.";
        }
        if (rows.isEmpty()) {
            return "Campanile is not running.";
        }
        return UpCommand.supervisor(data).isPresent()
                ? "Campanile is not ready."
                : "Campanile is not running; these stay for the next 'up', './campanile down' stops them:";
    }

    static boolean ready(DataDir data) {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(new ServiceDirectory(data.endpointsFile()).url("gateway") + "/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notAnswering) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
