package io.campanile.node.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A frame of the control stream between a node agent and cluster-manager; times are milliseconds since the epoch. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ControlMessage.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = ControlMessage.Status.class, name = "status"),
    @JsonSubTypes.Type(value = ControlMessage.Bye.class, name = "bye"),
    @JsonSubTypes.Type(value = ControlMessage.Welcome.class, name = "welcome"),
    @JsonSubTypes.Type(value = ControlMessage.Assign.class, name = "assign"),
    @JsonSubTypes.Type(value = ControlMessage.Stop.class, name = "stop"),
})
public sealed interface ControlMessage {

    /** Agent: first frame of every connection. {@code assignment} is null until the node has a cluster. */
    record Hello(
            String nodeId, long pid, long started, @Nullable Assignment assignment, NodeStatus status)
            implements ControlMessage {}

    /** Agent: on every change and at least every 5 s. It is the heartbeat. */
    record Status(NodeStatus status) implements ControlMessage {}

    /** Agent: it is going away by itself. */
    record Bye(String reason) implements ControlMessage {}

    /** Manager: the answer to {@code hello}; carries a fresh work token when the node is assigned. */
    record Welcome(@Nullable String workToken) implements ControlMessage {}

    /** Manager: gives the node its cluster, once in its life; repeated with a fresh {@code workToken} to renew it. */
    record Assign(Assignment assignment, String workToken) implements ControlMessage {}

    /** Manager: stop every process of this node and exit. */
    record Stop(String reason) implements ControlMessage {}

    /** What a node belongs to. {@code filesRoot} is the workspace's file folder as this node sees it. */
    record Assignment(
            String clusterId,
            String clusterName,
            long workspaceId,
            long ownerUserId,
            String ownerUserName,
            long epoch,
            String filesRoot) {}

    /** What a node reports of itself. {@code idleSince} is null while a run executes or a kernel is busy. */
    record NodeStatus(
            DriverState driver,
            @Nullable String driverMessage,
            int parkedKernels,
            int kernels,
            @Nullable Long idleSince,
            List<ProcessInfo> processes) {}

    /** The life of the driver process of a node. */
    enum DriverState {
        STARTING,
        READY,
        FAILED
    }

    /** One operating system process; {@code role} as in run/state.json, {@code port} null when it listens on none. */
    record ProcessInfo(String role, long pid, @Nullable Integer port, long started) {}
}
