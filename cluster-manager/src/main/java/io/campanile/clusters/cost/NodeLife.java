package io.campanile.clusters.cost;

import org.jspecify.annotations.Nullable;

/**
 * A node of a cluster, for as long as it costs something: from when it was given to the cluster until the provider shows
 * nothing of it any more.
 *
 * @param end null while it is there
 * @param writtenUntil up to when its usage stands in rows; null: none of it
 */
record NodeLife(
        long workspaceId,
        String nodeId,
        UsageRow.Of of,
        String nodeTypeId,
        String role,
        long start,
        @Nullable Long end,
        @Nullable Long writtenUntil) {

    /** Until when it has been there. */
    long until(long now) {
        return end == null ? now : end;
    }
}
