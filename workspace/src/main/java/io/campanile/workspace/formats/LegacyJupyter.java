package io.campanile.workspace.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Turns cells of nbformat 3 into cells of nbformat 4: {@code input}, {@code pyout}, {@code pyerr}, headings, bare output keys. */
final class LegacyJupyter {
    private static final Map<String, String> MIME_TYPES = Map.of(
            "text", "text/plain",
            "html", "text/html",
            "svg", "image/svg+xml",
            "png", "image/png",
            "jpeg", "image/jpeg",
            "latex", "text/latex",
            "json", "application/json",
            "javascript", "application/javascript",
            "pdf", "application/pdf");

    private LegacyJupyter() {}

    static JsonNode cell(JsonNode old) {
        ObjectNode cell = JsonNodeFactory.instance.objectNode();
        JsonNode metadata = old.path("metadata");
        cell.set("metadata", metadata.isObject() ? metadata : cell.objectNode());
        String type = old.path("cell_type").asText();
        if (type.equals("heading")) {
            String level = "#".repeat(Math.max(1, Math.min(6, old.path("level").asInt(1))));
            return cell.put("cell_type", "markdown")
                    .put("source", level + " " + JupyterText.joined(old.path("source")));
        }
        cell.put("cell_type", type.equals("html") ? "markdown" : type);
        if (!type.equals("code")) {
            return cell.put("source", JupyterText.joined(old.path("source")));
        }
        cell.put("source", JupyterText.joined(old.path("input")));
        cell.set("execution_count", old.path("prompt_number").isInt() ? old.path("prompt_number") : cell.nullNode());
        ArrayNode outputs = cell.putArray("outputs");
        old.path("outputs").forEach(output -> outputs.add(output(output)));
        return cell;
    }

    private static JsonNode output(JsonNode old) {
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        switch (old.path("output_type").asText()) {
            case "stream" ->
                output.put("output_type", "stream")
                        .put("name", old.path("stream").asText("stdout"))
                        .put("text", JupyterText.joined(old.path("text")));
            case "pyerr" -> {
                output.put("output_type", "error");
                output.setAll((ObjectNode) old.deepCopy());
                output.put("output_type", "error");
            }
            case "pyout" -> {
                output.put("output_type", "execute_result");
                output.set("execution_count", old.path("prompt_number"));
                bundle(old, output);
            }
            default -> {
                output.put("output_type", "display_data");
                bundle(old, output);
            }
        }
        return output;
    }

    private static void bundle(JsonNode old, ObjectNode output) {
        ObjectNode data = output.putObject("data");
        MIME_TYPES.forEach((key, mimeType) -> {
            if (old.has(key)) {
                data.put(mimeType, JupyterText.joined(old.path(key)));
            }
        });
        JsonNode metadata = old.path("metadata");
        output.set("metadata", metadata.isObject() ? metadata : output.objectNode());
    }
}
