package io.campanile.workspace.notebooks;

import io.campanile.common.auth.Caller;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.formats.NotebookSink;
import io.campanile.workspace.formats.NotebookSource;
import java.io.IOException;

/** What the tree asks of the owner of the documents. Every call may be repeated. */
public interface NotebookClient {
    /** Makes the document of an entry, or with {@code replace} a new revision of it. */
    void put(Caller caller, long objectId, NotebookSource notebook, boolean replace);

    /** The document's cells, with their latest outputs if asked; they come while they are read. */
    <R> R read(Caller caller, long objectId, boolean outputs, Reading<R> reading);

    /** The same, whole in memory. */
    default Notebook get(Caller caller, long objectId, boolean outputs) {
        return read(caller, objectId, outputs, Document::whole);
    }

    /** What is done with a document. */
    @FunctionalInterface
    interface Reading<R> {
        R read(Document document) throws IOException;
    }

    /** A document on its way; it can be taken once, in one way or the other. */
    interface Document {
        /** On its way it has so many. */
        long bytes();

        /** Cell by cell, however large it is. */
        void sendTo(NotebookSink sink) throws IOException;

        /** Whole; MAX_NOTEBOOK_SIZE_EXCEEDED when that is too much for the memory. */
        Notebook whole() throws IOException;
    }

    /** Removes the document and stops its kernel; fine when there is none. */
    void delete(Caller caller, long objectId);

    /** Sets the notebook's language. */
    void setLanguage(Caller caller, long objectId, Language language);
}
