package io.campanile.notebooks.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campanile.common.auth.InternalTokens;
import io.campanile.node.protocol.NodeJson;
import io.campanile.node.protocol.WorkMessage;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A node agent without processes: the real work stream, a spool in memory, and whatever kernel the test plays. */
public final class FakeAgent implements AutoCloseable {
    private final Vertx vertx;
    private final String token;
    public final String nodeId;
    public final String clusterId;
    public final long epoch;
    private final WebSocketClient client;
    private final Map<Long, List<WorkMessage.Record>> spool = new HashMap<>();
    private final Map<Long, Long> acknowledged = new HashMap<>();
    private final Set<Long> finished = new HashSet<>();
    public final List<WorkMessage> received = new CopyOnWriteArrayList<>();
    public final List<WorkMessage.KernelInfo> kernels = new CopyOnWriteArrayList<>();
    private @Nullable WebSocket socket;
    private @Nullable IntSupplier again;
    private volatile BiConsumer<FakeAgent, WorkMessage> reaction = (agent, message) -> {};

    public FakeAgent(Vertx vertx, InternalTokens tokens, long workspaceId, String clusterId, long epoch) {
        this.vertx = vertx;
        this.nodeId = "node-" + clusterId + "-" + epoch;
        this.clusterId = clusterId;
        this.epoch = epoch;
        this.client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(4 << 20).setMaxMessageSize(16 << 20));
        this.token = tokens.sign(
                Map.of(
                        "svc",
                        "node",
                        "nid",
                        nodeId,
                        "cid",
                        clusterId,
                        "ws",
                        workspaceId,
                        "uid",
                        7,
                        "usr",
                        "u",
                        "ep",
                        epoch),
                "notebook-service",
                Duration.ofHours(24));
    }

    public String token() {
        return token;
    }

    public FakeAgent onMessage(BiConsumer<FakeAgent, WorkMessage> what) {
        reaction = what;
        return this;
    }

    public FakeAgent connect(int port) throws Exception {
        open(port).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return this;
    }

    /** Connects, and again after every loss of the connection. */
    public FakeAgent stayConnected(IntSupplier port) {
        again = port;
        retry();
        return this;
    }

    private void retry() {
        IntSupplier port = again;
        if (port != null) {
            open(port.getAsInt()).onFailure(failure -> vertx.setTimer(100, id -> retry()));
        }
    }

    private io.vertx.core.Future<Void> open(int port) {
        var options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/node/v1/work")
                .addHeader("Authorization", "Bearer " + token);
        return client.connect(options).map(opened -> {
            opened.textMessageHandler(this::handle);
            opened.closeHandler(closed -> {
                lost(opened);
                vertx.setTimer(100, id -> retry());
            });
            greet(opened);
            return null;
        });
    }

    private synchronized void greet(WebSocket opened) {
        List<WorkMessage.RunInfo> runs = new ArrayList<>();
        spool.forEach((run, records) -> {
            if (!finished.contains(run) || acknowledged.getOrDefault(run, 0L) < records.size()) {
                runs.add(new WorkMessage.RunInfo(run, records.size(), finished.contains(run)));
            }
        });
        opened.writeTextMessage(
                NodeJson.write(new WorkMessage.Hello(nodeId, clusterId, epoch, List.copyOf(kernels), runs)));
        spool.forEach((run, records) -> records.stream()
                .filter(record -> record.seq() > acknowledged.getOrDefault(run, 0L))
                .forEach(record -> opened.writeTextMessage(NodeJson.write(record))));
        socket = opened;
    }

    private synchronized void lost(WebSocket closed) {
        if (socket == closed) {
            socket = null;
        }
    }

    private void handle(String text) {
        WorkMessage message = NodeJson.read(text, WorkMessage.class);
        received.add(message);
        synchronized (this) {
            if (message instanceof WorkMessage.Ack ack) {
                acknowledged.merge(ack.runId(), ack.seq(), Math::max);
            } else if (message instanceof WorkMessage.Execute execute) {
                if (spool.putIfAbsent(execute.runId(), new ArrayList<>()) != null) {
                    return;
                }
            }
        }
        reaction.accept(this, message);
    }

    /** Appends a record to the spool and sends it when connected. */
    public synchronized void append(long runId, String kind, JsonNode data) {
        List<WorkMessage.Record> records = spool.computeIfAbsent(runId, run -> new ArrayList<>());
        var record = new WorkMessage.Record(runId, records.size() + 1L, System.currentTimeMillis(), kind, data);
        records.add(record);
        if (kind.equals("finished")) {
            finished.add(runId);
        }
        send(record);
    }

    public synchronized void send(WorkMessage message) {
        if (socket != null) {
            socket.writeTextMessage(NodeJson.write(message));
        }
    }

    public void started(long runId) {
        append(runId, "started", JsonNodeFactory.instance.objectNode());
    }

    public void print(long runId, String text) {
        append(
                runId,
                "stream",
                JsonNodeFactory.instance.objectNode().put("name", "stdout").put("text", text));
    }

    public void finish(long runId, String state) {
        append(
                runId,
                "finished",
                JsonNodeFactory.instance.objectNode().put("state", state).put("count", 1));
    }

    public synchronized long acknowledged(long runId) {
        return acknowledged.getOrDefault(runId, 0L);
    }

    public synchronized boolean connected() {
        return socket != null;
    }

    public List<WorkMessage.Execute> executes() {
        return received.stream()
                .filter(WorkMessage.Execute.class::isInstance)
                .map(WorkMessage.Execute.class::cast)
                .toList();
    }

    public boolean wasCanceled(long runId) {
        return received.contains(new WorkMessage.Cancel(runId));
    }

    /** Forgets everything, as a node that lost its disk. */
    public synchronized void loseSpool() {
        spool.clear();
        finished.clear();
    }

    public void disconnect() throws Exception {
        again = null;
        WebSocket open;
        synchronized (this) {
            open = socket;
            socket = null;
        }
        if (open != null) {
            open.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }

    /** Plays a kernel that prints its own code and succeeds, or fails when the code is "fail". */
    public static void echo(FakeAgent agent, WorkMessage message) {
        if (message instanceof WorkMessage.Execute execute) {
            agent.started(execute.runId());
            agent.print(execute.runId(), execute.code() + "\n");
            agent.finish(execute.runId(), execute.code().equals("fail") ? "error" : "ok");
        }
    }

    @Override
    public void close() {
        again = null;
        client.close();
    }
}
