package io.campanile.node.agent.stream;

import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.NodeJson;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The stream to cluster-manager: heartbeats out, the assignment and the order to stop in. */
public final class ControlStream implements AutoCloseable {
    private final ServiceStream stream;
    private volatile long contact = System.nanoTime();

    /** {@code hello} is asked anew for each connection; {@code received} is called on the connection's thread. */
    public ControlStream(
            HttpClient http,
            Endpoints endpoints,
            String bearer,
            Supplier<ControlMessage.Hello> hello,
            Consumer<ControlMessage> received) {
        this.stream = new ServiceStream(
                http,
                endpoints,
                new ServiceStream.Target(
                        "cluster-manager",
                        "/node/v1/control",
                        () -> bearer,
                        connection -> connection.send(NodeJson.write(hello.get())),
                        frame -> received.accept(NodeJson.read(frame, ControlMessage.class)),
                        () -> contact = System.nanoTime()));
    }

    public void start() {
        stream.start();
    }

    /** Sends when there is a connection; what is missed is in the next hello. */
    public CompletableFuture<?> send(ControlMessage message) {
        Connection connection = stream.current();
        return connection == null ? CompletableFuture.completedFuture(null) : connection.send(NodeJson.write(message));
    }

    /** Since when cluster-manager was not heard. */
    public long silentSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - contact);
    }

    @Override
    public void close() {
        stream.close();
    }
}
