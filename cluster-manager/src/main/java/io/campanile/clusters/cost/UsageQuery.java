package io.campanile.clusters.cost;

import org.jspecify.annotations.Nullable;

/**
 * Which usage of a workspace is asked for.
 *
 * @param from the first hour, in milliseconds since the epoch
 * @param to the first hour that is not meant any more
 * @param ownerUserId whose; null: everybody's
 * @param clusterId of which cluster; null: of all
 */
record UsageQuery(
        long workspaceId,
        long from,
        long to,
        @Nullable Long ownerUserId,
        @Nullable String clusterId) {

    boolean wants(UsageRow row) {
        return row.hourAt() >= from
                && row.hourAt() < to
                && (ownerUserId == null || ownerUserId == row.of().ownerUserId())
                && (clusterId == null || clusterId.equals(row.of().clusterId()));
    }
}
