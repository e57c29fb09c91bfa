package io.campanile.workspace.formats;

import static java.util.Objects.requireNonNull;

/** A notebook read of a file, and what of the file it has no place for. */
public record ReadFile(Notebook notebook, Trimmings trimmings) {
    public ReadFile {
        requireNonNull(notebook, "notebook");
        requireNonNull(trimmings, "trimmings");
    }
}
