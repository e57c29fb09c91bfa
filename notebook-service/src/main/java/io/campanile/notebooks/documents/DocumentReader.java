package io.campanile.notebooks.documents;

import java.util.Optional;

/** Committed notebooks, for other features. Blocking. */
public interface DocumentReader {
    /** The newest committed revision; empty when the workspace has no such notebook. */
    Optional<NotebookDocument> read(long workspaceId, long notebookId);
}
