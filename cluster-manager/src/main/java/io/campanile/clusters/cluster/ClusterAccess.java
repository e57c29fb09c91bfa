package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;

/** Who may see what there is of a cluster beside its settings, for the packages that keep it. */
public final class ClusterAccess {
    private final ClusterService clusters;
    private final ClusterStore store;

    public ClusterAccess(ClusterService clusters, ClusterStore store) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.store = requireNonNull(store, "store");
    }

    /** Whoever may see the cluster; one that is not there is a 404. */
    public void requireLook(Caller caller, String clusterId) {
        require(caller, clusterId, ClusterPermission.CAN_ATTACH_TO);
    }

    /** Whoever may change the cluster. */
    public void requireManage(Caller caller, String clusterId) {
        require(caller, clusterId, ClusterPermission.CAN_MANAGE);
    }

    private void require(Caller caller, String clusterId, ClusterPermission needed) {
        clusters.require(caller, clusters.find(caller.workspaceId(), clusterId), needed);
    }

    /** Whether it is there for anybody. */
    public boolean exists(long workspaceId, String clusterId) {
        return store.find(workspaceId, clusterId).isPresent();
    }
}
