package io.campanile.clusters.reconcile;

import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.ListClustersRequest;
import io.campanile.clusters.provider.NodeRequest;
import io.campanile.clusters.testing.FakeProvider;
import io.campanile.clusters.testing.TestManager;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Secret;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.json.Json;
import io.campanile.common.testing.TestEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster manager alone in a process, so that what it takes can be told from what its nodes take, and that it can be
 * killed. It prints each node that its provider is asked for, and obeys lines: first {@code known ID DEPLOYMENT} for
 * each node that there is and {@code go}, then {@code create N WORKERS} and {@code states}, until its input ends.
 */
final class SwarmManagerMain {
    private static final Caller ANN = new Caller(1, 7, "ann@example.com", true, null, "request-1");

    private final TestManager manager;
    private final PrintStream out;

    private SwarmManagerMain(TestManager manager, PrintStream out) {
        this.manager = manager;
        this.out = out;
    }

    /** {@code args}: the data folder, the database's address, the port. */
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        FakeProvider provider = new FakeProvider();
        provider.onCreate(request -> told(request, out));
        for (String line = in.readLine(); line.startsWith("known"); line = in.readLine()) {
            String[] words = line.split(" ");
            provider.adopt(words[1], words[2]);
        }
        var database = new DatabaseSettings(args[1], "postgres", new Secret("postgres"), 8);
        var environment = new TestEnvironment(Path.of(args[0]), Clock.systemUTC(), database, Integer.parseInt(args[2]));
        try (TestManager manager = TestManager.roomy(environment, provider)) {
            new SwarmManagerMain(manager, out).obey(in);
        }
    }

    private void obey(BufferedReader in) throws IOException {
        out.println("port " + manager.port());
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "create" -> create(Integer.parseInt(words[1]), Long.parseLong(words[2]));
                case "states" -> states();
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private static void told(NodeRequest request, PrintStream out) {
        out.println("node " + request.nodeId() + " " + request.executorId() + " "
                + request.secret().value() + " " + value(request.clusterSecret()) + " "
                + request.deploymentId());
    }

    private static @Nullable String value(@Nullable Secret secret) {
        return secret == null ? null : secret.value();
    }

    private void create(int clusters, long workers) {
        for (int cluster = 0; cluster < clusters; cluster++) {
            manager.client(ANN)
                    .clusters()
                    .create(new CreateCluster()
                            .setClusterName("swarm-" + cluster)
                            .setSparkVersion("4.0.x-scala2.13")
                            .setNodeTypeId("local.small")
                            .setNumWorkers(workers));
        }
    }

    /** How many clusters are in each state, and how many workers serve. */
    private void states() {
        Map<String, Integer> states = new TreeMap<>();
        manager.client(ANN)
                .clusters()
                .list(new ListClustersRequest())
                .forEach(cluster -> states.merge(String.valueOf(cluster.getState()), 1, Integer::sum));
        try {
            out.println("states " + Json.MAPPER.writeValueAsString(states));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
