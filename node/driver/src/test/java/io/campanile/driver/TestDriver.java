package io.campanile.driver;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A driver process on a folder of its own. */
final class TestDriver implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef";
    /** What a Connect client must not have on its class path beside its own jars. */
    private static final Pattern SERVER_ONLY = Pattern.compile(
            ".*/(spark-(core|sql|connect|catalyst|mllib|mllib-local|graphx|streaming|network-common|network-shuffle|kvstore"
                    + "|launcher)_2\\.13|delta-spark_2\\.13)-.*\\.jar");

    private final Process process;
    private final int port;
    private final long startMillis;

    private TestDriver(Process process, int port, long startMillis) {
        this.process = process;
        this.port = port;
        this.startMillis = startMillis;
    }

    static TestDriver start(Path folder, Path samples) throws IOException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("token", TOKEN);
        settings.put("user", "campanile");
        settings.put("samples_dir", samples.toString());
        settings.put("warehouse_dir", folder.resolve("warehouse").toString());
        if (Files.exists(folder.resolve("files"))) {
            settings.put("files_dir", folder.resolve("files").toString());
            settings.put("files_access", folder.resolve("files-access.json").toString());
        }
        settings.put("local_dir", folder.resolve("local").toString());
        settings.put("spark_conf", Map.of("spark.sql.shuffle.partitions", "3", "spark.authenticate", "false"));
        Path json = folder.resolve("driver.json");
        JsonMapper.builder().build().writeValue(json.toFile(), settings);
        List<String> argv = new ArrayList<>(List.of(java()));
        argv.addAll(Files.readAllLines(Path.of("src/main/resources/launch.args")));
        argv.addAll(List.of("-Xmx1g", "-cp", classPath(), DriverMain.class.getName(), json.toString()));
        long began = System.nanoTime();
        Process process = new ProcessBuilder(argv)
                .redirectError(folder.resolve("driver.err").toFile())
                .start();
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new IOException("The driver ended: " + Files.readString(folder.resolve("driver.err")));
        }
        int port = JsonMapper.builder().build().readTree(line).path("port").asInt();
        return new TestDriver(process, port, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    }

    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("test-classes"))
                        .toList());
    }

    /** What a client process prints: a line {@code rows [...]} a statement, or its failure. */
    String client(String token, String user, String session, String... statements)
            throws IOException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of(java()));
        argv.addAll(List.of(
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                clientClassPath(),
                ConnectClient.class.getName(),
                "sc://localhost:" + port + "/;token=" + token + ";user_id=" + user + ";session_id=" + session));
        argv.addAll(List.of(statements));
        Process client = new ProcessBuilder(argv).redirectErrorStream(true).start();
        // A client retries for ten minutes what it takes for a passing failure.
        client.onExit().orTimeout(90, TimeUnit.SECONDS).exceptionally(late -> client.destroyForcibly());
        String printed = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        client.waitFor();
        return printed;
    }

    private static String clientClassPath() throws IOException {
        List<String> entries = new ArrayList<>(List.of("target/test-classes"));
        try (Stream<Path> own = Files.list(Path.of("target/connect-client"))) {
            own.map(Path::toString).forEach(entries::add);
        }
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        entry.endsWith(".jar") && !SERVER_ONLY.matcher(entry).matches())
                .forEach(entries::add);
        return String.join(File.pathSeparator, entries);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    int port() {
        return port;
    }

    long startMillis() {
        return startMillis;
    }

    Process process() {
        return process;
    }

    void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Closes its input, which ends it; false when it did not end in time. */
    boolean end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return process.waitFor(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
