package io.campanile.workspace.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Outputs of an nbformat 4 file in one shape: text as strings, every required member there, the unknown left out. */
final class JupyterOutputs {
    private JupyterOutputs() {}

    static List<JsonNode> read(JsonNode outputs) {
        List<JsonNode> read = new ArrayList<>();
        for (JsonNode output : outputs) {
            switch (output.path("output_type").asText()) {
                case "stream" ->
                    read.add(base("stream")
                            .put("name", output.path("name").asText("stdout"))
                            .put("text", JupyterText.joined(output.path("text"))));
                case "display_data" -> read.add(bundle("display_data", output));
                case "execute_result" ->
                    read.add(bundle("execute_result", output)
                            .put(
                                    "execution_count",
                                    output.path("execution_count").isInt()
                                            ? (Integer) output.path("execution_count")
                                                    .intValue()
                                            : null));
                case "error" -> read.add(error(output));
                default -> {
                    // Later minor versions may add kinds; a notebook stays readable without them.
                }
            }
        }
        return read;
    }

    private static ObjectNode base(String type) {
        return JsonNodeFactory.instance.objectNode().put("output_type", type);
    }

    private static ObjectNode bundle(String type, JsonNode output) {
        ObjectNode node = base(type);
        ObjectNode data = node.putObject("data");
        for (Map.Entry<String, JsonNode> entry : output.path("data").properties()) {
            boolean json = entry.getKey().endsWith("json");
            data.set(
                    entry.getKey(),
                    json || !entry.getValue().isArray()
                            ? entry.getValue()
                            : data.textNode(JupyterText.joined(entry.getValue())));
        }
        JsonNode metadata = output.path("metadata");
        node.set("metadata", metadata.isObject() ? metadata : node.objectNode());
        return node;
    }

    private static ObjectNode error(JsonNode output) {
        ObjectNode node = base("error")
                .put("ename", output.path("ename").asText(""))
                .put("evalue", output.path("evalue").asText(""));
        ArrayNode traceback = node.putArray("traceback");
        output.path("traceback").forEach(line -> traceback.add(line.asText("")));
        return node;
    }
}
