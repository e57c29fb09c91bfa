package io.campanile.clusters.node;

import io.campanile.clusters.provider.NodeShape;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.NodeJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node as the database knows it; times are milliseconds since the epoch.
 *
 * @param executorId of a worker: what no other node of its cluster's epoch has; null for a driver
 * @param poolId the instance pool of its workspace that it was made for; null for none
 */
public record Node(
        String nodeId,
        long workspaceId,
        @Nullable String clusterId,
        long epoch,
        NodeRole role,
        @Nullable Integer executorId,
        NodeShape shape,
        NodeState state,
        Life life,
        Report report,
        @Nullable String poolId) {

    /** Of no instance pool. */
    public Node(
            String nodeId,
            long workspaceId,
            @Nullable String clusterId,
            long epoch,
            NodeRole role,
            @Nullable Integer executorId,
            NodeShape shape,
            NodeState state,
            Life life,
            Report report) {
        this(nodeId, workspaceId, clusterId, epoch, role, executorId, shape, state, life, report, null);
    }

    /** What this side did with it. */
    public record Life(
            long requestedAt,
            @Nullable Long pid,
            @Nullable Long processStarted,
            int missingLooks,
            @Nullable Long assignedAt,
            @Nullable Long assignSentAt,
            @Nullable Long tokenIssuedAt,
            @Nullable Long leavingSince,
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

    public boolean worker() {
        return role == NodeRole.WORKER;
    }

    /** It is there, and nobody wants it to end. */
    public boolean usable() {
        return state == NodeState.REQUESTED || state == NodeState.LAUNCHED;
    }

    /** Its executor was asked to end once nothing is lost by it. */
    public boolean leaving() {
        return life.leavingSince() != null;
    }

    /** What it last said; empty when it has not. */
    public Optional<NodeStatus> status() {
        return Optional.ofNullable(report.status()).map(status -> NodeJson.read(status, NodeStatus.class));
    }

    /** It belongs to no cluster and may still be given to one. */
    public boolean pooled() {
        return clusterId == null && usable();
    }

    /** It belongs to no cluster, and whoever gets it finds a driver and a kernel started. */
    public boolean parked() {
        return pooled()
                && driverIs("READY")
                && status().map(NodeStatus::parkedKernels).orElse(0) > 0;
    }

    public boolean driverIs(String driverState) {
        return driverState.equals(report.driverState());
    }
}
