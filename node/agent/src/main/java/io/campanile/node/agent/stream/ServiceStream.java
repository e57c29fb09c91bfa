package io.campanile.node.agent.stream;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one WebSocket to a service open for as long as the agent lives, on a thread of its own. */
final class ServiceStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceStream.class);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final Duration PING = Duration.ofSeconds(5);
    private static final long OPEN_SECONDS = 10;

    /** Where and as whom to connect, and what to do with what comes. */
    record Target(
            String service,
            String path,
            Supplier<String> bearer,
            Consumer<Connection> opened,
            Consumer<String> frames,
            Runnable contact) {}

    private final HttpClient http;
    private final Endpoints endpoints;
    private final Target target;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Connection current;

    ServiceStream(HttpClient http, Endpoints endpoints, Target target) {
        this.http = http;
        this.endpoints = endpoints;
        this.target = target;
        this.thread = new Thread(this::run, target.service());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The open connection, null while there is none. */
    @Nullable
    Connection current() {
        return current;
    }

    private void run() {
        var backoff = new Backoff();
        while (!closed) {
            try {
                long began = System.nanoTime();
                String reason = connectAndWait();
                if (System.nanoTime() - began > SILENCE.toNanos()) {
                    backoff.reset();
                }
                LOG.atInfo()
                        .addKeyValue("service", target.service())
                        .addKeyValue("reason", reason)
                        .log("Stream ended");
            } catch (IOException | ExecutionException | TimeoutException e) {
                LOG.atDebug()
                        .addKeyValue("service", target.service())
                        .setCause(e)
                        .log("Stream not opened");
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.atError()
                        .addKeyValue("service", target.service())
                        .setCause(e)
                        .log("Stream failed");
            }
            try {
                TimeUnit.NANOSECONDS.sleep(backoff.next().toNanos());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private String connectAndWait() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        var connection = new Connection(target.frames(), target.contact());
        var socket = http.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(OPEN_SECONDS))
                .header("Authorization", "Bearer " + target.bearer().get())
                .buildAsync(endpoints.webSocket(target.service(), target.path()), connection)
                .get(OPEN_SECONDS, TimeUnit.SECONDS);
        connection.open(socket);
        LOG.atInfo().addKeyValue("service", target.service()).log("Stream opened");
        target.contact().run();
        current = connection;
        try {
            target.opened().accept(connection);
            while (true) {
                try {
                    return connection.ended().get(PING.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    connection.check(SILENCE);
                }
            }
        } finally {
            current = null;
            connection.end("left");
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Connection connection = current;
        if (connection != null) {
            connection.end("closed");
        }
    }
}
