package io.campanile.workspace.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes off a cell of an .ipynb file what documents have no place for, and puts it on again. */
final class JupyterTrimmings {
    private JupyterTrimmings() {}

    static Optional<Trimmings.CellTrimmings> of(JsonNode node) {
        JsonNode metadata = node.path("metadata");
        JsonNode attachments = node.path("attachments");
        var trimmed = new Trimmings.CellTrimmings(
                metadata.isObject() && !metadata.isEmpty() ? metadata : null,
                attachments.isObject() && !attachments.isEmpty() ? attachments : null,
                node.path("cell_type").asText().equals("raw"));
        return trimmed.none() ? Optional.empty() : Optional.of(trimmed);
    }

    static void putBack(ObjectNode node, Cell cell, Trimmings.@Nullable CellTrimmings trimmed) {
        if (trimmed == null) {
            return;
        }
        if (trimmed.metadata() instanceof ObjectNode kept) {
            ObjectNode metadata = kept.deepCopy();
            JsonNode title = node.path("metadata").path(JupyterFormat.CELL_METADATA);
            if (title.isObject() && metadata.path(JupyterFormat.CELL_METADATA) instanceof ObjectNode ours) {
                ours.setAll((ObjectNode) title);
            } else if (title.isObject()) {
                metadata.set(JupyterFormat.CELL_METADATA, title);
            } else if (metadata.path(JupyterFormat.CELL_METADATA) instanceof ObjectNode ours) {
                ours.remove("title");
            }
            node.set("metadata", metadata);
        }
        boolean text = cell.type() == CellType.MARKDOWN;
        if (text && trimmed.raw()) {
            node.put("cell_type", "raw");
        }
        if (text && trimmed.attachments() != null) {
            node.set("attachments", trimmed.attachments());
            ArrayNode source = node.putArray("source");
            JupyterText.splitInto(source, JupyterText.mentioning(cell.source(), trimmed.attachments()));
        }
    }
}
