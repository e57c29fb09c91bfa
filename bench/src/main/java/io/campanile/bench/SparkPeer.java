package io.campanile.bench;

import io.campanile.node.agent.SparkFlags;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The runtime's own Spark started by hand: an application, or a Master or a Worker of its standalone mode. */
final class SparkPeer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Process process;
    private final PrintStream input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private SparkPeer(Process process) {
        this.process = process;
        this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "spark-peer");
        reader.setDaemon(true);
        reader.start();
    }

    /** Where Spark's jars are and where its peers may write. */
    record Home(Path runtime, Path folder) {
        Path jars() {
            return runtime.resolve("jars");
        }

        /** With the class of {@link #application}, compiled against this runtime. */
        static Home prepare(Path runtime, Path folder) throws IOException {
            Path classes = Files.createDirectories(folder.resolve("classes"));
            Path source = folder.resolve("BareSpark.java");
            try (InputStream text = SparkPeer.class.getResourceAsStream("BareSpark.java")) {
                if (text == null) {
                    throw new IOException("BareSpark.java is not on the class path");
                }
                Files.write(source, text.readAllBytes());
            }
            String jars = runtime.resolve("jars") + "/*";
            JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
            int failed =
                    javac.run(null, null, null, "-proc:none", "-d", classes.toString(), "-cp", jars, source.toString());
            if (failed != 0) {
                throw new IOException("BareSpark.java does not compile against " + runtime);
            }
            return new Home(runtime, folder);
        }
    }

    static SparkPeer application(Home home, String master, int heapMb) throws IOException {
        return start(home, heapMb, "BareSpark", master);
    }

    static SparkPeer master(Home home, int port) throws IOException {
        String main = "org.apache.spark.deploy.master.Master";
        return start(home, 256, main, "--host", "127.0.0.1", "--port", Integer.toString(port), "--webui-port", "0");
    }

    static SparkPeer worker(Home home, String master) throws IOException {
        String work = home.folder().resolve("work").toString();
        String main = "org.apache.spark.deploy.worker.Worker";
        return start(
                home,
                256,
                main,
                "--host",
                "127.0.0.1",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--webui-port",
                "0",
                "--work-dir",
                work,
                master);
    }

    private static SparkPeer start(Home home, int heapMb, String mainClass, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SparkFlags.of(home.jars()));
        command.addAll(List.of(
                "-Xmx" + heapMb + "m",
                "-Dspark.master.rest.enabled=false",
                "-Djava.io.tmpdir=" + home.folder(),
                "-cp",
                home.folder().resolve("classes") + ":" + home.jars() + "/*",
                mainClass));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home.folder().toFile());
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME", home.runtime().toString(),
                        "SPARK_SCALA_VERSION", "2.13",
                        "SPARK_LOCAL_IP", "127.0.0.1"));
        Path log = Files.createTempFile(home.folder(), mainClass, ".log");
        return new SparkPeer(builder.redirectError(log.toFile()).start());
    }

    /** Returns when a line that begins so was printed. */
    void await(String beginning) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        String line = "";
        while (!line.startsWith(beginning)) {
            line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new TimeoutException("The peer did not say " + beginning);
            }
        }
    }

    void query(String sql) throws Exception {
        input.println(sql);
        await("result");
    }

    private void read() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("ended: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}
