package io.campanile.kernel.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.wire.Json;
import io.campanile.kernel.wire.Message;
import io.campanile.kernel.wire.MessageCodec;
import io.campanile.kernel.wire.Signer;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A kernel process and a Jupyter client for it. One thread. */
public final class KernelProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private final ZContext context = new ZContext();
    private final MessageCodec codec;
    private final Process process;
    private final Path directory;
    private final ZMQ.Socket shell;
    private final ZMQ.Socket control;
    private final ZMQ.Socket iopub;

    private KernelProcess(Process process, Path directory, String key, List<Integer> ports) {
        this.process = process;
        this.directory = directory;
        codec = new MessageCodec(new Signer(key));
        shell = connect(SocketType.DEALER, ports.get(0));
        control = connect(SocketType.DEALER, ports.get(1));
        iopub = connect(SocketType.SUB, ports.get(3));
        iopub.subscribe(new byte[0]);
        iopub.setRcvHWM(0);
    }

    public static KernelProcess start(Path directory) throws IOException {
        List<Integer> ports = new ArrayList<>();
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ServerSocket socket = new ServerSocket(0);
            held.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        String key = UUID.randomUUID().toString();
        ObjectNode connection = Json.object()
                .put("transport", "tcp")
                .put("ip", "127.0.0.1")
                .put("shell_port", ports.get(0))
                .put("control_port", ports.get(1))
                .put("stdin_port", ports.get(2))
                .put("iopub_port", ports.get(3))
                .put("hb_port", ports.get(4))
                .put("key", key)
                .put("signature_scheme", "hmac-sha256");
        Path file = directory.resolve("connection.json");
        Files.write(file, Json.bytes(connection));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@src/main/launch/launch.args",
                        "-cp",
                        "target/classes" + File.pathSeparator + Files.readString(Path.of("target/kernel.classpath")),
                        "io.campanile.kernel.KernelMain",
                        file.toString())
                .redirectOutput(directory.resolve("kernel.out").toFile())
                .redirectError(directory.resolve("kernel.err").toFile())
                .start();
        KernelProcess kernel = new KernelProcess(process, directory, key, ports);
        kernel.awaitReady();
        return kernel;
    }

    public Process process() {
        return process;
    }

    /** Repeats kernel_info until iopub has been heard: a subscription takes effect some time after connecting. */
    private void awaitReady() throws IOException {
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end) && process.isAlive()) {
            send(shell, "kernel_info_request", Json.object());
            Message reply = receive(shell, Duration.ofSeconds(5));
            if (reply != null && receive(iopub, Duration.ofMillis(300)) != null) {
                Message late = receive(shell, Duration.ofMillis(200));
                while (late != null) {
                    late = receive(shell, Duration.ofMillis(200));
                }
                while (receive(iopub, Duration.ofMillis(100)) != null) {}
                return;
            }
        }
        throw new IOException("The kernel did not start: " + log());
    }

    public String log() throws IOException {
        return Files.readString(directory.resolve("kernel.err")) + Files.readString(directory.resolve("kernel.out"));
    }

    public JsonNode attach(String url, String token, String session) throws IOException {
        ObjectNode content = Json.object()
                .put("user_name", "ada@example.com")
                .put("workspace_id", 1)
                .put("notebook_id", 2)
                .put("notebook_path", "/Users/ada/n")
                .put("files_root", directory.resolve("files").toString())
                .put("files_access", directory.resolve("files-access.json").toString())
                .put("results_dir", directory.resolve("results").toString());
        content.putObject("spark")
                .put("url", url)
                .put("token", token)
                .put("user_id", "7")
                .put("session_id", session);
        return request(control, "campanile_attach_request", content);
    }

    public JsonNode ask(String type, ObjectNode content) throws IOException {
        JsonNode reply = request(shell, type, content);
        return reply;
    }

    public JsonNode askControl(String type) throws IOException {
        return request(control, type, Json.object());
    }

    private JsonNode request(ZMQ.Socket socket, String type, ObjectNode content) throws IOException {
        String id = send(socket, type, content);
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            Message reply = receive(socket, Duration.ofSeconds(1));
            if (reply != null && reply.parent().path("msg_id").asText().equals(id)) {
                return reply.content();
            }
        }
        throw new IOException("No answer to " + type + ": " + log());
    }

    public CellResult run(String code) throws IOException {
        return await(start(code, "JAVA"), PATIENCE);
    }

    public CellResult sql(String code) throws IOException {
        return await(start(code, "SQL"), PATIENCE);
    }

    /** Sends a cell and returns its message id. */
    public String start(String code, String language) {
        ObjectNode content = Json.object()
                .put("code", code)
                .put("silent", false)
                .put("store_history", true)
                .put("allow_stdin", false)
                .put("stop_on_error", true);
        content.putObject("user_expressions");
        content.putObject("campanile").put("language", language);
        return send(shell, "execute_request", content);
    }

    /** Collects what a cell shows until it is idle and its reply has come. */
    public CellResult await(String id, Duration patience) throws IOException {
        List<Message> shown = new ArrayList<>();
        Instant end = Instant.now().plus(patience);
        boolean idle = false;
        while (!idle && Instant.now().isBefore(end)) {
            Message message = receive(iopub, Duration.ofSeconds(1));
            if (message != null && message.parent().path("msg_id").asText().equals(id)) {
                shown.add(message);
                idle = message.content().path("execution_state").asText().equals("idle");
            }
        }
        while (Instant.now().isBefore(end)) {
            Message reply = receive(shell, Duration.ofSeconds(1));
            if (reply != null && reply.parent().path("msg_id").asText().equals(id)) {
                return new CellResult(reply.content(), shown);
            }
        }
        throw new IOException("The cell did not end; shown: " + shown.size() + "; log: " + log());
    }

    /** Waits until the cell has shown a message of the type, for instance its first printed text. */
    public void awaitShown(String id, String type) throws IOException {
        awaitShown(id, type, content -> true);
    }

    public void awaitShown(String id, String type, Predicate<JsonNode> wanted) throws IOException {
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            Message message = receive(iopub, Duration.ofSeconds(1));
            if (message != null
                    && message.type().equals(type)
                    && wanted.test(message.content())
                    && message.parent().path("msg_id").asText().equals(id)) {
                return;
            }
        }
        throw new IOException("The cell showed no " + type + ": " + log());
    }

    private String send(ZMQ.Socket socket, String type, ObjectNode content) {
        Message request = codec.answer(
                new Message(List.of(), Json.object(), Json.object(), Json.object(), Json.object()), type, content);
        List<byte[]> frames = codec.encode(request);
        for (int i = 0; i < frames.size(); i++) {
            socket.send(frames.get(i), i + 1 < frames.size() ? ZMQ.SNDMORE : 0);
        }
        return request.id();
    }

    private @org.jspecify.annotations.Nullable Message receive(ZMQ.Socket socket, Duration patience)
            throws IOException {
        socket.setReceiveTimeOut((int) patience.toMillis());
        byte[] first = socket.recv();
        if (first == null) {
            return null;
        }
        List<byte[]> frames = new ArrayList<>();
        frames.add(first);
        while (socket.hasReceiveMore()) {
            frames.add(socket.recv());
        }
        return codec.decode(frames);
    }

    private ZMQ.Socket connect(SocketType type, int port) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setLinger(0);
        if (type == SocketType.DEALER) {
            socket.setIdentity(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        }
        socket.connect("tcp://127.0.0.1:" + port);
        return socket;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        context.close();
    }
}
