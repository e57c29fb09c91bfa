package io.campanile.clusters.cost;

import java.util.Map;
import java.util.TreeMap;

/** The tags of a cluster: those that it has of itself, which nobody can replace, and those that it was given. */
public final class Tags {
    private Tags() {}

    /** Those that every cluster has. */
    public static Map<String, String> defaults(String clusterId, String clusterName, String ownerName) {
        return new TreeMap<>(Map.of(
                "Vendor", "Campanile", "Creator", ownerName, "ClusterName", clusterName, "ClusterId", clusterId));
    }

    public static Map<String, String> of(
            String clusterId, String clusterName, String ownerName, Map<String, String> custom) {
        Map<String, String> all = new TreeMap<>(custom);
        all.putAll(defaults(clusterId, clusterName, ownerName));
        return all;
    }
}
