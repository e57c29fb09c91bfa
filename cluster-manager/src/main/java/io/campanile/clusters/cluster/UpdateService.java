package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.policy.PolicyService;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.Optional;

/** Changes of single settings of a cluster: those that a mask names, and no other. */
public final class UpdateService {
    private static final int TRIES = 5;

    private final ClusterService clusters;
    private final GovernedSpecs specs;

    /** {@code mostWorkers}: that a cluster may have here. */
    public UpdateService(ClusterService clusters, PolicyService policies, int mostWorkers) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.specs = new GovernedSpecs(policies, mostWorkers);
    }

    /** The whole that comes of it is checked as if it had been sent, and restarts a running cluster as an edit does. */
    void update(Caller caller, String clusterId, UpdateMask mask, ObjectNode given) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Cluster before = clusters.allowed(caller, clusterId, ClusterPermission.CAN_MANAGE);
            ClusterSpec spec = specs.ofEdited(caller, before, mask.apply(ClusterWire.settings(before.spec()), given));
            boolean[] stale = new boolean[1];
            clusters.change(caller, before, now -> {
                // Somebody else's change of other settings must not be undone by ours.
                stale[0] = !now.spec().equals(before.spec());
                return stale[0] ? Optional.empty() : Optional.of(clusters.edited(caller, now, spec));
            });
            if (!stale[0]) {
                return;
            }
        }
        throw new ApiException(
                ErrorCode.RESOURCE_CONFLICT, "Cluster " + clusterId + " is changed by others at once; try again");
    }
}
