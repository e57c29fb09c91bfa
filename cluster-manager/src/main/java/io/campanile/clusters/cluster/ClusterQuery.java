package io.campanile.clusters.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which clusters a list shows. {@code ownerUserId} null: of everybody; {@code after} null: from the beginning. */
record ClusterQuery(
        long workspaceId,
        @Nullable Long ownerUserId,
        List<String> states,
        List<String> sources,
        @Nullable Position after,
        int limit) {

    /** The last cluster of the page before. */
    record Position(long createdAt, String clusterId) {}
}
