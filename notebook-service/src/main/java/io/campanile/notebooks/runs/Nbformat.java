package io.campanile.notebooks.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records of a run as the outputs of nbformat 4, and back. */
final class Nbformat {
    private static final String RESULT = "application/vnd.campanile.result.v1+json";

    /** Characters that are joined into one text: readers of JSON take no text of more than 20 million. */
    private static final int LONGEST_TEXT = 4 * 1024 * 1024;

    private Nbformat() {}

    /**
     * What a notebook file holds of a run, put together record by record: clears carried out, updates applied, adjoining
     * printing joined.
     */
    static final class Writing {
        private final @Nullable Long count;
        private final List<ObjectNode> cells = new ArrayList<>();
        private final Map<String, ObjectNode> displays = new HashMap<>();
        private final StringBuilder text = new StringBuilder();
        /** Of the stream that the text is of; null when there is none. */
        private @Nullable String name;

        private boolean clearNext;

        /** @param count the run's execution count */
        Writing(@Nullable Long count) {
            this.count = count;
        }

        void add(Output output) {
            if (output.kind().equals("clear")) {
                clearNext = output.data().path("wait").asBoolean();
                if (!clearNext) {
                    clear();
                }
                return;
            }
            if (clearNext) {
                clear();
            }
            JsonNode data = output.data();
            switch (output.kind()) {
                case "stream" ->
                    print(data.path("name").asText("stdout"), data.path("text").asText());
                case "display", "result" -> display(data, output.kind().equals("result"));
                case "update_display" -> {
                    ObjectNode earlier = displays.get(data.path("display_id").asText());
                    if (earlier != null) {
                        fill(earlier, data);
                    }
                }
                case "error" -> error(data);
                default -> {
                    // Nothing of a kind that nbformat does not know.
                }
            }
        }

        ArrayNode end() {
            flush();
            ArrayNode written = Json.MAPPER.createArrayNode();
            cells.forEach(written::add);
            return written;
        }

        /** What was displayed before cannot be updated any more: nothing would show it. */
        private void clear() {
            clearNext = false;
            cells.clear();
            displays.clear();
            text.setLength(0);
            name = null;
        }

        private void print(String to, String printed) {
            if (!to.equals(name) || text.length() + printed.length() > LONGEST_TEXT) {
                flush();
                name = to;
            }
            text.append(printed);
        }

        private void flush() {
            if (name == null) {
                return;
            }
            cells.add(Json.MAPPER
                    .createObjectNode()
                    .put("output_type", "stream")
                    .put("name", name)
                    .put("text", text.toString()));
            text.setLength(0);
            name = null;
        }

        private void display(JsonNode data, boolean result) {
            flush();
            ObjectNode cell = Json.MAPPER.createObjectNode();
            cell.put("output_type", result ? "execute_result" : "display_data");
            fill(cell, data);
            if (result) {
                cell.put("execution_count", count);
            }
            cells.add(cell);
            if (data.hasNonNull("display_id")) {
                displays.put(data.get("display_id").asText(), cell);
            }
        }

        private void error(JsonNode data) {
            flush();
            ObjectNode cell = Json.MAPPER
                    .createObjectNode()
                    .put("output_type", "error")
                    .put("ename", data.path("ename").asText())
                    .put("evalue", data.path("evalue").asText());
            JsonNode traceback = data.path("traceback");
            cell.set("traceback", traceback.isArray() ? traceback : Json.MAPPER.createArrayNode());
            cells.add(cell);
        }
    }

    /** A stored result is of this installation alone: elsewhere its text stands for it. */
    private static void fill(ObjectNode cell, JsonNode data) {
        ObjectNode mimes = Json.MAPPER.createObjectNode();
        data.path("data").fields().forEachRemaining(entry -> {
            if (!entry.getKey().equals(RESULT)) {
                mimes.set(entry.getKey(), entry.getValue());
            }
        });
        cell.set("data", mimes);
        JsonNode metadata = data.path("metadata");
        cell.set("metadata", metadata.isObject() ? metadata : Json.MAPPER.createObjectNode());
    }

    /** Records that show what a notebook file holds; outputs of unknown types are left out. */
    static List<Output> read(ArrayNode outputs, long at) {
        List<Output> records = new ArrayList<>();
        for (JsonNode output : outputs) {
            ObjectNode data = Json.MAPPER.createObjectNode();
            String kind = switch (output.path("output_type").asText()) {
                case "stream" -> {
                    data.put("name", output.path("name").asText("stdout")).put("text", joined(output.path("text")));
                    yield "stream";
                }
                case "display_data" -> display(output, data, "display");
                case "execute_result", "pyout" -> display(output, data, "result");
                case "error", "pyerr" -> {
                    data.put("ename", output.path("ename").asText())
                            .put("evalue", output.path("evalue").asText());
                    data.set("traceback", output.path("traceback").deepCopy());
                    yield "error";
                }
                default -> "";
            };
            if (!kind.isEmpty()) {
                records.add(Output.of(records.size() + 1L, kind, at, data));
            }
        }
        return records;
    }

    private static String display(JsonNode output, ObjectNode data, String kind) {
        ObjectNode mimes = data.putObject("data");
        output.path("data").fields().forEachRemaining(entry -> {
            boolean text = entry.getValue().isArray() && !entry.getKey().endsWith("json");
            if (text) {
                mimes.put(entry.getKey(), joined(entry.getValue()));
            } else {
                mimes.set(entry.getKey(), entry.getValue());
            }
        });
        JsonNode metadata = output.path("metadata");
        data.set("metadata", metadata.isObject() ? metadata : Json.MAPPER.createObjectNode());
        return kind;
    }

    /** nbformat writes long text as an array of lines. */
    private static String joined(JsonNode text) {
        if (!text.isArray()) {
            return text.asText();
        }
        StringBuilder whole = new StringBuilder();
        text.forEach(line -> whole.append(line.asText()));
        return whole.toString();
    }
}
