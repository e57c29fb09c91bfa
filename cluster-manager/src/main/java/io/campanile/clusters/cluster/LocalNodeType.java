package io.campanile.clusters.cluster;

import io.campanile.common.errors.ApiException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The node types of the local provider. */
enum LocalNodeType {
    SMALL("local.small", 1024),
    MEDIUM("local.medium", 2048),
    LARGE("local.large", 4096);

    /** A node is a process of this machine, which is everybody's. */
    static final int CORES = Runtime.getRuntime().availableProcessors();

    private final String id;
    private final int heapMb;

    LocalNodeType(String id, int heapMb) {
        this.id = id;
        this.heapMb = heapMb;
    }

    String id() {
        return id;
    }

    int heapMb() {
        return heapMb;
    }

    static LocalNodeType of(String id) {
        for (LocalNodeType type : values()) {
            if (type.id.equals(id)) {
                return type;
            }
        }
        throw ApiException.invalid("Node type " + id + " is not supported. Supported node types: "
                + Arrays.stream(values()).map(LocalNodeType::id).collect(Collectors.joining(", ")));
    }
}
