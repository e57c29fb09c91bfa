package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A committed cell.
 *
 * @param lang null = the notebook's language
 * @param ver rises with every change of the text
 * @param pos fractional index: base-62 digits compared bytewise, ties broken by the id
 */
public record Cell(
        String id, CellType type, @Nullable String lang, String src, long ver, String pos, Map<String, JsonNode> meta) {
    public Cell {
        requireNonNull(id, "id");
        requireNonNull(type, "type");
        requireNonNull(src, "src");
        requireNonNull(pos, "pos");
        meta = Map.copyOf(meta);
    }

    /** As the browser reads it. */
    public ObjectNode json() {
        return OpCodec.encodeCell(this);
    }
}
