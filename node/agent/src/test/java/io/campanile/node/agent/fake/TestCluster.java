package io.campanile.node.agent.fake;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.WorkMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A driver node and worker nodes, all real processes, with the test in the place of cluster-manager. */
public final class TestCluster implements AutoCloseable {
    public static final String SECRET = "canary-of-the-cluster-0123456789abcdef0123456789abcdef";
    /** Every task of a stage is its own, and joins are by shuffle: tests count tasks and stages. */
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.sql.shuffle.partitions",
            "8",
            "spark.sql.adaptive.coalescePartitions.enabled",
            "false",
            "spark.sql.autoBroadcastJoinThreshold",
            "-1");

    private static final Map<String, String> ENVIRONMENT = Map.of("STAGE", "test");
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final Path DRIVER = Path.of("../driver/target/runtime/jars");
    private static final Path KERNEL = Path.of("../java-kernel/target/lib");
    private static final String SESSION = "6f1d2c3b-0000-4000-8000-000000000001";

    private final Path folder;
    private final Member driver;
    private final List<Member> workers = new ArrayList<>();
    private long runs;
    private int executors;

    /** A node and what it says to the services; {@code id} is that of its executor. */
    public record Member(String id, TestNode node, FakeServices services) {
        public JsonNode status() {
            return services.status();
        }

        public String state() {
            return status().path("driver").asText();
        }

        public void awaitState(String state) {
            await().atMost(LONG).until(() -> state().equals(state));
        }

        /** The process of a role, which must be there. */
        public long pid(String role) {
            for (JsonNode process : status().path("processes")) {
                if (process.path("role").asText().equals(role)) {
                    return process.path("pid").asLong();
                }
            }
            throw new AssertionError("no " + role + " in " + status());
        }
    }

    private TestCluster(Path folder, Member driver) {
        this.folder = folder;
        this.driver = driver;
    }

    /** A driver and, where cells are to run, a kernel; no worker yet. */
    public static TestCluster start(Path folder, int kernels) throws Exception {
        Needs.packaged(DRIVER, KERNEL);
        Files.createDirectories(files(folder));
        var services = new FakeServices(folder.resolve("driver/services")).start();
        var node = new TestNode(folder.resolve("driver"), folder.resolve("driver/services"))
                .withBuilt(DRIVER, KERNEL)
                .parkKernels(kernels)
                .settings(SETTINGS, Map.of())
                .environment(ENVIRONMENT)
                .clusterSecret(SECRET)
                .start();
        return new TestCluster(folder, new Member("driver", node, services));
    }

    /** The driver is assigned and answers; {@code orders} are what it is told before. */
    public TestCluster awaitDriver(ControlMessage... orders) {
        driver.awaitState("READY");
        for (ControlMessage order : orders) {
            driver.services().control(order);
        }
        driver.services().control(TestNode.assignment(files(folder)));
        await().atMost(LONG).until(driver.services()::working);
        return this;
    }

    public static Path files(Path folder) {
        return folder.resolve("workspace-files");
    }

    /** All nodes, the driver's first. */
    public List<Member> members() {
        List<Member> all = new ArrayList<>(List.of(driver));
        all.addAll(workers);
        return all;
    }

    public Member driver() {
        return driver;
    }

    /** A worker that waits for the order to join. */
    public Member worker(String secret) throws Exception {
        String executorId = Integer.toString(++executors);
        Path place = folder.resolve("worker-" + executorId);
        var services = new FakeServices(place.resolve("services")).start();
        var node = new TestNode(place, place.resolve("services"))
                .withBuilt(DRIVER, KERNEL)
                .worker(executorId, 1, secret)
                .environment(ENVIRONMENT)
                .start();
        var member = new Member(executorId, node, services);
        workers.add(member);
        await().atMost(LONG).until(() -> !member.state().isEmpty());
        services.control(TestNode.assignment(files(folder)));
        return member;
    }

    /** Tells a worker where its driver is. */
    public void join(Member worker) {
        JsonNode scheduler = driver.status().path("scheduler");
        worker.services()
                .control(new ControlMessage.Join(
                        scheduler.path("url").asText(), scheduler.path("app_id").asText()));
    }

    /** So many workers that the driver knows: those that are there, and new ones. */
    public List<Member> workers(int count) throws Exception {
        List<Member> serving = new ArrayList<>(workers.stream()
                .filter(worker -> worker.state().equals("READY"))
                .limit(count)
                .toList());
        List<Member> added = new ArrayList<>();
        while (serving.size() + added.size() < count) {
            Member worker = worker(SECRET);
            join(worker);
            added.add(worker);
        }
        serving.addAll(added);
        for (Member worker : serving) {
            worker.awaitState("READY");
            await().atMost(LONG).until(() -> !executor(worker).isMissingNode());
        }
        return serving;
    }

    /** What the driver says of an executor; missing when it does not know it. */
    public JsonNode executor(Member worker) {
        for (JsonNode each : driver.status().path("load").path("executors")) {
            if (each.path("executor_id").asText().equals(worker.id())) {
                return each;
            }
        }
        return MissingNode.getInstance();
    }

    public void decommission(Member worker) {
        driver.services().control(new ControlMessage.Decommission(List.of(worker.id())));
    }

    /** Begins a cell; its number is for {@link #finish}. */
    public long begin(String language, String code) {
        return begin("k1", SESSION, language, code);
    }

    /** Begins a cell of another notebook. */
    public long begin(String kernel, String session, String language, String code) {
        long run = ++runs;
        driver.services().work(new WorkMessage.Execute(run, kernel, session, 77, "/Users/ann/n", language, code));
        return run;
    }

    /** The state in which a cell ended, and what it showed. */
    public String finish(long run) {
        await().atMost(LONG)
                .until(() ->
                        records(run).stream().anyMatch(record -> record.kind().equals("finished")));
        JsonNode last = records(run).get(records(run).size() - 1).data();
        return last.path("state").asText() + " " + shown(run);
    }

    public String run(String language, String code) {
        return finish(begin(language, code));
    }

    private List<WorkMessage.Record> records(long run) {
        return driver.services().records.stream()
                .filter(record -> record.runId() == run)
                .toList();
    }

    private String shown(long run) {
        return records(run).stream()
                .map(record -> switch (record.kind()) {
                    case "result", "display" ->
                        record.data().path("data").path("text/plain").asText();
                    case "error" -> "~" + record.data().path("evalue").asText();
                    default -> "";
                })
                .collect(Collectors.joining());
    }

    /** The driver's log as it is now. */
    public String driverLog() throws IOException {
        return Files.readString(driver.node().nodeFolder().resolve("logs/driver.log"));
    }

    public static String executorLog(Member worker) throws IOException {
        return Files.readString(worker.node().nodeFolder().resolve("logs/executor.log"));
    }

    /** The names of files of all nodes that contain a text. */
    public List<String> filesWith(String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (var all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (textOf(file).contains(text)) {
                    found.add(file.getFileName().toString());
                }
            }
        }
        return found;
    }

    private static String textOf(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return ""; // Spark has just deleted it.
        }
    }

    /** Every process of the nodes that says what it is. */
    public List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        for (Member member : members()) {
            for (JsonNode process : member.status().path("processes")) {
                pids.add(process.path("pid").asLong());
            }
        }
        return pids;
    }

    @Override
    public void close() throws Exception {
        for (Member member : members()) {
            member.node().close();
            member.services().close();
        }
    }
}
