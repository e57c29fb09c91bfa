package io.campanile.workspace.formats;

import java.io.IOException;

/** Takes a notebook cell by cell; its language comes first. */
public interface NotebookSink extends NotebookSource.CellReader {
    void language(Language language) throws IOException;
}
