package io.campanile.notebooks.kernels;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The kernel of one notebook on one cluster.
 *
 * @param state a state of the wire: none, starting, idle, busy, restarting, dead
 */
public record Kernel(
        long workspaceId,
        long notebookId,
        String clusterId,
        String kernelId,
        String sessionId,
        long epoch,
        String state,
        @Nullable String reason,
        Instant since) {
    static final String NONE = "none";
    static final String IDLE = "idle";

    /** The Kernel of the wire. */
    ObjectNode wire() {
        ObjectNode node = Json.MAPPER.createObjectNode().put("state", state).put("since", since.toEpochMilli());
        if (reason != null) {
            node.put("reason", reason);
        }
        return node;
    }
}
