package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What documents ask of the feature that owns outputs. Blocking. */
public interface OutputsOfCells {
    /** By cell id, the outputs of the latest run of each cell that has one. */
    Map<String, CellOutputs> outputsOf(long workspaceId, long notebookId);

    /** An import brought outputs along: they become the outputs of these cells, in the transaction of the import. */
    void imported(DSLContext tx, long workspaceId, long notebookId, long revision, Map<String, CellOutputs> outputs);

    /** The notebook is gone: stop its kernel, end its runs. Idempotent; called after the deletion is committed. */
    void removed(long workspaceId, long notebookId);

    /** Outputs in the form of nbformat 4 and the execution count of the run. */
    record CellOutputs(ArrayNode outputs, @Nullable Integer executionCount) {}
}
