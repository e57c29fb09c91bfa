package io.campanile.notebooks.nodes;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connected nodes. Work goes to the stream of a cluster's newest epoch; an older node may stay connected to
 * deliver what it still has, and gets nothing new.
 */
public final class NodeStreams implements AutoCloseable {
    private final Set<NodeStream> all = ConcurrentHashMap.newKeySet();
    private final Map<String, NodeStream> current = new ConcurrentHashMap<>();

    /** The stream to send work of this cluster to; empty until its node has said hello. */
    public Optional<NodeStream> of(long workspaceId, String clusterId) {
        NodeStream stream = current.get(clusterId);
        return stream == null || stream.node().workspaceId() != workspaceId ? Optional.empty() : Optional.of(stream);
    }

    /** The stream of this cluster in exactly this epoch. */
    public Optional<NodeStream> of(long workspaceId, String clusterId, long epoch) {
        return of(workspaceId, clusterId).filter(stream -> stream.node().epoch() == epoch);
    }

    public int size() {
        return all.size();
    }

    void opened(NodeStream stream) {
        all.add(stream);
    }

    /** Makes a stream that is in agreement the one to send to; a previous connection of the same node ends. */
    void ready(NodeStream stream) {
        NodeStream[] replaced = new NodeStream[1];
        current.compute(stream.node().clusterId(), (cluster, other) -> {
            if (other == null || other.node().epoch() <= stream.node().epoch()) {
                replaced[0] = other;
                return stream;
            }
            return other;
        });
        NodeStream older = replaced[0];
        if (older != null
                && older != stream
                && older.node().epoch() == stream.node().epoch()) {
            older.close((short) 1000, "Replaced by a newer connection");
        }
    }

    void closed(NodeStream stream) {
        all.remove(stream);
        current.remove(stream.node().clusterId(), stream);
    }

    @Override
    public void close() {
        all.forEach(stream -> stream.close((short) 1001, "The service is stopping"));
    }
}
