package io.campanile.node.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.agent.Loop;
import io.campanile.node.agent.kernel.JupyterMessage;
import io.campanile.node.agent.spool.Spool;
import io.campanile.node.protocol.NodeJson;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/**
 * Turns what a kernel publishes for one run into numbered records: text is gathered for 33 ms, a table waits until its
 * file is stored (and all behind it), and output beyond the limit is dropped. Belongs to the agent's loop.
 */
final class RunOutput {
    static final String RESULT_MIME = "application/vnd.campanile.result.v1+json";
    private static final Duration GATHER = Duration.ofMillis(33);
    private static final int PIECE = 64 << 10;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What one run and one node may hold. */
    record Limits(long runBytes, long nodeBytes) {
        static final Limits CONTRACT = new Limits(16 << 20, 256 << 20);
    }

    /** A record that cannot be appended before those in front of it. */
    private static final class Held {
        private final String kind;
        private final ObjectNode data;
        private boolean ready;

        private Held(String kind, ObjectNode data, boolean ready) {
            this.kind = kind;
            this.data = data;
            this.ready = ready;
        }
    }

    private final long runId;
    private final Loop loop;
    private final Spool spool;
    private final ResultUpload uploads;
    private final Limits limits;
    private final Deque<Held> held = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();
    private String textName = "stdout";
    private boolean flushDue;
    private long bytes;
    private boolean full;
    private Runnable ended = () -> {};

    RunOutput(long runId, Loop loop, Spool spool, ResultUpload uploads, Limits limits) {
        this.runId = runId;
        this.loop = loop;
        this.spool = spool;
        this.uploads = uploads;
        this.limits = limits;
    }

    void started() {
        emit("started", JSON.objectNode());
    }

    /** One message of the kernel's iopub channel that belongs to this run. */
    void publish(String type, JsonNode content, BiConsumer<String, JsonNode> passing) {
        switch (type) {
            case "stream" ->
                stream(
                        content.path("name").asText("stdout"),
                        content.path("text").asText());
            case "display_data" -> display("display", content);
            case "execute_result" -> display("result", content);
            case "update_display_data" -> display("update_display", content);
            case "clear_output" -> record("clear", JSON.objectNode().set("wait", content.path("wait")));
            case "error" -> error(content);
            case JupyterMessage.TOO_LONG ->
                note("An output of " + (content.path("bytes").asLong() >> 20) + " MiB is too large to show.\n");
            case "campanile_progress" -> passing.accept("progress", content);
            default -> {}
        }
    }

    private void stream(String name, String piece) {
        if (full || piece.isEmpty()) {
            return;
        }
        if (!name.equals(textName)) {
            flush();
            textName = name;
        }
        text.append(piece);
        if (text.length() >= PIECE) {
            flush();
        } else if (!flushDue) {
            flushDue = true;
            loop.after(GATHER, () -> {
                flushDue = false;
                flush();
            });
        }
    }

    private void flush() {
        int start = 0;
        while (start < text.length()) {
            int end = TextCut.end(text, start, PIECE);
            ObjectNode data = JSON.objectNode().put("name", textName).put("text", text.substring(start, end));
            start = end;
            output("stream", data);
        }
        text.setLength(0);
    }

    private void display(String kind, JsonNode content) {
        flush();
        ObjectNode data = JSON.objectNode();
        data.set("data", content.path("data").deepCopy());
        data.set("metadata", content.path("metadata").deepCopy());
        JsonNode id = content.path("transient").path("display_id");
        if (id.isTextual()) {
            data.set("display_id", id);
        }
        JsonNode result = data.path("data").path(RESULT_MIME);
        if (!(result instanceof ObjectNode table)) {
            output(kind, data);
            return;
        }
        table.remove("path");
        var waiting = new Held(kind, data, false);
        held.add(waiting);
        uploads.upload(
                        runId,
                        table.path("result_id").asText(),
                        table.path("truncated").asBoolean())
                .thenAccept(stored -> {
                    if (!stored && data.path("data") instanceof ObjectNode bundle) {
                        bundle.remove(RESULT_MIME);
                    }
                    waiting.ready = true;
                    release();
                });
    }

    private void error(JsonNode content) {
        ObjectNode data = JSON.objectNode();
        data.set("ename", content.path("ename"));
        data.set("evalue", content.path("evalue"));
        data.set("traceback", content.path("traceback"));
        if (content.has("campanile")) {
            data.set("campanile", content.path("campanile"));
        }
        record("error", data);
    }

    /** An error of the platform, shown like one of the cell's own. */
    void failure(String name, String message) {
        ObjectNode data = JSON.objectNode().put("ename", name).put("evalue", message);
        data.set("traceback", JSON.arrayNode());
        record("error", data);
    }

    /** A record that is never dropped. */
    private void record(String kind, ObjectNode data) {
        flush();
        emit(kind, data);
    }

    private void record(String kind, JsonNode data) {
        record(kind, (ObjectNode) data);
    }

    private void output(String kind, ObjectNode data) {
        if (full) {
            return;
        }
        bytes += NodeJson.write(data).length();
        if (bytes <= limits.runBytes() && spool.bytes() <= limits.nodeBytes()) {
            emit(kind, data);
            return;
        }
        full = true;
        String whose = bytes > limits.runBytes()
                ? "This run printed more than " + (limits.runBytes() >> 20) + " MiB"
                : "Output of more than " + (limits.nodeBytes() >> 20) + " MiB waits on this machine to be stored";
        note(whose + ": the rest is not shown.\n");
    }

    private void note(String words) {
        emit("stream", JSON.objectNode().put("name", "stderr").put("text", words));
    }

    /** Appends the last record; {@code then} runs when it is in the spool's hands. */
    void finish(ObjectNode data, Runnable then) {
        flush();
        ended = then;
        emit("finished", data);
    }

    private void emit(String kind, ObjectNode data) {
        held.add(new Held(kind, data, true));
        release();
    }

    private void release() {
        for (Held next = held.peek(); next != null && next.ready; next = held.peek()) {
            held.remove();
            spool.append(runId, next.kind, System.currentTimeMillis(), next.data);
            if (next.kind.equals("finished")) {
                ended.run();
            }
        }
    }
}
