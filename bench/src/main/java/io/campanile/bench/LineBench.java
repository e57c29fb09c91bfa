package io.campanile.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Installation;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.Person;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The vertical line in figures: control plane ready, memory at rest, first Spark result from a cold and a warm node, a
 * warm {@code 1+1}. Each figure stands beside its budget. Argument: an empty folder to work in (default: a temporary one).
 */
public final class LineBench {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int ROUNDS = 100;

    private LineBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("campanile-bench");
        long began = System.nanoTime();
        Installation installation = Installation.start(folder);
        row("first start: control plane ready", seconds(began), "s", "");
        try {
            Installation.run("down", "--data-dir", folder.toString());
            began = System.nanoTime();
            installation.up();
            row("later start: control plane ready", seconds(began), "s", "<= 15");
            measureCells(installation);
        } finally {
            installation.close();
        }
    }

    private static void measureCells(Installation installation) throws Exception {
        Person person = Person.signIn(installation);
        row(
                "memory at rest: control plane + PostgreSQL",
                residentMegabytes(installation, "control-plane") + residentMegabytes(installation, "postgres"),
                "MB",
                "<= 500");
        long notebook = person.newNotebook("/Shared/bench");
        try (NotebookSocket socket = person.open(notebook)) {
            long click = System.nanoTime();
            JsonNode first = socket.ended(socket.run(socket.insertCell("JAVA", "spark.range(10).count()")), LIMIT);
            row(
                    "first Spark result, cold cluster (" + first.path("state").asText() + ")",
                    seconds(click),
                    "s",
                    "<= 20");
            warm(socket);
        }
        TimeUnit.SECONDS.sleep(45); // the pool refills
        Installation.run("status", "--data-dir", installation.dataDir().toString());
        person.sdk()
                .clusters()
                .list(new com.databricks.sdk.service.compute.ListClustersRequest())
                .forEach(cluster -> person.sdk().clusters().delete(cluster.getClusterId()));
        TimeUnit.SECONDS.sleep(20);
        try (NotebookSocket socket = person.open(person.newNotebook("/Shared/bench-warm"))) {
            String cell = socket.insertCell("JAVA", "spark.range(10).count()");
            long click = System.nanoTime();
            JsonNode run = socket.ended(socket.run(cell), LIMIT);
            row("first Spark result, warm pool (" + run.path("state").asText() + ")", seconds(click), "s", "<= 1.5");
        }
    }

    private static void warm(NotebookSocket socket) throws Exception {
        String cell = socket.insertCell("JAVA", "1+1");
        double[] times = new double[ROUNDS];
        for (int round = -20; round < ROUNDS; round++) {
            long click = System.nanoTime();
            socket.ended(socket.run(cell), LIMIT);
            if (round >= 0) {
                times[round] = seconds(click) * 1000;
            }
        }
        Arrays.sort(times);
        row("warm 1+1 through /ws/v1, p50 of " + ROUNDS, times[ROUNDS / 2], "ms", "<= 60");
        row("warm 1+1 through /ws/v1, p95 of " + ROUNDS, times[ROUNDS * 95 / 100], "ms", "");
    }

    /** Resident memory of a role's processes and their children, in MB; shared pages of PostgreSQL count once per process. */
    private static double residentMegabytes(Installation installation, String role) throws IOException {
        double sum = 0;
        for (ProcessHandle process : installation.processes(role)) {
            sum += resident(process);
            for (ProcessHandle child : process.descendants().toList()) {
                sum += resident(child);
            }
        }
        return sum;
    }

    private static double resident(ProcessHandle process) throws IOException {
        Path file = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
        if (!Files.exists(file)) {
            return 0;
        }
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("Pss:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        return 0;
    }

    private static void row(String what, double value, String unit, String budget) {
        System.out.printf("%-52s %9.1f %-3s %s%n", what, value, unit, budget);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
