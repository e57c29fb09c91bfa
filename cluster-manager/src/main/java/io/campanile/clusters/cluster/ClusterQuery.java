package io.campanile.clusters.cluster;

import io.campanile.common.auth.Caller;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which clusters a list shows, in which order. {@code viewer} null: all; {@code cursor} null: from the beginning. */
record ClusterQuery(
        long workspaceId,
        @Nullable Viewer viewer,
        Filter filter,
        Sort sort,
        @Nullable Cursor cursor,
        int limit) {

    /** Empty and null: any. */
    record Filter(
            List<String> states,
            List<String> sources,
            @Nullable Boolean pinned,
            @Nullable String policyId) {
        static final Filter NONE = new Filter(List.of(), List.of(), null, null);
    }

    /** By name alone, or first by what has not ended and what is pinned. */
    record Sort(boolean byName, boolean descending) {
        static final Sort DEFAULT = new Sort(false, false);
    }

    /** The cluster at the edge of a page that was seen, and which way to go from there. */
    record Cursor(Position position, boolean backwards) {}

    /** Where a cluster stands in a list. */
    record Position(int rank, String name, String clusterId) {
        static Position of(Cluster cluster) {
            int rank = (cluster.state().stopped() ? 2 : 0) + (cluster.pin() == null ? 1 : 0);
            return new Position(rank, cluster.spec().clusterName(), cluster.clusterId());
        }
    }

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

    ClusterQuery from(@Nullable Cursor next) {
        return new ClusterQuery(workspaceId, viewer, filter, sort, next, limit);
    }
}
