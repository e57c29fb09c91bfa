package io.campanile.clusters.testing;

import io.campanile.clusters.provider.NodeRequest;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.ExecutorLoad;
import io.campanile.node.protocol.ControlMessage.LibraryStatus;
import io.campanile.node.protocol.ControlMessage.Load;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.ControlMessage.ProcessInfo;
import io.campanile.node.protocol.ControlMessage.Scheduler;
import io.campanile.node.protocol.NodeJson;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The agent of a node of {@link FakeProvider}: it connects to the control stream and is ready at once, a worker when it
 * was told to join.
 */
public final class FakeAgent {
    private static final long AGAIN_MILLIS = 200;

    private final Vertx vertx;
    /** Held, because a client that nobody holds is closed by the garbage collector, its connections too. */
    private final WebSocketClient client;

    private final FakeProvider provider;
    private final NodeRequest request;
    private final List<ControlMessage> received = new CopyOnWriteArrayList<>();
    private volatile @Nullable Assignment assignment;
    private volatile boolean joined;
    private volatile boolean stays;
    private volatile @Nullable NodeStatus said;
    private volatile List<LibraryStatus> libraries = List.of();
    private volatile @Nullable WebSocket socket;

    public FakeAgent(Vertx vertx, FakeProvider provider, NodeRequest request) {
        this(vertx, vertx.createWebSocketClient(), provider, request);
    }

    /** {@code client}: of many agents. */
    public FakeAgent(Vertx vertx, WebSocketClient client, FakeProvider provider, NodeRequest request) {
        this.vertx = vertx;
        this.client = client;
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
        client.connect(options).onFailure(refused -> again(port)).onSuccess(opened -> {
            socket = opened;
            opened.closeHandler(closed -> again(port));
            opened.textMessageHandler(text -> handle(NodeJson.read(text, ControlMessage.class)));
            NodeStatus last = said;
            NodeStatus now = last == null ? status(DriverState.STARTING, null) : last;
            send(new ControlMessage.Hello(request.nodeId(), 1, 5, assignment, now));
            if (last == null) {
                provider.crew(request).add(this);
            }
            if (!worker()) {
                say(DriverState.READY, null);
            }
        });
        return this;
    }

    /** Goes on when the manager, or another one, listens where this one did. */
    public FakeAgent stayConnected() {
        stays = true;
        return this;
    }

    private void again(int port) {
        if (stays) {
            vertx.setTimer(AGAIN_MILLIS, due -> connect(port));
        }
    }

    public List<ControlMessage> received() {
        return received;
    }

    public void say(DriverState driver, @Nullable String message) {
        NodeStatus status = status(driver, message);
        said = status;
        send(new ControlMessage.Status(status));
    }

    /** Whether it was ever told to stop. */
    public boolean told() {
        return received.stream().anyMatch(ControlMessage.Stop.class::isInstance);
    }

    /** Says what it said last, as agents do all the time. */
    public void repeat() {
        NodeStatus last = said;
        if (last != null) {
            send(new ControlMessage.Status(last));
        }
    }

    /** What it was there for is up: the driver, or its executor. */
    public boolean ready() {
        NodeStatus last = said;
        return last != null && last.driver() == DriverState.READY;
    }

    /** The node says how far it is with its libraries. */
    public void libraries(List<LibraryStatus> progress) {
        libraries = progress;
        say(DriverState.READY, null);
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
        if (message instanceof ControlMessage.Join && !joined) {
            serve(true, DriverState.READY);
        }
        if (message instanceof ControlMessage.Decommission decommission) {
            crew().filter(agent -> agent.worker() && decommission.executorIds().contains(agent.executorId()))
                    .forEach(agent -> agent.serve(false, DriverState.ENDED));
        }
        if (message instanceof ControlMessage.Stop) {
            provider.crew(request).remove(this);
            provider.lose(request.nodeId());
            WebSocket open = socket;
            if (open != null) {
                open.close();
            }
        }
    }

    /** An executor begins or ends, which its driver sees at once. */
    private void serve(boolean serves, DriverState state) {
        joined = serves;
        say(state, null);
        crew().filter(agent -> !agent.worker()).forEach(driver -> driver.say(DriverState.READY, null));
    }

    private boolean worker() {
        return request.executorId() != null;
    }

    private String executorId() {
        return String.valueOf(request.executorId());
    }

    private Stream<FakeAgent> crew() {
        return provider.crew(request).stream();
    }

    private void send(ControlMessage message) {
        sendRaw(NodeJson.write(message));
    }

    private NodeStatus status(DriverState driver, @Nullable String message) {
        List<ProcessInfo> processes = List.of(new ProcessInfo(worker() ? "executor" : "driver", 12, 4040, 5));
        if (worker() || request.clusterSecret() == null) {
            return new NodeStatus(driver, message, 1, 0, 1L, processes, null, null, libraries, null);
        }
        List<ExecutorLoad> executors = crew().filter(agent -> agent.joined)
                .map(agent -> new ExecutorLoad(agent.executorId(), 2, 0, 1L, 0, null, false))
                .toList();
        return new NodeStatus(
                driver,
                message,
                1,
                0,
                1L,
                processes,
                new Scheduler("spark://127.0.0.1:7077", "app-" + request.nodeId()),
                new Load(0, 0, executors),
                libraries,
                null);
    }
}
