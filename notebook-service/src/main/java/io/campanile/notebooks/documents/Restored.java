package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.time.Instant;

/**
 * A restore that was done: the operations after {@code before} up to {@code after} made the notebook what it had been at
 * {@code revision}. There are none when it was that already.
 */
record Restored(long revision, Instant revisionAt, long before, long after) {
    ObjectNode json() {
        return Json.MAPPER
                .createObjectNode()
                .put("restored", revision)
                .put("before", before)
                .put("revision", after);
    }
}
