package io.campanile.node.agent.stream;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open WebSocket: frames leave in the order of {@link #send}, whichever thread calls it. */
public final class Connection implements WebSocket.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Consumer<String> frames;
    private final Runnable contact;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private CompletableFuture<WebSocket> tail = opened;
    private volatile long heard = System.nanoTime();

    Connection(Consumer<String> frames, Runnable contact) {
        this.frames = frames;
        this.contact = contact;
    }

    void open(WebSocket socket) {
        opened.complete(socket);
    }

    /** Completes when the frame was handed to the socket; exceptionally when the connection is gone. */
    public synchronized CompletableFuture<WebSocket> send(String frame) {
        tail = tail.thenCompose(socket -> socket.sendText(frame, true));
        return tail;
    }

    /** Sends and waits; CompletionException when the connection ended before the frame was out. */
    void sendAndWait(String frame) {
        CompletableFuture.anyOf(send(frame), ended).join();
        if (ended.isDone()) {
            throw new CompletionException(new IOException(ended.join()));
        }
    }

    /** Completes with the reason when the connection is gone. */
    CompletableFuture<String> ended() {
        return ended;
    }

    /** Ends the connection when nothing, not even the answer to a ping, was heard for so long. */
    void check(Duration silence) {
        WebSocket socket = opened.getNow(null);
        if (socket == null) {
            return;
        }
        if (System.nanoTime() - heard > silence.toNanos()) {
            end("Nothing was heard for " + silence.toSeconds() + " s");
            return;
        }
        socket.sendPing(ByteBuffer.allocate(0));
    }

    public void end(String reason) {
        ended.complete(reason);
        WebSocket socket = opened.getNow(null);
        if (socket != null) {
            socket.abort();
        } else {
            opened.completeExceptionally(new IllegalStateException(reason));
        }
    }

    private void hear() {
        heard = System.nanoTime();
        contact.run();
    }

    @Override
    public void onOpen(WebSocket socket) {
        socket.request(1);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        hear();
        partial.append(data);
        if (last) {
            String frame = partial.toString();
            partial.setLength(0);
            try {
                frames.accept(frame);
            } catch (RuntimeException e) {
                LOG.warn("A frame was not understood", e);
                end("A frame was not understood");
            }
        }
        socket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
        hear();
        socket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
        hear();
        socket.request(1);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        end("Closed by the service: " + status + " " + reason);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        end(String.valueOf(error));
    }
}
