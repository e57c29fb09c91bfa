package io.campanile.notebooks.kernels;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.notebooks.access.ObjectAccess;
import io.campanile.notebooks.live.SnapshotPart;
import java.util.Map;

/** The field {@code kernel} of a snapshot. */
public final class KernelPart implements SnapshotPart {
    private final KernelService kernels;

    public KernelPart(KernelService kernels) {
        this.kernels = requireNonNull(kernels, "kernels");
    }

    @Override
    public void contribute(
            Caller caller, ObjectAccess notebook, Map<Long, Long> seen, boolean resume, ObjectNode frame) {
        frame.set("kernel", kernels.shown(caller.workspaceId(), notebook.objectId(), caller.userId()));
    }
}
