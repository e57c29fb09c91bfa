package io.campanile.notebooks.nodes;

import static java.util.Objects.requireNonNull;

import io.campanile.node.protocol.NodeJson;
import io.campanile.node.protocol.WorkMessage;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of one node. Frames are stored by one worker at a time, in order, many records to a transaction;
 * while much waits the socket is paused, which slows the node down and nobody else.
 */
public final class NodeStream {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStream.class);
    private static final int MOST_RECORDS = 1_000;
    private static final long MOST_BYTES = 4L * 1024 * 1024;
    private static final long RESUME_BYTES = 1024L * 1024;

    private final NodeIdentity node;
    private final ServerWebSocket socket;
    private final NodeListener listener;
    private final NodeStreams streams;
    private final Executor workers;
    private final Deque<Frame> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean working;
    private boolean paused;
    private boolean greeted;
    private volatile Set<Long> known = Set.of();
    private volatile boolean closed;
    private volatile boolean declining;
    private volatile long lastSeen = System.nanoTime();

    NodeStream(
            NodeIdentity node, ServerWebSocket socket, NodeListener listener, NodeStreams streams, Executor workers) {
        this.node = requireNonNull(node, "node");
        this.socket = requireNonNull(socket, "socket");
        this.listener = requireNonNull(listener, "listener");
        this.streams = requireNonNull(streams, "streams");
        this.workers = requireNonNull(workers, "workers");
    }

    public NodeIdentity node() {
        return node;
    }

    /** Whether the node spoke of this run when it connected. */
    public boolean knew(long runId) {
        return known.contains(runId);
    }

    /** Whether the node has refused a run: its driver is gone or it is stopping, so it gets no more. */
    public boolean declining() {
        return declining;
    }

    /** Sends a frame; false when the connection has ended, and then the next hello settles what is to be done. */
    public boolean send(WorkMessage message) {
        if (closed) {
            return false;
        }
        socket.writeTextMessage(NodeJson.write(message));
        return true;
    }

    void open() {
        streams.opened(this);
        socket.textMessageHandler(this::received);
        socket.pongHandler(pong -> lastSeen = System.nanoTime());
        socket.exceptionHandler(failure -> close((short) 1011, "The connection failed"));
        socket.closeHandler(ignored -> ended());
    }

    /** Asks for a sign of life and ends a connection that gave none for {@code patienceNanos}. */
    void probe(long patienceNanos) {
        boolean listening;
        synchronized (this) {
            listening = !paused;
        }
        if (listening && System.nanoTime() - lastSeen > patienceNanos) {
            close((short) 1011, "No sign of life");
            return;
        }
        if (!closed) {
            socket.writePing(io.vertx.core.buffer.Buffer.buffer());
        }
    }

    void close(short code, String reason) {
        closed = true;
        socket.close(code, reason);
    }

    private void ended() {
        closed = true;
        streams.closed(this);
        listener.disconnected(this);
        LOG.atInfo()
                .addKeyValue("nodeId", node.nodeId())
                .addKeyValue("clusterId", node.clusterId())
                .log("Work stream closed");
    }

    private void received(String text) {
        lastSeen = System.nanoTime();
        WorkMessage message;
        try {
            message = NodeJson.read(text, WorkMessage.class);
        } catch (IllegalArgumentException e) {
            refuse("A frame cannot be read", e);
            return;
        }
        if (message instanceof WorkMessage.Reply reply) {
            listener.replied(this, reply);
        } else if (message instanceof WorkMessage.Transient news) {
            listener.passing(this, news);
        } else if (message instanceof WorkMessage.Hello
                || message instanceof WorkMessage.Record
                || message instanceof WorkMessage.Declined
                || message instanceof WorkMessage.Kernel) {
            enqueue(new Frame(message, text.length()));
        } else {
            refuse("A node may not send this frame", null);
        }
    }

    private void enqueue(Frame frame) {
        boolean start;
        synchronized (this) {
            waiting.add(frame);
            waitingBytes += frame.bytes();
            if (waitingBytes > MOST_BYTES && !paused) {
                paused = true;
                socket.pause();
            }
            start = !working;
            working = true;
        }
        if (start) {
            schedule();
        }
    }

    private void schedule() {
        try {
            workers.execute(this::work);
        } catch (RejectedExecutionException stopping) {
            close((short) 1001, "The service is stopping");
        }
    }

    /** One transaction's worth of frames, then back to the end of the line: no node starves another. */
    private void work() {
        List<WorkMessage> batch = take();
        if (batch.isEmpty()) {
            return;
        }
        try {
            if (!closed) {
                handle(batch);
            }
        } catch (RecordGapException e) {
            acknowledge(e.stored());
            refuse(String.valueOf(e.getMessage()), null);
        } catch (RuntimeException e) {
            refuse("Frames of a node could not be taken in", e);
        }
        schedule();
    }

    private void handle(List<WorkMessage> batch) throws RecordGapException {
        WorkMessage first = batch.get(0);
        if (first instanceof WorkMessage.Hello hello) {
            greet(hello);
            return;
        }
        if (!greeted) {
            refuse("The first frame must be hello", null);
            return;
        }
        if (first instanceof WorkMessage.Kernel kernel) {
            listener.kernel(this, kernel.kernel());
            return;
        }
        if (first instanceof WorkMessage.Declined declined) {
            declining = true;
            listener.declined(this, declined.runId());
            return;
        }
        List<WorkMessage.Record> records = new ArrayList<>(batch.size());
        batch.forEach(message -> records.add((WorkMessage.Record) message));
        acknowledge(listener.records(this, records));
    }

    private void greet(WorkMessage.Hello hello) {
        if (!hello.clusterId().equals(node.clusterId())
                || hello.epoch() != node.epoch()
                || !hello.nodeId().equals(node.nodeId())) {
            refuse("The hello is not that of the token's node", null);
            return;
        }
        LOG.atInfo()
                .addKeyValue("nodeId", node.nodeId())
                .addKeyValue("clusterId", node.clusterId())
                .addKeyValue("epoch", node.epoch())
                .addKeyValue("runs", hello.runs().size())
                .log("Work stream opened");
        known = hello.runs().stream().map(WorkMessage.RunInfo::runId).collect(Collectors.toUnmodifiableSet());
        listener.connected(this, hello);
        greeted = true;
        streams.ready(this);
        listener.ready(this);
    }

    private void acknowledge(Map<Long, Long> stored) {
        stored.forEach((run, seq) -> send(new WorkMessage.Ack(run, seq)));
    }

    private void refuse(String reason, @Nullable Throwable cause) {
        LOG.atWarn()
                .addKeyValue("nodeId", node.nodeId())
                .addKeyValue("clusterId", node.clusterId())
                .setCause(cause)
                .log("Work stream closed by this side: {}", reason);
        close((short) 1011, reason.length() > 120 ? reason.substring(0, 120) : reason);
    }

    /** The next frames to handle together: one hello or kernel frame, or as many records as fit. */
    private synchronized List<WorkMessage> take() {
        List<WorkMessage> batch = new ArrayList<>();
        long bytes = 0;
        Frame next = waiting.peek();
        while (next != null && batch.size() < MOST_RECORDS && bytes < MOST_BYTES) {
            boolean record = next.message() instanceof WorkMessage.Record;
            if (!record && !batch.isEmpty()) {
                break;
            }
            waiting.poll();
            batch.add(next.message());
            bytes += next.bytes();
            next = record ? waiting.peek() : null;
        }
        waitingBytes -= bytes;
        working = !batch.isEmpty();
        if (paused && waitingBytes < RESUME_BYTES) {
            paused = false;
            lastSeen = System.nanoTime();
            socket.resume();
        }
        return batch;
    }

    private record Frame(WorkMessage message, int bytes) {}
}
