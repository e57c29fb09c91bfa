package io.campanile.notebooks.results;

import io.campanile.common.auth.Caller;

/** Whether a caller may read a notebook, and with it the results its cells made. */
@FunctionalInterface
public interface NotebookReaders {
    /** Ends normally when the caller may; 404 when not. Blocking. */
    Object requireReadable(Caller caller, long notebookId);
}
