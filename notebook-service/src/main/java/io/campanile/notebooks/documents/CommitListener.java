package io.campanile.notebooks.documents;

import java.util.List;

/** Hears of what was committed, in order per notebook. Must not block. */
public interface CommitListener {
    void committed(long workspaceId, long notebookId, List<OpEvent> events);

    /** The notebook was deleted. */
    void deleted(long workspaceId, long notebookId);
}
