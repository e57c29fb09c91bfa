package io.campanile.clusters.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.ControlMessage.ProcessInfo;
import io.campanile.node.protocol.NodeJson;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A small agent in a process of its own: connects for as long as it lives, and has a child in place of a driver. */
public final class TestAgentMain implements WebSocket.Listener {
    private final JsonNode config;
    private final Process driver;
    private volatile @Nullable Assignment assignment;
    private volatile CompletableFuture<String> ended = new CompletableFuture<>();

    private TestAgentMain(JsonNode config, Process driver) {
        this.config = config;
        this.driver = driver;
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
                ended.join();
            } catch (IOException | CompletionException | IllegalArgumentException e) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        ControlMessage message = NodeJson.read(data.toString(), ControlMessage.class);
        if (message instanceof ControlMessage.Assign assign) {
            assignment = assign.assignment();
        }
        if (message instanceof ControlMessage.Stop) {
            driver.destroyForcibly();
            Runtime.getRuntime().halt(0);
        }
        socket.request(1);
        return CompletableFuture.completedFuture(null);
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

    private ControlMessage.Hello hello() {
        ProcessHandle self = ProcessHandle.current();
        NodeStatus status = new NodeStatus(
                DriverState.READY,
                null,
                1,
                0,
                System.currentTimeMillis(),
                List.of(new ProcessInfo("driver", driver.pid(), null, System.currentTimeMillis())));
        return new ControlMessage.Hello(config.path("node_id").asText(), self.pid(), 0, assignment, status);
    }
}
