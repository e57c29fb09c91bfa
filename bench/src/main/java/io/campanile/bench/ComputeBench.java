package io.campanile.bench;

import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.ResizeCluster;
import com.databricks.sdk.service.compute.State;
import io.campanile.acceptance.Installation;
import io.campanile.acceptance.NotebookSocket;
import io.campanile.acceptance.Person;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clusters beside the same Spark started by hand: coming up, taken from the pool, one worker more, a query. */
final class ComputeBench {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Set<String> CONTROL = Set.of("control-plane", "postgres");
    private static final Set<String> NODE = Set.of("agent", "driver", "kernel");
    private static final int HEAP_MB = 1024;
    private static final int COLD = 3;
    private static final int QUERIES = 7;
    private static final String SMALL = "select count(*) from range(10)";
    private static final String LARGE = "select count(*), sum(n) from (select id % 1000 as k, count(*) as n"
            + " from range(0, 400000000, 1, 8) group by id % 1000)";

    private final Path folder;
    private final Figures figures;
    private final int attaches;

    ComputeBench(Path folder, Figures figures, int attaches) {
        this.folder = folder;
        this.figures = figures;
        this.attaches = attaches;
    }

    void run() throws Exception {
        Path runtime =
                Path.of(System.getProperty("campanile.script")).resolveSibling("launcher/target/dist/runtimes/4.0.1");
        SparkPeer.Home home = SparkPeer.Home.prepare(runtime, Files.createDirectories(folder.resolve("spark")));
        figures.title("Clusters beside Spark by hand");
        Installation installation = Installation.at(folder.resolve("data"), pool(0));
        installation.up();
        try {
            Person person = Person.signIn(installation);
            cold(person, installation, home);
            queries(person, home);
            workers(person, home);
            installation.close();
            Installation pooled = installation.with(pool(1));
            pooled.up();
            warm(Person.signIn(pooled), pooled);
        } finally {
            installation.close();
        }
    }

    private static Map<String, String> pool(int nodes) {
        return Map.of("CAMPANILE_CLUSTER_MANAGER_WARM_POOL", Integer.toString(nodes));
    }

    private void cold(Person person, Installation installation, SparkPeer.Home home) throws Exception {
        Times ours = new Times();
        Times session = new Times();
        Times result = new Times();
        for (int round = -1; round < COLD; round++) {
            long began = System.nanoTime();
            try (SparkPeer spark = SparkPeer.application(home, "local[*]", HEAP_MB)) {
                spark.await("session");
                keep(round, session, began);
                spark.query(SMALL);
                keep(round, result, began);
            }
            new Processes(installation).awaitRest(CONTROL, LIMIT);
            began = System.nanoTime();
            String cluster = create(person, "cold-" + round, 0);
            awaitRunning(person, cluster);
            keep(round, ours, began);
            end(person, cluster);
        }
        figures.row("bare Spark: JVM started until it has a session: p50 of " + COLD, session.p50(), "s");
        figures.row("bare Spark: until its first count: p50", result.p50(), "s");
        figures.row("cluster without a pool: created until it runs: p50", ours.p50(), "s");
        figures.row("cluster : bare Spark's first count", ours.p50() / result.p50(), "x");
        figures.row("cluster : bare Spark's session", ours.p50() / session.p50(), "x", 1.3);
    }

    private static void keep(int round, Times times, long began) {
        if (round >= 0) {
            times.add(Times.seconds(began));
        }
    }

