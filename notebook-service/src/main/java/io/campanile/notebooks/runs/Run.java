package io.campanile.notebooks.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one cell, without its code.
 *
 * @param epoch the life of the cluster it was handed to; null while no node has seen it
 * @param pinned the only life of the cluster it may run in; null where any will do
 * @param computeAsked its cluster was started for it: should that end instead, the run fails with the reason
 * @param cancelAsked somebody canceled it after it was handed to a node
 */
public record Run(
        long workspaceId,
        long runId,
        long notebookId,
        String cellId,
        String batch,
        long revision,
        long cellVersion,
        String language,
        RunState state,
        long userId,
        String userName,
        Times times,
        @Nullable String clusterId,
        @Nullable String kernelId,
        @Nullable Long epoch,
        @Nullable Long pinned,
        boolean computeAsked,
        boolean cancelAsked,
        @Nullable Long count,
        @Nullable String message,
        long lastSeq,
        long outputBytes) {

    /** When it was queued, began and ended. */
    public record Times(
            Instant queued,
            @Nullable Instant started,
            @Nullable Instant finished) {}

    boolean dispatched() {
        return epoch != null;
    }

    /** Whose code it is. */
    Caller person() {
        return new Caller(
                workspaceId, userId, userName, false, null, UUID.randomUUID().toString());
    }

    Lanes.Key key() {
        return new Lanes.Key(workspaceId, notebookId);
    }

    /** The Run of the wire. */
    ObjectNode wire() {
        ObjectNode node = Json.MAPPER
                .createObjectNode()
                .put("run_id", runId)
                .put("cell", cellId)
                .put("state", state.wire())
                .put("rev", revision)
                .put("ver", cellVersion)
                .put("language", language)
                .put("queued_at", times.queued().toEpochMilli());
        if (times.started() != null) {
            node.put("started_at", times.started().toEpochMilli());
        }
        if (times.finished() != null) {
            node.put("finished_at", times.finished().toEpochMilli());
        }
        node.put("by", userName).put("last_seq", lastSeq).put("batch", batch);
        if (clusterId != null) {
            node.put("cluster_id", clusterId);
        }
        if (state == RunState.STARTING) {
            node.put("waits_for", dispatched() ? "kernel" : "compute");
        }
        if (count != null) {
            node.put("count", count);
        }
        if (message != null) {
            node.put("message", message);
        }
        return node;
    }
}
