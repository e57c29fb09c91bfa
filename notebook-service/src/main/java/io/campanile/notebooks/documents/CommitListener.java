package io.campanile.notebooks.documents;

import java.util.List;

/** Hears of what was committed, in order per notebook. Must not block. */
public interface CommitListener {
    void committed(long workspaceId, long notebookId, List<OpEvent> events);

    /** The database went away at a commit: whether there is something new can only be read from it, later. */
    void doubted(long workspaceId, long notebookId);

    /** The notebook was deleted. */
    void deleted(long workspaceId, long notebookId);
}
