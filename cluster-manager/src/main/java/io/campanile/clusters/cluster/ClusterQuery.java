package io.campanile.clusters.cluster;

import io.campanile.common.auth.Caller;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which clusters a list shows. {@code viewer} null: all; {@code policyId} null: by any policy or none; {@code after} null:
 * from the beginning.
 */
record ClusterQuery(
        long workspaceId,
        @Nullable Viewer viewer,
        List<String> states,
        List<String> sources,
        @Nullable String policyId,
        @Nullable Position after,
        int limit) {

    /** The last cluster of the page before. */
    record Position(long createdAt, String clusterId) {}

    /** Sees what is his own, and what was given to one of the principals: himself and his groups. */
    record Viewer(long userId, Set<Long> principals) {
        /** Null for an administrator, who sees everything. */
        static @Nullable Viewer of(Caller caller) {
            if (caller.admin()) {
                return null;
            }
            Set<Long> principals = new HashSet<>(caller.groups());
            principals.add(caller.userId());
            return new Viewer(caller.userId(), Set.copyOf(principals));
        }
    }
}
