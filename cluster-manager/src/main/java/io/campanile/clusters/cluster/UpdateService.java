package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.policy.PolicyService;
import io.campanile.clusters.pool.PoolService;
import io.campanile.common.auth.Caller;
import java.util.Optional;

/** Changes of single settings of a cluster: those that a mask names, and no other. */
public final class UpdateService {
    private final ClusterService clusters;
    private final GovernedSpecs specs;

    /** {@code mostWorkers}: that a cluster may have here. */
    public UpdateService(ClusterService clusters, PolicyService policies, PoolService pools, int mostWorkers) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.specs = new GovernedSpecs(policies, pools, mostWorkers);
    }

    /** The whole that comes of it is checked as if it had been sent, and restarts a running cluster as an edit does. */
    void update(Caller caller, String clusterId, UpdateMask mask, ObjectNode given) {
        FreshSettings.change(clusters, caller, clusterId, before -> {
            ClusterSpec spec = specs.ofEdited(caller, before, mask.apply(ClusterWire.settings(before.spec()), given));
            return now -> Optional.of(clusters.edited(caller, now, spec));
        });
    }
}
