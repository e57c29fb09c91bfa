package io.campanile.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A second, independent client of the live socket: keeps every output it was ever sent, by run and number. */
public final class NotebookSocket implements AutoCloseable {
    private final String channel;
    private final WebSocket socket;
    private final List<JsonNode> frames = new ArrayList<>();
    private final Map<Long, TreeMap<Long, JsonNode>> outputs = new TreeMap<>();
    private final Map<Long, JsonNode> runs = new TreeMap<>();

    private NotebookSocket(String url, String cookie, long notebookId) throws Exception {
        this.channel = "nb:" + notebookId;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Cookie", cookie)
                .header("Origin", url)
                .buildAsync(URI.create(url.replace("http", "ws") + "/ws/v1"), new Listener())
                .get(20, TimeUnit.SECONDS);
    }

    /** Connects and subscribes; the snapshot has arrived when this returns. */
    public static NotebookSocket open(String url, String cookie, long notebookId) throws Exception {
        NotebookSocket opened = new NotebookSocket(url, cookie, notebookId);
        opened.send(opened.frame("sub").put("rev", 0).set("runs", Installation.JSON.createObjectNode()));
        opened.await(frame -> frame.path("t").asText().equals("snapshot"), Duration.ofSeconds(20));
        return opened;
    }

    public JsonNode snapshot() throws Exception {
        return await(frame -> frame.path("t").asText().equals("snapshot"), Duration.ofSeconds(1));
    }

    /** Replaces the source of a cell, or inserts a cell; answers when the server has committed it. */
    public String insertCell(String language, String source) throws Exception {
        String cell = UUID.randomUUID().toString();
        ObjectNode operation = Installation.JSON.createObjectNode();
        operation.put("kind", "insert").put("cell", cell).put("type", "code").put("lang", language);
        operation.put("pos", "z" + Long.toString(System.nanoTime(), 36) + "V").put("src", source);
        operation.set("meta", Installation.JSON.createObjectNode());
        String client = UUID.randomUUID().toString();
        ObjectNode frame = frame("op").put("cid", client).put("seq", 1).put("base", 0);
        frame.set("op", operation);
        send(frame);
        JsonNode answer = await(
                f -> f.path("cid").asText().equals(client)
                        && f.path("t").asText().matches("ack|nack"),
                Duration.ofSeconds(20));
        if (!answer.path("t").asText().equals("ack")) {
            throw new AssertionError("The cell was refused: " + answer);
        }
        return cell;
    }

    /** Asks for a run of one cell; answers the run's id when the queue has it. */
    public long run(String cell) throws Exception {
        String id = UUID.randomUUID().toString();
        ObjectNode frame = frame("run").put("id", id);
        ArrayNode cells = frame.putArray("cells");
        cells.add(cell);
        send(frame);
        JsonNode answer = await(
                f -> f.path("id").asText().equals(id) && f.path("t").asText().startsWith("run_"),
                Duration.ofSeconds(20));
        if (!answer.path("t").asText().equals("run_ack")) {
            throw new AssertionError("The run was refused: " + answer);
        }
        return answer.path("runs").path(0).path("run_id").asLong();
    }

    /** Waits until the run has ended; answers its last state. */
    public JsonNode ended(long run, Duration limit) throws Exception {
        return awaitRun(run, state -> state.matches("ok|error|canceled|lost"), limit);
    }

    public JsonNode awaitRun(long run, Predicate<String> state, Duration limit) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (frames) {
            while (true) {
                JsonNode known = runs.get(run);
                if (known != null && state.test(known.path("state").asText())) {
                    return known;
                }
                pause(deadline, "run " + run + " is " + known);
            }
        }
    }

    public void cancel(long run) {
        send(frame("cancel").put("run_id", run));
    }

    /** Everything the run printed to standard output, in the order of its numbers. */
    public String printed(long run) {
        StringBuilder text = new StringBuilder();
        synchronized (frames) {
            outputs.getOrDefault(run, new TreeMap<>()).values().forEach(output -> {
                if (output.path("kind").asText().equals("stream")) {
                    text.append(output.path("text").asText());
                }
            });
        }
        return text.toString();
    }

    public List<JsonNode> outputs(long run) {
        synchronized (frames) {
            return List.copyOf(outputs.getOrDefault(run, new TreeMap<>()).values());
        }
    }

    public JsonNode await(Predicate<JsonNode> wanted, Duration limit) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (frames) {
            int looked = 0;
            while (true) {
                for (; looked < frames.size(); looked++) {
                    if (wanted.test(frames.get(looked))) {
                        return frames.get(looked);
                    }
                }
                pause(deadline, "frames so far: " + frames.size());
            }
        }
    }

    public ObjectNode frame(String type) {
        return Installation.JSON.createObjectNode().put("ch", channel).put("t", type);
    }

    public void send(JsonNode frame) {
        socket.sendText(frame.toString(), true).join();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private void pause(long deadline, String state) throws Exception {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new TimeoutException("Not in time; " + state);
        }
        frames.wait(left);
    }

    private void received(JsonNode frame) {
        synchronized (frames) {
            frames.add(frame);
            frame.path("runs").forEach(run -> runs.put(run.path("run_id").asLong(), run));
            if (frame.path("t").asText().equals("run")) {
                runs.put(frame.path("run").path("run_id").asLong(), frame.path("run"));
            }
            if (frame.path("t").asText().equals("outputs")) {
                keep(frame.path("run_id").asLong(), frame.path("items"));
            }
            frame.path("outputs").properties().forEach(entry -> keep(Long.parseLong(entry.getKey()), entry.getValue()));
            frames.notifyAll();
        }
    }

    private void keep(long run, JsonNode items) {
        items.forEach(item -> outputs.computeIfAbsent(run, id -> new TreeMap<>())
                .put(item.path("n").asLong(), item));
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder partial = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                try {
                    received(Installation.JSON.readTree(partial.toString()));
                } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                    throw new IllegalStateException("Not a frame: " + partial, e);
                }
                partial.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }
}
