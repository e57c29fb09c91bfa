package io.campanile.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.acceptance.Installation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stock Jupyter Notebook of the distribution with its own ipykernel, as it comes. */
final class JupyterPeer implements AutoCloseable {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/jupyter-notebook"));
    private static final Path KERNELSPEC = Path.of("/usr/share/jupyter/kernels/python3");
    private static final String TOKEN = "bench";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path files;
    private final int port;

    private JupyterPeer(Process process, Path files, int port) {
        this.process = process;
        this.files = files;
        this.port = port;
    }

    /** Why there is none; empty when there is. */
    static Optional<String> missing() {
        boolean found = PLACES.stream().anyMatch(Files::isExecutable) && Files.exists(KERNELSPEC);
        return found
                ? Optional.empty()
                : Optional.of("not installed (Debian: apt-get install --no-install-recommends jupyter-notebook"
                        + " python3-ipykernel)");
    }

    static Path kernelspec() {
        return KERNELSPEC;
    }

    /** Starts it in a folder of its own; it answers when this returns. */
    static JupyterPeer start(Path folder) throws Exception {
        Path files = Files.createDirectories(folder.resolve("files"));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                        PLACES.get(0).toString(),
                        "--no-browser",
                        "--allow-root",
                        "--ip=127.0.0.1",
                        "--port=" + port,
                        "--port-retries=0",
                        "--NotebookApp.token=" + TOKEN,
                        "--notebook-dir=" + files)
                .directory(files.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("jupyter.log").toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("JUPYTER_RUNTIME_DIR", folder.resolve("run").toString());
        JupyterPeer peer = new JupyterPeer(builder.start(), files, port);
        Waiting.until("Jupyter answers", Duration.ofSeconds(60), peer::answers);
        return peer;
    }

    private boolean answers() throws InterruptedException {
        try {
            return ask("GET", "/api").statusCode() == 200;
        } catch (IOException notYet) {
            if (!process.isAlive()) {
                throw new IllegalStateException("Jupyter ended with " + process.exitValue(), notYet);
            }
            return false;
        }
    }

    /** Where its files are: a notebook put there can be opened. */
    Path files() {
        return files;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path + "?token=" + TOKEN;
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Authorization", "token " + TOKEN)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A new Python kernel and a connection to it, as its page makes one. */
    Channels kernel() throws Exception {
        JsonNode kernel = Installation.JSON.readTree(ask("POST", "/api/kernels").body());
        URI address = URI.create(
                "ws://127.0.0.1:" + port + "/api/kernels/" + kernel.path("id").asText() + "/channels?token=" + TOKEN);
        return new Channels(http, address);
    }

    @Override
    public void close() throws Exception {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /** A kernel's WebSocket. */
    static final class Channels implements AutoCloseable {
        private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
        private final String session = UUID.randomUUID().toString();
        private final WebSocket socket;

        private Channels(HttpClient http, URI address) throws Exception {
            socket = http.newWebSocketBuilder()
                    .buildAsync(address, new Listener())
                    .get(30, TimeUnit.SECONDS);
        }

        /** Executes a cell; returns when it is answered and the kernel is idle again. */
        void execute(String code) throws Exception {
            String id = UUID.randomUUID().toString();
            ObjectNode message = Installation.JSON.createObjectNode().put("channel", "shell");
            message.putObject("header")
                    .put("msg_id", id)
                    .put("msg_type", "execute_request")
                    .put("session", session)
                    .put("username", "bench")
                    .put("version", "5.3");
            message.putObject("parent_header");
            message.putObject("metadata");
            message.putObject("content")
                    .put("code", code)
                    .put("silent", false)
                    .put("store_history", true)
                    .put("allow_stdin", false)
                    .putObject("user_expressions");
            message.putArray("buffers");
            socket.sendText(message.toString(), true).join();
            boolean replied = false;
            boolean idle = false;
            while (!replied || !idle) {
                JsonNode next = received.poll(30, TimeUnit.SECONDS);
                if (next == null) {
                    throw new IOException("No answer of Jupyter's kernel");
                }
                if (next.path("parent_header").path("msg_id").asText().equals(id)) {
                    String type = next.path("msg_type").asText();
                    replied |= type.equals("execute_reply");
                    idle |= type.equals("status")
                            && next.path("content")
                                    .path("execution_state")
                                    .asText()
                                    .equals("idle");
                }
            }
        }

        @Override
        public void close() {
            socket.abort();
        }

        private final class Listener implements WebSocket.Listener {
            private final StringBuilder partial = new StringBuilder();

            @Override
            public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                partial.append(data);
                if (last) {
                    try {
                        received.add(Installation.JSON.readTree(partial.toString()));
                    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                        throw new IllegalStateException("Not a message: " + partial, e);
                    }
                    partial.setLength(0);
                }
                from.request(1);
                return null;
            }
        }
    }
}
