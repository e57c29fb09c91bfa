package io.campanile.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.acceptance.Installation;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.Person;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The vertical line in figures: control plane ready, memory at rest, first Spark result from a cold and a warm node, and a
 * warm {@code 1+1} beside the kernel alone and beside stock Jupyter.
 */
final class LineBench {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Map<String, String> NO_POOL = Map.of("CAMPANILE_CLUSTER_MANAGER_WARM_POOL", "0");
    private static final Map<String, String> POOL_OF_ONE = Map.of("CAMPANILE_CLUSTER_MANAGER_WARM_POOL", "1");
    private static final Set<String> CONTROL = Set.of("control-plane", "postgres");
    private static final Set<String> NODE = Set.of("agent", "driver", "kernel");
    private static final String SPARK = "spark.range(10).count()";
    private static final int TIMES = 3;

    private final Path folder;
    private final Figures figures;

    LineBench(Path folder, Figures figures) {
        this.folder = folder;
        this.figures = figures;
    }

    void run() throws Exception {
        figures.title("The line from the click to the result");
        Installation cold = Installation.at(folder.resolve("data"), NO_POOL);
        long began = System.nanoTime();
        cold.up();
        figures.row("first start (makes the database): control plane ready", Times.seconds(began), "s");
        try {
            cold.close();
            began = System.nanoTime();
            cold.up();
            figures.row("later start: control plane ready", Times.seconds(began), "s", 15);
            memory(cold, "at rest, before any use: control plane + PostgreSQL");
            coldStarts(cold);
            cold.close();
            Installation pooled = cold.with(POOL_OF_ONE);
            pooled.up();
            warmStarts(pooled);
        } finally {
            cold.close();
        }
    }

    private void memory(Installation installation, String when) throws Exception {
        Processes processes = new Processes(installation);
        processes.awaitRest(CONTROL, LIMIT);
        figures.row("memory " + when, processes.megabytes(CONTROL), "MB", 500);
    }

    private void coldStarts(Installation installation) throws Exception {
        Person person = Person.signIn(installation);
        Times times = new Times();
        for (int round = 0; round < TIMES; round++) {
            new Cluster(person).off();
            try (NotebookSocket socket = person.open(person.newNotebook("/Shared/cold-" + round))) {
                times.add(firstResult(socket) / 1000);
                if (round == TIMES - 1) {
                    figures.row("first Spark result, cold cluster, no pool: p50 of " + TIMES, times.p50(), "s", 20);
                    figures.row("first Spark result, cold cluster, no pool: worst", times.max(), "s", 20);
                    Processes processes = new Processes(installation);
                    figures.row("memory of the node (agent, driver, kernels)", processes.megabytes(NODE), "MB");
                    processes.awaitRest(NODE, LIMIT);
                    new WarmCell(socket, folder, figures).measure();
                }
            }
        }
        memory(installation, "at rest, after these runs: control plane + PostgreSQL");
    }

    private void warmStarts(Installation installation) throws Exception {
        Person person = Person.signIn(installation);
        Cluster cluster = new Cluster(person);
        Times first = new Times();
        Times accepted = new Times();
        Times refilled = new Times();
        for (int round = 0; round < TIMES; round++) {
            long waiting = System.nanoTime();
            cluster.off();
            cluster.awaitParked(1);
            refilled.add(Times.seconds(waiting));
            new Processes(installation).awaitRest(NODE, LIMIT);
            try (NotebookSocket socket = person.open(person.newNotebook("/Shared/warm-" + round))) {
                String cell = socket.insertCell("JAVA", SPARK);
                long click = System.nanoTime();
                long run = socket.run(cell);
                socket.awaitRun(run, state -> !state.matches("queued|starting"), LIMIT);
                accepted.add(Times.seconds(click));
                succeeded(socket.ended(run, LIMIT));
                first.add(Times.seconds(click));
            }
        }
        figures.row("first Spark result, pool of one: p50 of " + TIMES, first.p50(), "s", 1.5);
        figures.row("first Spark result, pool of one: worst", first.max(), "s", 1.5);
        figures.row("  of which until the kernel has the cell: p50", accepted.p50(), "s");
        figures.row("pool parked again after the cluster was taken: worst", refilled.max(), "s");
    }

    /** Milliseconds from the click on a new cell to its result. */
    private static double firstResult(NotebookSocket socket) throws Exception {
        String cell = socket.insertCell("JAVA", SPARK);
        long click = System.nanoTime();
        succeeded(socket.ended(socket.run(cell), LIMIT));
        return Times.millis(click);
    }

    static void succeeded(JsonNode run) {
        if (!run.path("state").asText().equals("ok")) {
            throw new IllegalStateException("A measured cell failed: " + run);
        }
    }
}
