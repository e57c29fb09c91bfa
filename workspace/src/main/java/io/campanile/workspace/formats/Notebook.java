package io.campanile.workspace.formats;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A notebook outside its document: its language and its cells in order. */
public record Notebook(Language language, List<Cell> cells) {
    public Notebook {
        requireNonNull(language, "language");
        cells = List.copyOf(cells);
    }
}