    private void queries(Person person, SparkPeer.Home home) throws Exception {
        String cluster = create(person, "queries", 0);
        awaitRunning(person, cluster);
        long notebook = person.newNotebook("/Shared/queries");
        try (NotebookSocket socket = person.open(notebook);
                SparkPeer spark = SparkPeer.application(home, "local[*]", HEAP_MB)) {
            socket.send(socket.frame("attach").put("cluster_id", cluster));
            socket.await(frame -> cluster.equals(frame.at("/compute/cluster_id").asText()), LIMIT);
            spark.await("session");
            String cell = socket.insertCell("JAVA", "spark.sql(\"" + LARGE + "\").collectAsList()");
            Times ours = new Times();
            Times bare = new Times();
            for (int round = -2; round < QUERIES; round++) {
                long began = System.nanoTime();
                spark.query(LARGE);
                keep(round, bare, began);
                began = System.nanoTime();
                LineBench.succeeded(socket.ended(socket.run(cell), LIMIT));
                keep(round, ours, began);
            }
            figures.row("a query of two stages in bare Spark: p50 of " + QUERIES, bare.p50(), "s");
            figures.row("the same in a cell: p50", ours.p50(), "s");
            figures.row("cell : bare Spark", ours.p50() / bare.p50(), "x", 1.02);
        }
        end(person, cluster);
    }

    private void workers(Person person, SparkPeer.Home home) throws Exception {
        double ours = ourWorker(person);
        double byHand;
        int port = freePort();
        String address = "spark://127.0.0.1:" + port;
        try (SparkPeer master = SparkPeer.master(home, port);
                SparkPeer first = SparkPeer.worker(home, address);
                SparkPeer application = SparkPeer.application(home, address, HEAP_MB)) {
            application.await("session");
            application.query(SMALL);
            long began = System.nanoTime();
            try (SparkPeer second = SparkPeer.worker(home, address)) {
                application.await("executor");
                byHand = Times.seconds(began);
            }
        }
        figures.row("standalone Worker by hand: started until its executor is registered", byHand, "s");
        figures.row("one worker more: asked for until its executor is registered", ours, "s");
        figures.row("one worker more : Worker by hand", ours / byHand, "x", 1.2);
    }

    private static double ourWorker(Person person) throws Exception {
        String cluster = create(person, "workers", 1);
        awaitRunning(person, cluster);
        awaitExecutors(person, cluster, 1);
        long began = System.nanoTime();
        person.sdk().clusters().resize(new ResizeCluster().setClusterId(cluster).setNumWorkers(2L));
        awaitExecutors(person, cluster, 2);
        double took = Times.seconds(began);
        end(person, cluster);
        return took;
    }

    private void warm(Person person, Installation installation) throws Exception {
        Times times = new Times();
        for (int round = -1; round < attaches; round++) {
            new Cluster(person).awaitParked(1);
            new Processes(installation).awaitRest(NODE, LIMIT);
            long began = System.nanoTime();
            String cluster = create(person, "warm-" + round, 0);
            awaitRunning(person, cluster);
            keep(round, times, began);
            end(person, cluster);
        }
        figures.row("a parked node: created until it runs: p50 of " + attaches, times.p50(), "s", 1);
        figures.row("a parked node: created until it runs: worst", times.max(), "s", 3);
    }

    private static String create(Person person, String name, long workers) {
        return person.sdk()
                .clusters()
                .create(new CreateCluster()
                        .setClusterName(name)
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small")
                        .setNumWorkers(workers))
                .getResponse()
                .getClusterId();
    }

    private static void awaitRunning(Person person, String cluster) throws Exception {
        until(cluster + " runs", () -> cluster(person, cluster).getState() == State.RUNNING);
    }

    private static void awaitExecutors(Person person, String cluster, int count) throws Exception {
        until(cluster + " has " + count + " executors", () -> executors(cluster(person, cluster)) == count);
    }

    private static ClusterDetails cluster(Person person, String cluster) {
        return person.sdk().clusters().get(cluster);
    }

    private static int executors(ClusterDetails cluster) {
        return cluster.getExecutors() == null ? 0 : cluster.getExecutors().size();
    }

    private static void end(Person person, String cluster) throws Exception {
        person.sdk().clusters().delete(cluster);
        until(cluster + " ends", () -> cluster(person, cluster).getState() == State.TERMINATED);
        person.sdk().clusters().permanentDelete(cluster);
    }

    /** Looks twenty times a second: a part of what is measured here is a second or less. */
    private static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("Not within " + LIMIT.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
