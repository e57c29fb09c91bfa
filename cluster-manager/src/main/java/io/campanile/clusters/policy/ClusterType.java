package io.campanile.clusters.policy;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a cluster is made for: the attribute {@code cluster_type} of policies, which no request has. */
public enum ClusterType {
    ALL_PURPOSE("all-purpose"),
    JOB("job");

    static final String ATTRIBUTE = "cluster_type";

    private final String wire;

    ClusterType(String wire) {
        this.wire = wire;
    }

    String wire() {
        return wire;
    }

    static boolean known(String wire) {
        return Arrays.stream(values()).anyMatch(type -> type.wire.equals(wire));
    }

    static String all() {
        return Arrays.stream(values()).map(ClusterType::wire).collect(Collectors.joining(", "));
    }
}
