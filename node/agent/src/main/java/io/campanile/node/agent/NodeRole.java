package io.campanile.node.agent;

import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import java.io.IOException;
import java.time.Duration;

/** What a node is there for. Belongs to the agent's loop where it does not say otherwise. */
interface NodeRole {
    /** Starts what needs no cluster; before the loop has anything else to do. */
    void start() throws IOException;

    /** The node has its cluster. Called again when the assignment is repeated. */
    void assigned(Assignment assignment);

    /** Another order of cluster-manager; one that is not for this role is ignored. */
    void order(ControlMessage order);

    NodeStatus status();

    /** Asks everything to end within {@code grace}. */
    void stop(String reason, Duration grace);

    /** For any thread: true when nothing of it is left to wait for. */
    boolean ended();

    /** For any thread: ends every process at once. */
    void killAll();

    /** For any thread, at the end: kills what is left and lets go of what it holds. */
    void close() throws IOException;
}
