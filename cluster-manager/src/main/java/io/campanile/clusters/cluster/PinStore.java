package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import org.jooq.DSLContext;

/** How many clusters of a workspace may be pinned: as many as the public API lets. */
final class PinStore {
    static final int MOST = 100;

    private PinStore() {}

    /** Counts while changes of clusters wait for each other, so that the last place is given once. */
    static void requirePlace(DSLContext tx, Cluster cluster) {
        int taken = tx.fetchCount(
                CLUSTER,
                CLUSTER.WORKSPACE_ID.eq(cluster.workspaceId()),
                CLUSTER.PINNED_AT.isNotNull(),
                CLUSTER.DELETED_AT.isNull(),
                CLUSTER.CLUSTER_ID.ne(cluster.clusterId()));
        if (taken >= MOST) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                    taken + " clusters are pinned, and at most " + MOST + " can be: unpin one of them first");
        }
    }
}
