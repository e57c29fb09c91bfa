package io.campanile.notebooks.results;

import java.time.Instant;
import java.util.List;

/**
 * A stored table.
 *
 * @param batches how many rows each record batch of its file has
 */
record StoredResult(
        long workspaceId,
        String resultId,
        long notebookId,
        long runId,
        List<ResultColumn> columns,
        List<Integer> batches,
        long rows,
        long bytes,
        boolean truncated,
        Instant createdAt) {
    StoredResult {
        columns = List.copyOf(columns);
        batches = List.copyOf(batches);
    }

    /** The position of a column; 400 by the caller when there is none. */
    int indexOf(String name) {
        for (int index = 0; index < columns.size(); index++) {
            if (columns.get(index).name().equals(name)) {
                return index;
            }
        }
        return -1;
    }
}
