package io.campanile.node.agent.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campanile.node.protocol.NodeJson;
import io.campanile.node.protocol.WorkMessage;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Both services of a node as one WebSocket server: keeps every record once in a journal file before it acknowledges, as
 * notebook-service does in its database. Runs in the test, or as a process of its own that can be killed.
 */
public final class FakeServices implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Path folder;
    private final Map<Long, Long> stored = new ConcurrentHashMap<>();
    public final List<WorkMessage.Record> records = new CopyOnWriteArrayList<>();
    public final List<JsonNode> control = new CopyOnWriteArrayList<>();
    public final List<JsonNode> work = new CopyOnWriteArrayList<>();
    public final List<String> tokens = new CopyOnWriteArrayList<>();
    public final AtomicInteger repeated = new AtomicInteger();
    public final AtomicInteger gaps = new AtomicInteger();
    public final Map<String, byte[]> results = new ConcurrentHashMap<>();
    public final FakeBucket bucket = new FakeBucket();
    public final FakeLogs logs = new FakeLogs();
    /** Answers what kernels ask for. */
    public volatile UnaryOperator<JsonNode> secrets = question -> question;

    public volatile boolean acknowledging = true;
    public volatile boolean takingResults = true;
    private volatile @Nullable ServerWebSocket controlSocket;
    private volatile @Nullable ServerWebSocket workSocket;
    private @Nullable HttpServer server;

    public FakeServices(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        for (WorkMessage.Record record : journal(folder)) {
            stored.put(record.runId(), record.seq());
            records.add(record);
        }
    }

    /** What the node said last of itself; an empty object before. */
    public JsonNode status() {
        return control.stream()
                .filter(frame -> frame.has("status"))
                .reduce((first, second) -> second)
                .map(frame -> frame.path("status"))
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /** Whether the node has come for work. */
    public boolean working() {
        return work.stream().anyMatch(frame -> frame.path("t").asText().equals("hello"));
    }

    /** What was stored, by whichever process. */
    public static List<WorkMessage.Record> journal(Path folder) throws IOException {
        Path journal = folder.resolve("journal");
        if (!Files.exists(journal)) {
            return List.of();
        }
        String text = Files.readString(journal);
        // A line without its end was cut by a kill before it was acknowledged.
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> (WorkMessage.Record) NodeJson.read(line, WorkMessage.class))
                .toList();
    }

    public FakeServices start() throws Exception {
        HttpServer listening = vertx.createHttpServer(new HttpServerOptions().setMaxWebSocketFrameSize(1 << 20))
                .webSocketHandshakeHandler(handshake -> {
                    tokens.add(handshake.path() + " " + handshake.headers().get("Authorization"));
                    handshake.accept();
                })
                .webSocketHandler(this::opened)
                .requestHandler(this::request)
                .listen(0, "127.0.0.1")
                .await();
        server = listening;
        String address = "http://127.0.0.1:" + listening.actualPort();
        Path draft = folder.resolve("endpoints.draft");
        Files.writeString(
                draft,
                NodeJson.write(Map.of("cluster-manager", address, "notebook-service", address, "workspace", address)));
        Files.move(draft, endpoints(folder), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return this;
    }

    public static Path endpoints(Path folder) {
        return folder.resolve("endpoints.json");
    }

    private void opened(ServerWebSocket socket) {
        boolean controls = socket.path().equals("/node/v1/control");
        if (controls) {
            controlSocket = socket;
        } else {
            workSocket = socket;
        }
        socket.textMessageHandler(frame -> {
            if (controls) {
                control.add(tree(frame));
                event("control " + frame);
            } else {
                worked(socket, frame);
            }
        });
    }

    private void worked(ServerWebSocket socket, String frame) {
        if (!(NodeJson.read(frame, WorkMessage.class) instanceof WorkMessage.Record record)) {
            work.add(tree(frame));
            event("work " + frame);
            return;
        }
        long last = stored.getOrDefault(record.runId(), 0L);
        if (record.seq() > last + 1) {
            gaps.incrementAndGet();
            socket.close((short) 1008, "gap");
            return;
        }
        if (record.seq() <= last) {
            repeated.incrementAndGet();
        } else {
            write(frame);
            stored.put(record.runId(), record.seq());
            records.add(record);
        }
        if (acknowledging) {
            socket.writeTextMessage(NodeJson.write(new WorkMessage.Ack(record.runId(), record.seq())));
        }
    }

    private void write(String frame) {
        try {
            Files.writeString(
                    folder.resolve("journal"), frame + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void request(HttpServerRequest request) {
        if (bucket.answer(request) || logs.answer(request)) {
            return;
        }
        request.body().onSuccess(body -> {
            if (!takingResults) {
                request.response().setStatusCode(503).end();
                return;
            }
            if (request.path().equals("/node/v1/secrets")) {
                JsonNode answer = secrets.apply(tree(body.toString()));
                request.response()
                        .setStatusCode(answer.has("error_code") ? 403 : 200)
                        .end(NodeJson.write(answer));
                return;
            }
            results.put(request.path().substring(request.path().lastIndexOf('/') + 1), body.getBytes());
            request.response().end("{}");
        });
    }

    private static JsonNode tree(String frame) {
        return NodeJson.read(frame, JsonNode.class);
    }

    private void event(String text) {
        if (asProcess) {
            System.out.println(text);
        }
    }

    private static boolean asProcess;

    public void control(Object message) {
        controlFrame(NodeJson.write(message));
    }

    public void work(Object message) {
        workFrame(NodeJson.write(message));
    }

    private void controlFrame(String frame) {
        java.util.Objects.requireNonNull(controlSocket).writeTextMessage(frame).await();
    }

    private void workFrame(String frame) {
        java.util.Objects.requireNonNull(workSocket).writeTextMessage(frame).await();
    }

    /** Cuts both streams without a word. */
    public void cut() {
        for (ServerWebSocket socket : new ServerWebSocket[] {controlSocket, workSocket}) {
            if (socket != null) {
                socket.close((short) 1011, "cut").await();
            }
        }
    }

    public void stopListening() {
        if (server != null) {
            server.close().await();
        }
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    /** {@code FakeServices <folder>}: lines "control <frame>" and "work <frame>" on standard input are sent. */
    public static void main(String[] args) throws Exception {
        asProcess = true;
        var services = new FakeServices(Path.of(args[0])).start();
        System.out.println("started");
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.startsWith("control ")) {
                services.controlFrame(line.substring("control ".length()));
            } else {
                services.workFrame(line.substring("work ".length()));
            }
        }
        System.exit(0);
    }
}
