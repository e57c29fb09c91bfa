package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER;

import io.campanile.clusters.policy.PolicyStore;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import org.jooq.DSLContext;

/** The places that a policy gives each user: how many of their clusters by it may be active at once. */
final class PolicyPlaceStore {
    private PolicyPlaceStore() {}

    /** Counts under the lock of the policy, so that the last place is given once. A policy that is gone has no limit. */
    static void require(DSLContext tx, Cluster cluster) {
        String policyId = cluster.spec().policyId();
        if (policyId == null || !ClusterStore.active(cluster)) {
            return;
        }
        PolicyStore.Limit limit =
                PolicyStore.lock(tx, cluster.workspaceId(), policyId).orElse(null);
        if (limit == null || limit.clusters() == null) {
            return;
        }
        int taken = tx.fetchCount(
                CLUSTER,
                CLUSTER.WORKSPACE_ID.eq(cluster.workspaceId()),
                CLUSTER.POLICY_ID.eq(policyId),
                CLUSTER.OWNER_USER_ID.eq(cluster.owner().userId()),
                CLUSTER.DESIRED.eq(Desired.RUNNING.name()),
                CLUSTER.DELETED_AT.isNull(),
                CLUSTER.CLUSTER_ID.ne(cluster.clusterId()));
        if (taken >= limit.clusters()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                    cluster.owner().userName() + " has " + taken + " active clusters by policy " + limit.name() + " ("
                            + policyId + "), whose max_clusters_per_user is " + limit.clusters()
                            + ": terminate one of them first");
        }
    }
}
