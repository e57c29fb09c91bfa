package io.campanile.workspace.formats;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One cell as it travels between the tree's files and the documents.
 *
 * @param outputs nbformat 4 outputs, in order
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Cell(
        String id,
        CellType type,
        Language language,
        String source,
        @Nullable String title,
        List<JsonNode> outputs,
        @Nullable Integer executionCount) {
    public Cell {
        requireNonNull(type, "type");
        requireNonNull(language, "language");
        requireNonNull(source, "source");
        id = id == null ? newId() : id;
        outputs = outputs == null ? List.of() : List.copyOf(outputs);
    }

    /** A cell that has not run. */
    public static Cell of(String id, Language language, String source, @Nullable String title) {
        CellType type = language == Language.MARKDOWN ? CellType.MARKDOWN : CellType.CODE;
        return new Cell(id, type, language, source, title, List.of(), null);
    }

    /** An id no other cell has. */
    public static String newId() {
        return UUID.randomUUID().toString();
    }

    /** The same cell with another id. */
    Cell withId(String other) {
        return new Cell(other, type, language, source, title, outputs, executionCount);
    }
}
