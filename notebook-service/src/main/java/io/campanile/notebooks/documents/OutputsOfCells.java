package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.function.BiConsumer;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What documents ask of the feature that owns outputs. Blocking. */
public interface OutputsOfCells {
    /** The outputs of the latest run of each cell that has one, read when they are asked for. */
    Known outputsOf(long workspaceId, long notebookId);

    /** An import brought outputs along: they become the outputs of these cells, in the transaction of the import. */
    void imported(DSLContext tx, long workspaceId, long notebookId, long revision, Brought outputs);

    /** Outputs of a notebook's cells. */
    interface Known {
        /** Of all cells together. */
        long bytes();

        /** Of one cell; null when it has none. */
        @Nullable
        CellOutputs of(String cellId);
    }

    /** Outputs that come cell by cell: all of them together may be more than the memory holds. */
    @FunctionalInterface
    interface Brought {
        void each(BiConsumer<String, CellOutputs> cell);
    }

    /** The notebook is gone: stop its kernel, end its runs. Idempotent; called after the deletion is committed. */
    void removed(long workspaceId, long notebookId);

    /** Outputs in the form of nbformat 4 and the execution count of the run. */
    record CellOutputs(ArrayNode outputs, @Nullable Integer executionCount) {}
}
