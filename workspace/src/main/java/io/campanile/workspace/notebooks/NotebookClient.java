package io.campanile.workspace.notebooks;

import io.campanile.common.auth.Caller;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;

/** What the tree asks of the owner of the documents. Every call may be repeated. */
public interface NotebookClient {
    /** Makes the document of an entry, or with {@code replace} a new revision of it. */
    void put(Caller caller, long objectId, Notebook notebook, boolean replace);

    /** The document's cells, with their latest outputs if asked. */
    Notebook get(Caller caller, long objectId, boolean outputs);

    /** Removes the document and stops its kernel; fine when there is none. */
    void delete(Caller caller, long objectId);

    /** Sets the notebook's language. */
    void setLanguage(Caller caller, long objectId, Language language);
}
