package io.campanile.notebooks.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.util.Set;

/** One numbered record of a run. {@code bytes} is the size of its JSON, {@code lines} how many lines a stream ended. */
record Output(long seq, String kind, long at, JsonNode data, int bytes, int lines) {
    static final String STARTED = "started";
    static final String FINISHED = "finished";
    private static final Set<String> KINDS =
            Set.of(STARTED, "stream", "display", "result", "error", "clear", "update_display", FINISHED);

    static Output of(long seq, String kind, long at, JsonNode data) {
        int lines = kind.equals("stream")
                ? (int) data.path("text")
                        .asText()
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                : 0;
        return new Output(seq, kind, at, data, Json.write(data).length(), lines);
    }

    static boolean isKind(String kind) {
        return KINDS.contains(kind);
    }

    /** Whether it is something to look at, rather than news of the run itself. */
    boolean visible() {
        return !kind.equals(STARTED) && !kind.equals(FINISHED);
    }

    boolean stream() {
        return kind.equals("stream");
    }

    /** The Output of the wire. */
    ObjectNode wire() {
        ObjectNode node = Json.MAPPER.createObjectNode();
        if (data instanceof ObjectNode fields) {
            node.setAll(fields);
        }
        return node.put("n", seq).put("kind", kind).put("at", at);
    }
}
