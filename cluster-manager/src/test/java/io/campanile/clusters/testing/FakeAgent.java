package io.campanile.clusters.testing;

import io.campanile.clusters.provider.NodeRequest;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.ControlMessage.ProcessInfo;
import io.campanile.node.protocol.NodeJson;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The agent of a node of {@link FakeProvider}: it connects to the control stream and is ready at once. */
public final class FakeAgent {
    /** Held, because a client that nobody holds is closed by the garbage collector, its connections too. */
    private final WebSocketClient client;

    private final FakeProvider provider;
    private final NodeRequest request;
    private final List<ControlMessage> received = new CopyOnWriteArrayList<>();
    private volatile @Nullable Assignment assignment;
    private volatile @Nullable WebSocket socket;

    public FakeAgent(Vertx vertx, FakeProvider provider, NodeRequest request) {
        this.client = vertx.createWebSocketClient();
        this.provider = provider;
        this.request = request;
    }

    public FakeAgent connect(int port) {
        var options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/node/v1/control")
                .addHeader(
                        "Authorization",
                        "Bearer node." + request.nodeId() + "."
                                + request.secret().value());
        client.connect(options).onSuccess(opened -> {
            socket = opened;
            opened.textMessageHandler(text -> handle(NodeJson.read(text, ControlMessage.class)));
            send(new ControlMessage.Hello(request.nodeId(), 1, 5, assignment, status(DriverState.STARTING, null)));
            send(new ControlMessage.Status(status(DriverState.READY, null)));
        });
        return this;
    }

    public List<ControlMessage> received() {
        return received;
    }

    public void say(DriverState driver, @Nullable String message) {
        send(new ControlMessage.Status(status(driver, message)));
    }

    public void sendRaw(String text) {
        WebSocket open = socket;
        if (open != null) {
            open.writeTextMessage(text);
        }
    }

    public boolean connected() {
        WebSocket open = socket;
        return open != null && !open.isClosed();
    }

    private void handle(ControlMessage message) {
        received.add(message);
        if (message instanceof ControlMessage.Assign assign) {
            assignment = assign.assignment();
        }
        if (message instanceof ControlMessage.Stop) {
            provider.lose(request.nodeId());
            WebSocket open = socket;
            if (open != null) {
                open.close();
            }
        }
    }

    private void send(ControlMessage message) {
        sendRaw(NodeJson.write(message));
    }

    private static NodeStatus status(DriverState driver, @Nullable String message) {
        return new NodeStatus(driver, message, 1, 0, 1L, List.of(new ProcessInfo("driver", 12, 4040, 5)));
    }
}
