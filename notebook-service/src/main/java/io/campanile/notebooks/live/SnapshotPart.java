package io.campanile.notebooks.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.notebooks.access.ObjectAccess;
import java.util.Map;

/** Adds a feature's fields to the {@code snapshot} and {@code resume} frames and to the snapshot read over HTTP. */
public interface SnapshotPart {
    /**
     * Blocking; on a worker thread. Frames broadcast from before this call on reach the tab after the snapshot.
     *
     * @param seen what the tab has already: run id to the last output number; empty for a fresh snapshot
     * @param resume whether the frame is a {@code resume}
     */
    void contribute(Caller caller, ObjectAccess notebook, Map<Long, Long> seen, boolean resume, ObjectNode frame);
}
