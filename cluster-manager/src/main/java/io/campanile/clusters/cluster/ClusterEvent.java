package io.campanile.clusters.cluster;

import java.util.Map;

/** Something that happened to a cluster; never changed afterwards. */
record ClusterEvent(EventType type, long timestamp, Map<String, Object> details) {
    ClusterEvent {
        details = Map.copyOf(details);
    }
}
