package io.campanile.notebooks;

import io.campanile.notebooks.documents.CommitListener;
import io.campanile.notebooks.documents.OpEvent;
import java.util.List;

/** Tells every listener of every commit, in the order given. */
record Committed(List<CommitListener> listeners) implements CommitListener {
    @Override
    public void committed(long workspaceId, long notebookId, List<OpEvent> events) {
        listeners.forEach(listener -> listener.committed(workspaceId, notebookId, events));
    }

    @Override
    public void doubted(long workspaceId, long notebookId) {
        listeners.forEach(listener -> listener.doubted(workspaceId, notebookId));
    }

    @Override
    public void deleted(long workspaceId, long notebookId) {
        listeners.forEach(listener -> listener.deleted(workspaceId, notebookId));
    }
}
