package io.campanile.clusters.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.clusters.provider.NodeRequest;
import io.campanile.clusters.provider.NodeShape;
import io.campanile.clusters.testing.FakeAgent;
import io.campanile.clusters.testing.FakeProvider;
import io.campanile.common.auth.Secret;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Very many nodes of one manager, each saying every five seconds that it is there; then the manager is killed, and the
 * next one goes on with all of them. Prints what the manager takes; the profile soak has the size that is promised.
 */
final class SwarmTest {
    private static final int CLUSTERS = Integer.getInteger("campanile.swarm.clusters", 10);
    private static final int WORKERS = Integer.getInteger("campanile.swarm.workers", 9);
    private static final int SECONDS = Integer.getInteger("campanile.swarm.seconds", 6);
    private static final String ALL_RUN = "states {\"RUNNING\":" + CLUSTERS + "}";
    private static final int NODES = CLUSTERS * (1 + WORKERS);
    private static final Duration PATIENCE = Duration.ofSeconds(60 + NODES / 20);
    private static final NodeShape SHAPE = new NodeShape("local.small", 1024, "4.0.1", Map.of(), Map.of(), 2);
    private static final long HEARTBEAT_MILLIS = 5_000;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient client =
            vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(2 * NODES));
    private final FakeProvider nodes = new FakeProvider();
    private final List<FakeAgent> agents = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private final DatabaseSettings database = TestDatabase.create();
    private final List<String> known = new CopyOnWriteArrayList<>();

    @TempDir
    Path dataDir;

    private Process manager;
    private PrintStream orders;
    private volatile int port;

    @BeforeEach
    void start() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        manager = new ProcessBuilder(
                        java,
                        "-Xmx640m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SwarmManagerMain.class.getName(),
                        dataDir.toString(),
                        database.jdbcUrl(),
                        Integer.toString(port))
                .redirectError(new File(dataDir.toFile(), "manager.log"))
                .start();
        orders = new PrintStream(manager.getOutputStream(), true, StandardCharsets.UTF_8);
        Process started = manager;
        Thread reader = new Thread(() -> read(started), "swarm");
        reader.setDaemon(true);
        reader.start();
        known.forEach(orders::println);
        orders.println("go");
        await().atMost(PATIENCE).until(() -> "port".equals(answers.poll(1, TimeUnit.SECONDS)));
    }

    @AfterEach
    void stop() throws Exception {
        orders.close();
        if (!manager.waitFor(30, TimeUnit.SECONDS)) {
            manager.destroyForcibly();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void everyNodeIsHeardAndFoundAgain() throws Exception {
        long began = System.nanoTime();
        orders.println("create " + CLUSTERS + " " + WORKERS);
        awaitAll();
        System.out.printf("swarm: %,d nodes of %,d clusters up in %.1f s%n", NODES, CLUSTERS, seconds(began));
        vertx.setPeriodic(HEARTBEAT_MILLIS, beat -> agents.forEach(FakeAgent::repeat));

        measure();

        assertThat(agents).hasSize(NODES).allMatch(FakeAgent::connected);
        assertThat(states()).isEqualTo(ALL_RUN);
        manager.destroyForcibly().waitFor();
        began = System.nanoTime();
        start();
        System.out.printf("swarm: another manager listens after %.1f s%n", seconds(began));
        awaitAll();
        System.out.printf("swarm: all %,d nodes are connected again after %.1f s%n", NODES, seconds(began));
        // Long enough for whoever takes nodes for lost.
        Thread.sleep(HEARTBEAT_MILLIS);
        assertThat(states()).isEqualTo(ALL_RUN);
        assertThat(agents).hasSize(NODES).noneMatch(FakeAgent::told);
    }

    private void awaitAll() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> agents.stream()
                                .filter(agent -> agent.ready() && agent.connected())
                                .count()
                        == NODES);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> states().equals(ALL_RUN));
    }

    private void measure() throws Exception {
        Thread.sleep(HEARTBEAT_MILLIS);
        double before = cpuSeconds();
        long began = System.nanoTime();
        Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS));
        double cores = (cpuSeconds() - before) / seconds(began);
        System.out.printf(
                "swarm: %,d nodes, each heard every 5 s: the manager takes %.2f cores and %,d MiB (at most %,d)%n",
                NODES, cores, memoryMib("VmRSS"), memoryMib("VmHWM"));
    }

    private String states() throws InterruptedException {
        orders.println("states");
        String answer = answers.poll(60, TimeUnit.SECONDS);
        return answer == null ? "nothing" : answer;
    }

    private void read(Process process) {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "port" -> {
                        port = Integer.parseInt(words[1]);
                        answers.add("port");
                    }
                    case "node" -> {
                        known.add("known " + words[1] + " " + words[5]);
                        agents.add(new FakeAgent(vertx, client, nodes, request(words))
                                .stayConnected()
                                .connect(port));
                    }
                    default -> answers.add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NodeRequest request(String[] words) {
        return new NodeRequest(
                words[1],
                "swarm",
                SHAPE,
                words[2].equals("null") ? null : Integer.valueOf(words[2]),
                new Secret(words[3]),
                words[4].equals("null") ? null : new Secret(words[4]),
                Map.of());
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private double cpuSeconds() {
        return manager.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    private long memoryMib(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + manager.pid() + "/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
