package io.campanile.node.agent.stream;

import io.campanile.node.agent.spool.Spool;
import io.campanile.node.protocol.NodeJson;
import io.campanile.node.protocol.WorkMessage;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream to notebook-service. A thread reads the spool and sends; a new connection begins with {@code hello} and
 * everything that is not acknowledged, so that the service alone decides what is new to it.
 */
public final class WorkStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkStream.class);

    private final ServiceStream stream;
    private final Spool spool;
    private final Supplier<WorkMessage.Hello> hello;
    private final Thread sender;
    private final Set<Long> again = ConcurrentHashMap.newKeySet();
    private final Object signal = new Object();
    private boolean news;
    private boolean closed;
    private @Nullable Connection opened;

    /** {@code hello} and {@code token} are asked anew for each connection; {@code received} runs on its thread. */
    public WorkStream(
            HttpClient http,
            Endpoints endpoints,
            Spool spool,
            Supplier<String> token,
            Supplier<WorkMessage.Hello> hello,
            Consumer<WorkMessage> received) {
        this.spool = spool;
        this.hello = hello;
        this.stream = new ServiceStream(
                http,
                endpoints,
                new ServiceStream.Target(
                        "notebook-service",
                        "/node/v1/work",
                        token,
                        this::begin,
                        frame -> received.accept(NodeJson.read(frame, WorkMessage.class)),
                        () -> {}));
        this.sender = new Thread(this::sendAll, "work-sender");
        sender.setDaemon(true);
        spool.onDurable(this::wake);
    }

    public void start() {
        sender.start();
        stream.start();
    }

    /** Sends what is not kept: kernel states, progress, replies. Lost without a connection. */
    public void send(WorkMessage message) {
        synchronized (signal) {
            // Before its hello a connection carries nothing else.
            if (opened != null) {
                opened.send(NodeJson.write(message));
            }
        }
    }

    /** Sends a run's records again from the first one that is not acknowledged. */
    public void resend(long runId) {
        again.add(runId);
        wake();
    }

    private void begin(Connection connection) {
        synchronized (signal) {
            connection.send(NodeJson.write(hello.get()));
            opened = connection;
            news = true;
            signal.notifyAll();
        }
    }

    private void wake() {
        synchronized (signal) {
            news = true;
            signal.notifyAll();
        }
    }

    private void sendAll() {
        Connection connection = null;
        Spool.Reader reader = spool.reader();
        while (true) {
            synchronized (signal) {
                while (!closed && (!news || opened == null)) {
                    try {
                        signal.wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (closed) {
                    return;
                }
                news = false;
                if (connection != opened) {
                    connection = opened;
                    reader = spool.reader();
                }
            }
            try {
                send(reader, connection);
            } catch (CompletionException e) {
                leave(connection, e);
            }
        }
    }

    private void send(Spool.Reader reader, @Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        List<String> frames;
        do {
            for (Long runId : again) {
                again.remove(runId);
                reader.rewind(runId);
            }
            frames = reader.next();
            for (String frame : frames) {
                // Waiting here is the back-pressure: the spool, not the heap, holds what the service does not take.
                connection.sendAndWait(frame);
            }
        } while (!frames.isEmpty());
    }

    private void leave(@Nullable Connection connection, CompletionException reason) {
        LOG.debug("A record was not sent", reason);
        synchronized (signal) {
            if (opened == connection) {
                opened = null;
            }
        }
        if (connection != null) {
            connection.end("A record was not sent");
        }
    }

    @Override
    public void close() {
        synchronized (signal) {
            closed = true;
            signal.notifyAll();
        }
        stream.close();
    }
}
