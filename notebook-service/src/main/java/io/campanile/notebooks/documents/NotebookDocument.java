package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/** A notebook as of one committed revision; {@code cells} are in document order, without deleted ones. */
public record NotebookDocument(
        long workspaceId, long notebookId, String language, long revision, Instant modifiedAt, List<Cell> cells) {
    public NotebookDocument {
        requireNonNull(language, "language");
        requireNonNull(modifiedAt, "modifiedAt");
        cells = List.copyOf(cells);
    }

    /** The language a code cell runs in. */
    public String languageOf(Cell cell) {
        return cell.lang() == null ? language : cell.lang();
    }
}
