package io.campanile.notebooks.documents;

import java.util.List;
import java.util.Optional;

/** The committed past of the texts of one notebook. */
interface TextHistory {
    /** The changes that led from {@code ver} to the current version, oldest first. */
    List<ChangeSet> since(Cell cell, long ver);

    /** A cell as it was at an earlier revision. */
    Optional<Cell> cellAt(long revision, String cellId);
}
