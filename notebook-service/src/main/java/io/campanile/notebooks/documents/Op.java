package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One operation on a notebook, decoded and checked by itself; whether it fits the notebook is decided later. */
sealed interface Op {
    /** {@code ver}: from a client the version it changes, once committed the version it made. */
    record Text(String cell, long ver, ChangeSet changes) implements Op {}

    record Insert(
            String cell,
            CellType type,
            @Nullable String lang,
            String pos,
            String src,
            Map<String, JsonNode> meta,
            long ver)
            implements Op {}

    record Delete(String cell) implements Op {}

    record Restore(String cell) implements Op {}

    record Move(String cell, String pos) implements Op {}

    /** {@code val} null removes the key. */
    record Meta(String cell, String key, @Nullable JsonNode val) implements Op {}

    record Type(String cell, CellType type, @Nullable String lang) implements Op {}

    record Language(String lang) implements Op {}

    /** The whole list of cells; those not in it become deleted. */
    record Replace(List<Cell> cells) implements Op {
        public Replace {
            cells = List.copyOf(cells);
        }
    }

    /** The cell it is about; null when it is about all. */
    default @Nullable String cellId() {
        if (this instanceof Text op) {
            return op.cell();
        }
        if (this instanceof Insert op) {
            return op.cell();
        }
        if (this instanceof Delete op) {
            return op.cell();
        }
        if (this instanceof Restore op) {
            return op.cell();
        }
        if (this instanceof Move op) {
            return op.cell();
        }
        if (this instanceof Meta op) {
            return op.cell();
        }
        return this instanceof Type op ? op.cell() : null;
    }
}
