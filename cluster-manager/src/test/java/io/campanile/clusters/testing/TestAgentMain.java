package io.campanile.clusters.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.ExecutorLoad;
import io.campanile.node.protocol.ControlMessage.Load;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.ControlMessage.ProcessInfo;
import io.campanile.node.protocol.ControlMessage.Scheduler;
import io.campanile.node.protocol.NodeJson;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small agent in a process of its own: connects for as long as it lives, and has a child in place of a driver or an
 * executor. Executors register as files in the folder of their driver's node, whose address that folder is.
 */
public final class TestAgentMain implements WebSocket.Listener {
    private static final String EXECUTOR = "executor-";
    private static final long LOOK_MILLIS = 200;

    private final JsonNode config;
    private final Process driver;
    private final boolean worker;
    private volatile @Nullable Assignment assignment;
    private volatile @Nullable Path joined;
    private volatile CompletableFuture<String> ended = new CompletableFuture<>();

    private TestAgentMain(JsonNode config, Process driver) {
        this.config = config;
        this.driver = driver;
        this.worker = config.has("worker");
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        JsonNode config = NodeJson.MAPPER.readTree(new File(args[0]));
        var builder = new ProcessBuilder("sleep", "600");
        builder.environment().clear();
        new TestAgentMain(config, builder.start()).run();
    }

    private void run() throws InterruptedException {
        while (true) {
            try {
                String service = NodeJson.MAPPER
                        .readTree(new File(config.path("endpoints_file").asText()))
                        .path("cluster-manager")
                        .asText();
                ended = new CompletableFuture<>();
                WebSocket socket = HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .header(
                                "Authorization",
                                "Bearer node." + config.path("node_id").asText() + "."
                                        + config.path("secret").asText())
                        .buildAsync(URI.create(service.replace("http", "ws") + "/node/v1/control"), this)
                        .join();
                socket.sendText(NodeJson.write(hello()), true).join();
                reportUntilEnded(socket);
            } catch (IOException | CompletionException | IllegalArgumentException e) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        }
    }

    /** Says what it is whenever that is news. */
    private void reportUntilEnded(WebSocket socket) throws InterruptedException, IOException {
        String said = "";
        while (true) {
            try {
                ended.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException goesOn) {
                String now = NodeJson.write(new ControlMessage.Status(status()));
                if (!now.equals(said)) {
                    socket.sendText(now, true).join();
                    said = now;
                }
            } catch (java.util.concurrent.ExecutionException e) {
                return;
            }
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        ControlMessage message = NodeJson.read(data.toString(), ControlMessage.class);
        try {
            handle(message);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        socket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    private void handle(ControlMessage message) throws IOException {
        if (message instanceof ControlMessage.Assign assign) {
            assignment = assign.assignment();
        }
        if (message instanceof ControlMessage.Join join && joined == null) {
            Path mine = Path.of(join.url())
                    .resolve(
                            EXECUTOR + config.path("worker").path("executor_id").asText());
            Files.writeString(mine, "");
            joined = mine;
        }
        if (message instanceof ControlMessage.Decommission decommission) {
            for (String id : decommission.executorIds()) {
                Files.deleteIfExists(folder().resolve(EXECUTOR + id));
            }
        }
        if (message instanceof ControlMessage.Stop) {
            driver.destroyForcibly();
            Runtime.getRuntime().halt(0);
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        ended.complete(reason);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        ended.complete(String.valueOf(error));
    }

    private Path folder() {
        return Path.of(config.path("node_dir").asText());
    }

    private ControlMessage.Hello hello() throws IOException {
        return new ControlMessage.Hello(
                config.path("node_id").asText(), ProcessHandle.current().pid(), 0, assignment, status());
    }

    private NodeStatus status() throws IOException {
        boolean alone = !config.path("driver").has("cluster_secret");
        return new NodeStatus(
                state(),
                null,
                1,
                0,
                1L,
                List.of(new ProcessInfo(
                        worker ? "executor" : "driver",
                        driver.pid(),
                        null,
                        driver.info().startInstant().orElseThrow().toEpochMilli())),
                alone ? null : new Scheduler(folder().toString(), "app"),
                alone ? null : new Load(0, 0, executors()));
    }

    private DriverState state() {
        Path mine = joined;
        if (!worker) {
            return DriverState.READY;
        }
        if (mine == null) {
            return DriverState.STARTING;
        }
        return Files.exists(mine) ? DriverState.READY : DriverState.ENDED;
    }

    private List<ExecutorLoad> executors() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith(EXECUTOR))
                    .sorted()
                    .map(name -> new ExecutorLoad(name.substring(EXECUTOR.length()), 1, 0, 1L, 0, null, false))
                    .toList();
        }
    }
}
