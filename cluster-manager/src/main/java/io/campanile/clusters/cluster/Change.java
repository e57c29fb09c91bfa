package io.campanile.clusters.cluster;

import java.util.List;

/** What becomes of a cluster and the events that tell of it, stored together. */
public record Change(Cluster cluster, List<ClusterEvent> events) {
    public Change {
        events = List.copyOf(events);
    }

    static Change of(Cluster cluster, ClusterEvent... events) {
        return new Change(cluster, List.of(events));
    }
}
