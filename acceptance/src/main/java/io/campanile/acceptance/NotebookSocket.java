package io.campanile.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A second, independent client of the live socket: keeps every output it was ever sent, by run and number. */
public final class NotebookSocket implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final String cookie;
    private final long notebookId;
    private final Heard heard;
    private final WebSocket socket;

    /** The connection is gone, as when the other side was killed; what was not answered is to be asked again. */
    public static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        LostException(String message) {
            super(message);
        }
    }

    /** The service refused a frame, with an error code of the API. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String code;

        RefusedException(JsonNode frame) {
            super("Refused: " + frame);
            this.code = frame.path("error_code").asText();
        }

        public String code() {
            return code;
        }
    }

    private NotebookSocket(String url, String cookie, long notebookId, Heard heard) throws Exception {
        this.url = url;
        this.cookie = cookie;
        this.notebookId = notebookId;
        this.heard = heard;
        try {
            this.socket = HTTP.newWebSocketBuilder()
                    .header("Cookie", cookie)
                    .header("Origin", url)
                    .buildAsync(URI.create(url.replace("http", "ws") + "/ws/v1"), new Listener())
                    .get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Connects and subscribes; the snapshot has arrived when this returns. */
    public static NotebookSocket open(String url, String cookie, long notebookId) throws Exception {
        NotebookSocket opened = new NotebookSocket(url, cookie, notebookId, new Heard());
        opened.subscribe("snapshot");
        return opened;
    }

    /** Another connection that takes up where this one ended: asks only for what this one has not seen. */
    public NotebookSocket reopen() throws Exception {
        NotebookSocket next = new NotebookSocket(url, cookie, notebookId, new Heard(heard));
        next.subscribe("snapshot|resume");
        return next;
    }

    private void subscribe(String answer) throws Exception {
        ObjectNode frame = frame("sub").put("rev", heard.revision());
        frame.set("runs", Installation.JSON.valueToTree(heard.asked()));
        try {
            send(frame);
            await(f -> f.path("t").asText().matches(answer), ANSWER);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    public JsonNode snapshot() throws Exception {
        return await(frame -> frame.path("t").asText().equals("snapshot"), Duration.ofSeconds(1));
    }

    /** Inserts a cell; answers its id when the server has committed it. */
    public String insertCell(String language, String source) throws Exception {
        String cell = UUID.randomUUID().toString();
        String position = "z" + Long.toString(System.nanoTime(), 36) + "V";
        submit(UUID.randomUUID().toString(), 1, 0, insertion(cell, position, language, source));
        return cell;
    }

    /** The operation that inserts a cell. */
    public static ObjectNode insertion(String cell, String position, String language, String source) {
        ObjectNode operation = Installation.JSON.createObjectNode();
        operation.put("kind", "insert").put("cell", cell).put("type", "code").put("lang", language);
        operation.put("pos", position).put("src", source);
        operation.set("meta", Installation.JSON.createObjectNode());
        return operation;
    }

    /** Sends an operation; answers its acknowledgement. The same client and number may be sent again. */
    public JsonNode submit(String client, long number, long base, ObjectNode operation) throws Exception {
        ObjectNode frame = frame("op").put("cid", client).put("seq", number).put("base", base);
        frame.set("op", operation);
        return ask(
                frame,
                f -> f.path("cid").asText().equals(client)
                        && f.path("seq").asLong() == number
                        && f.path("t").asText().matches("ack|nack"));
    }

    /** Asks for a run of one cell; answers the run's id when the queue has it. */
    public long run(String cell) throws Exception {
        return run(UUID.randomUUID().toString(), cell).get(0);
    }

    /** The same under an id that may be sent again; answers the ids of all runs that it stands for. */
    public List<Long> run(String request, String cell) throws Exception {
        ObjectNode frame = frame("run").put("id", request);
        frame.putArray("cells").add(cell);
        JsonNode answer = ask(
                frame,
                f -> f.path("id").asText().equals(request)
                        && f.path("t").asText().startsWith("run_"));
        List<Long> ids = new ArrayList<>();
        answer.path("runs").forEach(run -> ids.add(run.path("run_id").asLong()));
        return ids;
    }

    /** Waits until the run has ended; answers its last state. */
    public JsonNode ended(long run, Duration limit) throws Exception {
        return awaitRun(run, state -> state.matches("ok|error|canceled|lost"), limit);
    }

    public JsonNode awaitRun(long run, Predicate<String> state, Duration limit) throws Exception {
        return heard.awaitRun(run, state, limit);
    }

    public void cancel(long run) throws Exception {
        send(frame("cancel").put("run_id", run));
    }

    /** Fetches what is missing between the outputs of a run, as where the answer to a long absence was folded. */
    public void unfold(long run) throws Exception {
        // Number 1 is the start of the run, and no output.
        long before = 1;
        for (JsonNode output : outputs(run)) {
            long number = output.path("n").asLong();
            if (number > before + 1 || output.path("kind").asText().equals("elided")) {
                fetch(run, before, number);
            }
            before = number;
        }
    }

    private void fetch(long run, long after, long upTo) throws Exception {
        long reached = after;
        boolean more = true;
        while (more && reached < upTo) {
            JsonNode page = ask(
                    frame("fetch").put("run_id", run).put("after", reached),
                    f -> f.path("t").asText().equals("outputs")
                            && f.has("more")
                            && f.path("run_id").asLong() == run);
            more = page.path("more").asBoolean();
            reached = page.path("items")
                    .path(page.path("items").size() - 1)
                    .path("n")
                    .asLong(upTo);
        }
    }

    /** Everything the run printed to standard output, in the order of its numbers. */
    public String printed(long run) {
        StringBuilder text = new StringBuilder();
        outputs(run).forEach(output -> {
            if (output.path("kind").asText().equals("stream")) {
                text.append(output.path("text").asText());
            }
        });
        return text.toString();
    }

    public List<JsonNode> outputs(long run) {
        return heard.outputs(run);
    }

    /** The outputs that this connection was sent unasked, as they came. */
    public List<JsonNode> arrivals(long run) {
        return heard.arrivals(run);
    }

    /** The last output of a run that was known when this connection began. */
    public long asked(long run) {
        return heard.asked().getOrDefault(run, 0L);
    }

    /** The revisions of the operations that this connection was told of, as they came. */
    public List<Long> operations() {
        return heard.operations();
    }

    /** The newest revision that was heard of. */
    public long revision() {
        return heard.revision();
    }

    /** Whether the server went on where the connection before this one had ended. */
    public boolean resumed() throws Exception {
        return await(frame -> frame.path("t").asText().matches("snapshot|resume"), ANSWER)
                .path("t")
                .asText()
                .equals("resume");
    }

    /** Whether the connection is gone. */
    public boolean lost() {
        return heard.isLost();
    }

    public JsonNode await(Predicate<JsonNode> wanted, Duration limit) throws Exception {
        return heard.await(wanted, limit, 0);
    }

    public ObjectNode frame(String type) {
        return Installation.JSON
                .createObjectNode()
                .put("ch", "nb:" + notebookId)
                .put("t", type);
    }

    public void send(JsonNode frame) throws LostException {
        try {
            socket.sendText(frame.toString(), true).join();
        } catch (CompletionException e) {
            throw new LostException("Not sent: " + e.getCause());
        }
    }

    @Override
    public void close() {
        socket.abort();
        heard.lost("closed here");
    }

    private JsonNode ask(ObjectNode frame, Predicate<JsonNode> answer) throws Exception {
        int from = heard.count();
        send(frame);
        JsonNode answered = heard.await(answer.or(f -> f.path("t").asText().equals("error")), ANSWER, from);
        if (answered.has("error_code")) {
            throw new RefusedException(answered);
        }
        return answered;
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder partial = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                try {
                    heard.received(Installation.JSON.readTree(partial.toString()));
                } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                    throw new IllegalStateException("Not a frame: " + partial, e);
                }
                partial.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            heard.lost(code + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            heard.lost(String.valueOf(error));
        }
    }
}
