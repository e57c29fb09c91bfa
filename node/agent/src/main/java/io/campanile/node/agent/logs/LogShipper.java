package io.campanile.node.agent.logs;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.process.Redaction;
import io.campanile.node.agent.stream.Backoff;
import io.campanile.node.agent.stream.Endpoints;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the processes of this node write into {@code logs/} to cluster-manager: a chunk at a time, the next when it
 * was taken. What cannot be sent waits in the files, which have a limit; the log says where lines are missing by that.
 */
public final class LogShipper {
    private static final Logger LOG = LoggerFactory.getLogger(LogShipper.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LAST_LINES_MILLIS = 50;
    private static final long NEVER = Long.MIN_VALUE;
    /** Of all streams in one look. */
    private static final long BUDGET = 2L << 20;

    private final HttpClient http;
    private final Endpoints endpoints;
    private final String bearer;
    private final Path folder;
    private final Redaction redaction;
    private final Thread thread;
    private final CountDownLatch finishing = new CountDownLatch(1);
    private final Map<String, LogStream> streams = new LinkedHashMap<>();
    private final ByteBuffer room = ByteBuffer.allocate(LogStream.PIECE);
    private final Backoff backoff = new Backoff();
    private volatile long deadline = NEVER;
    private boolean unwanted;

    /** {@code folder} is where the logs are; {@code redaction} knows what no log of this node may show. */
    public LogShipper(HttpClient http, Endpoints endpoints, String bearer, Path folder, Redaction redaction) {
        this.http = http;
        this.endpoints = endpoints;
        this.bearer = bearer;
        this.folder = folder;
        this.redaction = redaction;
        this.thread = new Thread(this::run, "log-shipper");
        thread.setDaemon(true);
    }

    /** Begins, once the node has its cluster: before, there is nobody whose logs they are. */
    public synchronized void start() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /** The processes have ended: sends what is left, within {@code patience}. */
    public synchronized void finish(Duration patience) throws InterruptedException {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        deadline = System.nanoTime() + patience.toNanos();
        finishing.countDown();
        thread.join(Math.max(1, patience.toMillis()));
        thread.interrupt();
    }

    private void run() {
        try {
            while (!unwanted && !finishing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                look(false);
            }
            // What a process printed last is on its way into its file when it has ended.
            for (int empty = 0; !unwanted && !over() && empty < 2; ) {
                empty = look(true) ? 0 : empty + 1;
                TimeUnit.MILLISECONDS.sleep(LAST_LINES_MILLIS);
            }
        } catch (InterruptedException e) {
            LOG.debug("The logs are not sent any further");
        } finally {
            streams.values().forEach(LogShipper::close);
        }
    }

    private boolean over() {
        long end = deadline;
        return end != NEVER && System.nanoTime() - end > 0;
    }

    /** Sends what there is, within the budget; true when something was sent, or could not be. */
    private boolean look(boolean last) throws InterruptedException {
        boolean some = false;
        try {
            find();
            long sent = 0;
            for (LogStream stream : streams.values()) {
                do {
                    byte[] chunk = stream.chunk(room, last);
                    if (chunk == null || unwanted || over()) {
                        break;
                    }
                    some = true;
                    if (!send(stream, chunk)) {
                        TimeUnit.NANOSECONDS.sleep(backoff.next().toNanos());
                        return true;
                    }
                    sent += chunk.length;
                } while (stream.full() && sent < BUDGET);
            }
        } catch (IOException e) {
            LOG.warn("The logs of this node cannot be read", e);
        }
        return some;
    }

    private void find() throws IOException {
        find(folder, LogNames::stream);
        find(folder.resolve(LogNames.INIT_SCRIPTS), LogNames::ofScript);
    }

    private void find(Path from, Function<String, Optional<String>> names) throws IOException {
        if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.list(from)) {
            files.sorted()
                    .forEach(file -> names.apply(String.valueOf(file.getFileName()))
                            .ifPresent(
                                    name -> streams.computeIfAbsent(name, key -> new LogStream(key, file, redaction))));
        }
    }

    /** False when it is to be tried again later. */
    private boolean send(LogStream stream, byte[] chunk) throws InterruptedException {
        try {
            if (stream.offset() < 0 && !answered(stream, ask(stream, "", new byte[0]))) {
                return false;
            }
            return stream.refused() || answered(stream, ask(stream, "?offset=" + stream.offset(), chunk));
        } catch (IOException e) {
            LOG.debug("A log cannot be sent", e);
            return false;
        }
    }

    private HttpResponse<String> ask(LogStream stream, String query, byte[] body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        endpoints.http("cluster-manager").resolve("/node/v1/logs/" + stream.name() + query))
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "text/plain; charset=utf-8")
                .timeout(PATIENCE)
                .PUT(BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private boolean answered(LogStream stream, HttpResponse<String> response) {
        Long next = next(response);
        if (next != null) {
            stream.taken(next);
            if (response.statusCode() == 200) {
                backoff.reset();
                return true;
            }
            return false;
        }
        switch (response.statusCode()) {
            case 401, 403, 404 -> {
                unwanted = true;
                LOG.atInfo().addKeyValue("status", response.statusCode()).log("The logs of this node are not wanted");
            }
            case 400, 413 -> {
                stream.refuse();
                LOG.atWarn()
                        .addKeyValue("stream", stream.name())
                        .addKeyValue("status", response.statusCode())
                        .log("A log is not taken");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Where cluster-manager goes on, as it says when it takes a chunk and when the chunk belongs elsewhere. */
    private static @Nullable Long next(HttpResponse<String> response) {
        if (response.statusCode() != 200 && response.statusCode() != 409) {
            return null;
        }
        try {
            JsonNode body = NodeJson.read(response.body(), JsonNode.class);
            JsonNode next = body.path("next");
            for (JsonNode detail : body.path("details")) {
                next = detail.has("next") ? detail.path("next") : next;
            }
            return next.canConvertToLong() && next.isNumber() ? Long.valueOf(next.asLong()) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void close(LogStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            LOG.debug("A log was not closed", e);
        }
    }
}
