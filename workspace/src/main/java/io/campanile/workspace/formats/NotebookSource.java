package io.campanile.workspace.formats;

import java.io.IOException;

/** A notebook whose cells come one after the other, as often as asked: never more than one of them needs memory. */
public interface NotebookSource {
    Language language();

    /** All cells in order. */
    void each(CellReader reader) throws IOException;

    /** Takes one cell after the other. */
    @FunctionalInterface
    interface CellReader {
        void cell(Cell cell) throws IOException;
    }
}
