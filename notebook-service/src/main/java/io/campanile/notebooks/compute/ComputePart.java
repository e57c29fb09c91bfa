package io.campanile.notebooks.compute;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.notebooks.access.ObjectAccess;
import io.campanile.notebooks.live.SnapshotPart;
import java.util.Map;

/** The field {@code compute} of a snapshot. */
public final class ComputePart implements SnapshotPart {
    private final ComputeFrames frames;

    public ComputePart(ComputeFrames frames) {
        this.frames = requireNonNull(frames, "frames");
    }

    @Override
    public void contribute(
            Caller caller, ObjectAccess notebook, Map<Long, Long> seen, boolean resume, ObjectNode frame) {
        frame.set("compute", frames.of(caller.workspaceId(), notebook.objectId(), caller.userId()));
    }
}
