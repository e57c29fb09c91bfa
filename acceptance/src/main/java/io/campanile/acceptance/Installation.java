package io.campanile.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An installation of its own, driven by the same script a person runs. */
public final class Installation implements AutoCloseable {
    public static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCRIPT = Path.of(System.getProperty("campanile.script", "../campanile"));

    private final Path dataDir;
    private final int port;
    private final Map<String, String> environment;
    private final List<String> options;

    private Installation(Path dataDir, int port, Map<String, String> environment, List<String> options) {
        this.dataDir = dataDir;
        this.port = port;
        this.environment = Map.copyOf(environment);
        this.options = options;
    }

    /** Starts one on a free port and an empty data dir. */
    public static Installation start(Path dataDir, String... options) throws Exception {
        Installation installation = at(dataDir, Map.of(), options);
        installation.up();
        return installation;
    }

    /** One on a free port that is not started yet; {@code environment} is what the command is started with. */
    public static Installation at(Path dataDir, Map<String, String> environment, String... options) throws IOException {
        return new Installation(dataDir, freePort(), environment, List.of(options));
    }

    /** The same one, started from now on with another environment. */
    public Installation with(Map<String, String> other) {
        return new Installation(dataDir, port, other, options);
    }

    /** The command of the README; answers what it printed. */
    public String up() throws Exception {
        List<String> command = new ArrayList<>(
                List.of("up", "--detach", "--port", Integer.toString(port), "--data-dir", dataDir.toString()));
        command.addAll(options);
        return run(environment, command);
    }

    /** Runs a subcommand to its end; AssertionError with its output when it fails. */
    public static String run(String... arguments) throws Exception {
        return run(Map.of(), List.of(arguments));
    }

    private static String run(Map<String, String> environment, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(arguments);
        Path said = Files.createTempFile("campanile", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        String output = Files.readString(said);
        Files.delete(said);
        if (!ended || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(command + " failed:\n" + output);
        }
        return output;
    }

    public JsonNode admin() throws IOException {
        return JSON.readTree(dataDir.resolve("admin.json").toFile());
    }

    public String url() {
        return "http://localhost:" + port;
    }

    public Path dataDir() {
        return dataDir;
    }

    /** The processes of a role that live now. */
    public List<ProcessHandle> processes(String role) throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        for (JsonNode row :
                JSON.readTree(dataDir.resolve("run/state.json").toFile()).path("processes")) {
            if (row.path("role").asText().equals(role)) {
                Optional<ProcessHandle> process =
                        ProcessHandle.of(row.path("pid").asLong());
                process.filter(ProcessHandle::isAlive).ifPresent(found::add);
            }
        }
        return found;
    }

    /** kill -9 of every process of a role; answers how many there were. */
    public int kill(String role) throws IOException {
        List<ProcessHandle> victims = processes(role);
        victims.forEach(ProcessHandle::destroyForcibly);
        victims.forEach(victim -> victim.onExit().join());
        return victims.size();
    }

    @Override
    public void close() throws Exception {
        run("down", "--data-dir", dataDir.toString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
