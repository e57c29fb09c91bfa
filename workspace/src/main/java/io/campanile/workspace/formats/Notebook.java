package io.campanile.workspace.formats;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;

/** A notebook outside its document, whole in memory: its language and its cells in order. */
public record Notebook(Language language, List<Cell> cells) implements NotebookSource {
    public Notebook {
        requireNonNull(language, "language");
        cells = List.copyOf(cells);
    }

    @Override
    public void each(CellReader reader) throws IOException {
        for (Cell cell : cells) {
            reader.cell(cell);
        }
    }

    /** Hands it over as something larger would come. */
    public void sendTo(NotebookSink sink) throws IOException {
        sink.language(language);
        each(sink);
    }
}
