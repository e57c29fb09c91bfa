package io.campanile.clusters.reconcile;

import io.campanile.clusters.node.Node;
import io.campanile.clusters.provider.NodeShape;
import io.campanile.clusters.provider.ProviderNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one look showed: the rows of all nodes that are not gone and what the provider has of them.
 *
 * @param places the nodes of each cluster
 * @param listeningSince silence before is our own: see {@link Listening}
 * @param promisedMb memory of nodes that were asked for since
 */
record Observation(
        List<Node> nodes,
        Map<Place, List<Node>> places,
        Map<String, ProviderNode> seen,
        long now,
        long listeningSince,
        AtomicLong promisedMb) {
    /** What is further ahead was written before the clock was set back. */
    private static final long SKEW_MILLIS = 60_000;

    /** Where nodes serve; {@code clusterId} null for the warm pool. */
    record Place(long workspaceId, @Nullable String clusterId) {
        static Place of(Node node) {
            return new Place(node.workspaceId(), node.clusterId());
        }
    }

    Observation {
        nodes = List.copyOf(nodes);
        seen = Map.copyOf(seen);
    }

    Observation(List<Node> nodes, Map<String, ProviderNode> seen, long now, long listeningSince) {
        this(
                nodes,
                nodes.stream().collect(Collectors.groupingBy(Place::of)),
                seen,
                now,
                listeningSince,
                new AtomicLong());
    }

    /** A node of this shape was asked for. */
    void promise(NodeShape shape) {
        promisedMb.addAndGet(shape.needMb());
    }

    /** How long something has been so while we listened. */
    long lasted(long since) {
        boolean believed = since <= now + SKEW_MILLIS;
        return now - Math.max(listeningSince, believed ? since : 0);
    }

    List<Node> of(long workspaceId, String clusterId) {
        return places.getOrDefault(new Place(workspaceId, clusterId), List.of());
    }

    /** Those of the warm pool of the installation. */
    List<Node> pooled() {
        return nodes.stream()
                .filter(node -> node.pooled() && node.poolId() == null)
                .toList();
    }
}
