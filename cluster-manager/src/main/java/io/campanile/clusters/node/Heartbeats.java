package io.campanile.clusters.node;

import static java.util.Objects.requireNonNull;

import io.campanile.node.protocol.ControlMessage.NodeStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What nodes say of themselves, on its way into their rows. News is written at once. What a node merely goes on saying
 * waits here and is written for all nodes together, before each look at them: of ten thousand nodes two thousand frames
 * come in a second.
 */
final class Heartbeats {
    private final HeartbeatStore store;
    private final NodeStore nodes;
    private final Map<String, Beat> waiting = new ConcurrentHashMap<>();
    /** What the row of a node has: of a status that is the same again only the time is written. */
    private final Map<String, NodeStatus> written = new ConcurrentHashMap<>();

    /** A status and when it was heard, in milliseconds since the epoch. */
    record Beat(NodeStatus status, long at) {}

    Heartbeats(NodeStore nodes) {
        this.nodes = requireNonNull(nodes, "nodes");
        this.store = nodes.heartbeats();
    }

    /** Keeps a status for the next {@link #flush}; a later one takes its place. Does not block. */
    void heard(String nodeId, NodeStatus status, long at) {
        waiting.put(nodeId, new Beat(status, at));
    }

    /** Writes a status now; nothing that was heard before comes after it. */
    synchronized void report(String nodeId, NodeStatus status, long at) {
        waiting.remove(nodeId);
        written.remove(nodeId);
        nodes.report(nodeId, status, at);
        written.put(nodeId, status);
    }

    /** Writes what waits. What could not be written waits on, unless something newer came. */
    synchronized void flush() {
        Map<String, Beat> taken = new HashMap<>(waiting);
        taken.forEach(waiting::remove);
        Map<String, Long> same = new HashMap<>();
        Map<String, Beat> changed = new HashMap<>();
        taken.forEach((nodeId, beat) -> {
            if (beat.status().equals(written.get(nodeId))) {
                same.put(nodeId, beat.at());
            } else {
                changed.put(nodeId, beat);
            }
        });
        try {
            store.same(same);
            store.changed(changed);
        } catch (RuntimeException e) {
            taken.forEach(waiting::putIfAbsent);
            throw e;
        }
        changed.forEach((nodeId, beat) -> written.put(nodeId, beat.status()));
    }

    /** The node is no longer connected: what its row has may change without us. */
    void disconnected(String nodeId) {
        written.remove(nodeId);
    }

    /** In pieces of a size that the database takes well. */
    static <T> List<List<T>> pieces(List<T> all, int size) {
        List<List<T>> pieces = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            pieces.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return pieces;
    }
}
