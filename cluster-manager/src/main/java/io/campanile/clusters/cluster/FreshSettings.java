package io.campanile.clusters.cluster;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.Optional;
import java.util.function.Function;

/** Changes that follow from the settings a cluster had when they were looked at: by a policy, or by a mask. */
final class FreshSettings {
    private static final int TRIES = 5;

    private FreshSettings() {}

    /**
     * What {@code plan} makes of the cluster is applied only if nobody has changed its settings since; else it is planned
     * anew, so that another's change is neither undone nor gone around.
     */
    static void change(
            ClusterService clusters,
            Caller caller,
            String clusterId,
            Function<Cluster, Function<Cluster, Optional<Change>>> plan) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Cluster before = clusters.allowed(caller, clusterId, ClusterPermission.CAN_MANAGE);
            Function<Cluster, Optional<Change>> decide = plan.apply(before);
            boolean[] stale = new boolean[1];
            clusters.change(caller, before, now -> {
                stale[0] = !now.spec().equals(before.spec());
                return stale[0] ? Optional.empty() : decide.apply(now);
            });
            if (!stale[0]) {
                return;
            }
        }
        throw new ApiException(
                ErrorCode.RESOURCE_CONFLICT, "Cluster " + clusterId + " is changed by others at once; try again");
    }
}
