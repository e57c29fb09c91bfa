package io.campanile.clusters.node;

import io.campanile.clusters.provider.NodeShape;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.NodeJson;
import org.jspecify.annotations.Nullable;

/** A node as the database knows it; times are milliseconds since the epoch. */
public record Node(
        String nodeId,
        long workspaceId,
        @Nullable String clusterId,
        long epoch,
        NodeShape shape,
        NodeState state,
        Life life,
        Report report) {

    /** What this side did with it. */
    public record Life(
            long requestedAt,
            @Nullable Long pid,
            @Nullable Long processStarted,
            int missingLooks,
            @Nullable Long assignedAt,
            @Nullable Long assignSentAt,
            @Nullable Long tokenIssuedAt,
            @Nullable Long stopRequestedAt,
            @Nullable String stopReason,
            boolean lost) {}

    /** What it last said; {@code status} is the frame's JSON. */
    public record Report(
            @Nullable String driverState,
            @Nullable String driverMessage,
            @Nullable Long idleSince,
            @Nullable Long lastSeen,
            @Nullable Long readyAt,
            @Nullable String status) {}

    public boolean live() {
        return state != NodeState.GONE;
    }

    /** It belongs to no cluster and may still be given to one. */
    public boolean pooled() {
        return clusterId == null && (state == NodeState.REQUESTED || state == NodeState.LAUNCHED);
    }

    /** It belongs to no cluster, and whoever gets it finds a driver and a kernel started. */
    public boolean parked() {
        String status = report.status();
        return pooled()
                && driverIs("READY")
                && status != null
                && NodeJson.read(status, NodeStatus.class).parkedKernels() > 0;
    }

    public boolean driverIs(String driverState) {
        return driverState.equals(report.driverState());
    }
}
