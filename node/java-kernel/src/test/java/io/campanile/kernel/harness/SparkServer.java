package io.campanile.kernel.harness;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/** A Spark Connect server in its own process, with a token, from the jars of the test class path. */
public final class SparkServer implements AutoCloseable {
    private static final List<String> OPENS = List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar");
    private final Process process;
    private final Path directory;
    private final int port;
    private final String token;

    private SparkServer(Process process, Path directory, int port, String token) {
        this.process = process;
        this.directory = directory;
        this.port = port;
        this.token = token;
    }

    public static SparkServer start(Path directory, String master) throws IOException {
        int port = freePort();
        String token = UUID.randomUUID().toString();
        Path home = sparkHome();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        OPENS.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.addAll(List.of("-Xmx900m", "-XX:+UseSerialGC", "-Djdk.reflect.useDirectMethodHandle=false"));
        conf(directory, master, port, token).forEach(setting -> command.add("-D" + setting));
        command.addAll(
                List.of("-cp", home.resolve("jars") + "/*", "org.apache.spark.sql.connect.service.SparkConnectServer"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("spark.log").toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        SparkServer server = new SparkServer(builder.start(), directory, port, token);
        server.awaitReady();
        return server;
    }

    /** Executors are started from SPARK_HOME/jars: a folder of links to the jars in the local repository. */
    private static synchronized Path sparkHome() throws IOException {
        Path home = Path.of("target/spark-home").toAbsolutePath();
        Path jars = Files.createDirectories(home.resolve("jars"));
        for (String jar :
                Files.readString(Path.of("target/spark.classpath")).strip().split(File.pathSeparator)) {
            Path source = Path.of(jar);
            Path link = jars.resolve(source.getFileName());
            if (jar.endsWith(".jar") && !Files.exists(link)) {
                Files.createSymbolicLink(link, source);
            }
        }
        return home;
    }

    private static List<String> conf(Path directory, String master, int port, String token) {
        return List.of(
                "spark.master=" + master,
                "spark.app.name=kernel-test",
                "spark.ui.enabled=false",
                "spark.sql.shuffle.partitions=2",
                "spark.executor.memory=512m",
                "spark.driver.host=127.0.0.1",
                "spark.driver.bindAddress=127.0.0.1",
                "spark.sql.warehouse.dir=" + directory.resolve("warehouse"),
                "spark.local.dir=" + directory.resolve("local"),
                "spark.connect.grpc.binding.address=127.0.0.1",
                "spark.connect.grpc.binding.port=" + port,
                "spark.connect.authenticate.token=" + token);
    }

    public String url() {
        return "sc://127.0.0.1:" + port;
    }

    public String token() {
        return token;
    }

    private void awaitReady() throws IOException {
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> !process.isAlive() || accepts());
        if (!process.isAlive()) {
            throw new IOException("Spark did not start: " + Files.readString(directory.resolve("spark.log")));
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
