package io.campanile.node.agent.fake;

import io.campanile.node.agent.AgentMain;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.NodeJson;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** A real agent process on a folder of its own, with an installation made of what the test gives it. */
public final class TestNode implements AutoCloseable {
    private static final String DRIVER_CLASS = "io/campanile/driver/DriverMain.class";
    /** What fetches libraries, where a test needs it. */
    public static final Path LIBRARIES = Path.of("../libraries/target/lib");

    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private final Path folder;
    private final Path services;
    private int deadManSeconds = 600;
    private int parkKernels;
    private Map<String, String> settings = Map.of();
    private Map<String, String> environment = Map.of();
    private Map<String, String> secrets = Map.of();
    private Map<String, Object> worker = Map.of();
    private String clusterSecret = "";
    private Process agent;

    public TestNode(Path folder, Path services) throws IOException {
        this.folder = folder;
        this.services = services;
        Files.createDirectories(nodeFolder());
        Files.createDirectories(home());
    }

    public static boolean hasPython() {
        try {
            return Files.exists(PYTHON)
                    && new ProcessBuilder(PYTHON.toString(), "-c", "import ipykernel")
                                    .start()
                                    .waitFor()
                            == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public Path home() {
        return folder.resolve("home");
    }

    public Path nodeFolder() {
        return folder.resolve("data/nodes/n1");
    }

    /** ipykernel, a Jupyter kernel that is none of ours. */
    public TestNode withPython() throws IOException {
        Path spec = home().resolve("kernels/python3");
        Files.createDirectories(spec);
        Files.writeString(
                spec.resolve("kernel.json"),
                NodeJson.write(Map.of(
                        "argv",
                        List.of(PYTHON.toString(), "-m", "ipykernel_launcher", "-f", "{connection_file}"),
                        "language",
                        "python")));
        return this;
    }

    /** The stand-in for the driver. */
    public TestNode withFakeDriver() throws IOException {
        Path jars = home().resolve("runtimes/4.0.1/jars");
        Files.createDirectories(jars);
        try (var jar = new JarOutputStream(Files.newOutputStream(jars.resolve("node-driver-test.jar")));
                InputStream main = TestNode.class.getClassLoader().getResourceAsStream(DRIVER_CLASS)) {
            jar.putNextEntry(new JarEntry("launch.args"));
            jar.write("-Xmx32m\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            jar.putNextEntry(new JarEntry(DRIVER_CLASS));
            jar.write(main.readAllBytes());
        }
        return this;
    }

    /** The modules of this build, when they were packaged. */
    public TestNode withBuilt(Path driverJars, Path javaKernel) throws IOException {
        Path runtime = home().resolve("runtimes/4.0.1");
        Files.createDirectories(runtime);
        Files.createSymbolicLink(runtime.resolve("jars"), driverJars.toAbsolutePath());
        Files.createSymbolicLink(home().resolve("java-kernel"), javaKernel.toAbsolutePath());
        Files.createSymbolicLink(home().resolve("node-libraries"), LIBRARIES.toAbsolutePath());
        return this;
    }

    public TestNode deadManSeconds(int seconds) {
        deadManSeconds = seconds;
        return this;
    }

    public TestNode parkKernels(int count) {
        parkKernels = count;
        return this;
    }

    /** Settings of the driver, and the values of references in them. */
    public TestNode settings(Map<String, String> sparkConf, Map<String, String> values) {
        settings = sparkConf;
        secrets = values;
        return this;
    }

    /** Variables of the driver and the kernels; references in them are those of {@link #settings}. */
    public TestNode environment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    /** A driver that has workers. */
    public TestNode clusterSecret(String secret) {
        clusterSecret = secret;
        return this;
    }

    /** A worker in the place of a driver. */
    public TestNode worker(String executorId, int cores, String secret) {
        worker = Map.of("executor_id", executorId, "cores", cores, "cluster_secret", secret);
        return this;
    }

    public TestNode start() throws IOException {
        Map<String, Object> config = new HashMap<>(Map.of(
                "node_id",
                "n1",
                "secret",
                "s3cret",
                "data_dir",
                folder.resolve("data").toString(),
                "node_dir",
                nodeFolder().toString(),
                "endpoints_file",
                FakeServices.endpoints(services).toString(),
                "park_kernels",
                parkKernels,
                "dead_man_seconds",
                deadManSeconds));
        config.put(worker.isEmpty() ? "driver" : "worker", sparkProcess());
        Path nodeJson = nodeFolder().resolve("node.json");
        Files.writeString(nodeJson, NodeJson.write(config));
        List<String> argv = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-Dcampanile.home=" + home(),
                "-cp",
                agentClassPath(),
                AgentMain.class.getName(),
                nodeJson.toString()));
        agent = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("agent.out").toFile())
                .start();
        return this;
    }

    private Map<String, Object> sparkProcess() {
        Map<String, Object> process =
                new HashMap<>(Map.of("runtime", "4.0.1", "environment", environment, "secrets", secrets));
        if (!worker.isEmpty()) {
            process.putAll(worker);
            process.put("heap_mb", 512);
            return process;
        }
        process.put("heap_mb", 1024);
        process.put("spark_conf", settings);
        if (!clusterSecret.isEmpty()) {
            process.put("cluster_secret", clusterSecret);
        }
        return process;
    }

    private static String agentClassPath() {
        return String.join(
                File.pathSeparator,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("test-classes") && !entry.contains("vertx"))
                        .toList());
    }

    public static ControlMessage.Assign assignment(Path files) {
        return new ControlMessage.Assign(
                new ControlMessage.Assignment("c1", "Cluster", 5, 11, "ann@example.com", 3, files.toString()),
                "work-token-1");
    }

    public Process process() {
        return agent;
    }

    public static long rssKilobytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws Exception {
        if (agent != null) {
            List<ProcessHandle> children = agent.descendants().toList();
            agent.destroy();
            if (!agent.waitFor(10, TimeUnit.SECONDS)) {
                agent.destroyForcibly();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
