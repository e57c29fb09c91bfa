package io.campanile.clusters.node;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.NodeJson;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control streams of the connected nodes. A node has one: a new connection replaces the one before. */
public final class ControlStreams implements NodeLinks {
    private static final Logger LOG = LoggerFactory.getLogger(ControlStreams.class);
    private static final short POLICY_VIOLATION = 1008;

    private final NodeService nodes;
    private final Blocking blocking;
    private final Runnable wake;
    private final Map<String, ServerWebSocket> sockets = new ConcurrentHashMap<>();

    /** {@code wake} is called when a node said something the reconciler should look at soon. */
    public ControlStreams(NodeService nodes, Blocking blocking, Runnable wake) {
        this.nodes = requireNonNull(nodes, "nodes");
        this.blocking = requireNonNull(blocking, "blocking");
        this.wake = requireNonNull(wake, "wake");
    }

    /** Mounted as a plain route because the credential is checked before the upgrade: a stranger gets a 401. */
    public void mount(Endpoints api) {
        api.async(HttpMethod.GET, "/node/v1/control", Requires.node("node.control", "node"), (caller, context) -> {
            context.request().pause();
            String credential = Endpoints.bearer(context).orElse("");
            return blocking.call(() -> nodes.authenticate(credential))
                    .onComplete(checked -> context.request().resume())
                    .compose(found -> found.map(nodeId -> open(context, nodeId))
                            .orElseGet(() -> Future.failedFuture(new ApiException(
                                    ErrorCode.UNAUTHENTICATED, "Credential was not sent or is not valid"))));
        });
    }

    @Override
    public boolean send(String nodeId, ControlMessage message) {
        ServerWebSocket socket = sockets.get(nodeId);
        if (socket == null || socket.isClosed()) {
            return false;
        }
        socket.writeTextMessage(NodeJson.write(message))
                .onFailure(e ->
                        LOG.atInfo().addKeyValue("nodeId", nodeId).setCause(e).log("A frame did not reach its node"));
        return true;
    }

    @Override
    public boolean connected(String nodeId) {
        return sockets.containsKey(nodeId);
    }

    private Future<Void> open(RoutingContext context, String nodeId) {
        return context.request()
                .toWebSocket()
                .recover(e ->
                        Future.failedFuture(new ApiException(ErrorCode.BAD_REQUEST, "This address is a WebSocket", e)))
                .map(socket -> {
                    new Conversation(nodeId, socket).begin();
                    return null;
                });
    }

    /** The frames of one connection, handled one after the other in the order they came. */
    private final class Conversation {
        private final String nodeId;
        private final ServerWebSocket socket;
        private Future<Void> tail = Future.succeededFuture();
        private @Nullable String driverState;

        Conversation(String nodeId, ServerWebSocket socket) {
            this.nodeId = nodeId;
            this.socket = socket;
        }

        void begin() {
            socket.textMessageHandler(this::received);
            socket.closeHandler(closed -> {
                if (sockets.remove(nodeId, socket)) {
                    nodes.disconnected(nodeId);
                }
                LOG.atInfo().addKeyValue("nodeId", nodeId).log("Node disconnected");
                wake.run();
            });
        }

        private void received(String frame) {
            ControlMessage message;
            try {
                message = NodeJson.read(frame, ControlMessage.class);
            } catch (IllegalArgumentException e) {
                end("A frame was not understood", e);
                return;
            }
            tail = tail.transform(before -> handle(message)).onFailure(e -> end("A frame could not be handled", e));
        }

        private Future<Void> handle(ControlMessage message) {
            if (message instanceof ControlMessage.Hello hello) {
                if (!hello.nodeId().equals(nodeId)) {
                    return Future.failedFuture("A node spoke for another");
                }
                return blocking.call(() -> nodes.hello(nodeId, hello))
                        .map(this::welcome)
                        .compose(welcomed -> blocking.call(() -> nodes.missed(nodeId)))
                        .map(missed -> {
                            missed.ifPresent(order -> send(nodeId, order));
                            return null;
                        });
            }
            if (message instanceof ControlMessage.Status status) {
                boolean news = !status.status().driver().name().equals(driverState);
                driverState = status.status().driver().name();
                if (!news) {
                    nodes.heard(nodeId, status.status());
                    return Future.succeededFuture();
                }
                return blocking.call(() -> {
                            nodes.status(nodeId, status.status());
                            return (Void) null;
                        })
                        .onSuccess(done -> wake.run());
            }
            if (message instanceof ControlMessage.Bye bye) {
                return blocking.call(() -> {
                            nodes.bye(nodeId, bye.reason());
                            return (Void) null;
                        })
                        .onSuccess(done -> wake.run());
            }
            return Future.failedFuture("A node sent a frame that only we may send");
        }

        private @Nullable Void welcome(List<ControlMessage> answers) {
            ServerWebSocket before = sockets.put(nodeId, socket);
            if (before != null && before != socket) {
                before.close(POLICY_VIOLATION, "The node opened another connection");
            }
            answers.forEach(answer -> send(nodeId, answer));
            LOG.atInfo().addKeyValue("nodeId", nodeId).log("Node connected");
            wake.run();
            return null;
        }

        private void end(String reason, Throwable cause) {
            LOG.atWarn()
                    .addKeyValue("nodeId", nodeId)
                    .addKeyValue("reason", reason)
                    .setCause(cause)
                    .log("Connection of a node ended");
            socket.close(POLICY_VIOLATION, reason);
        }
    }
}
