package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.permissions.Implied;
import io.campanile.common.permissions.ObjectRef;
import io.campanile.common.permissions.PermissionKind;
import io.campanile.common.permissions.PermissionLevel;
import io.campanile.common.permissions.PermissionTargets;
import java.util.List;

/** Clusters as the permissions API needs them. */
public final class ClusterTargets implements PermissionTargets {
    static final String COLLECTION = "clusters";

    public static final PermissionKind KIND = new PermissionKind(
            "cluster",
            COLLECTION,
            List.of(
                    new PermissionLevel(
                            "CAN_ATTACH_TO", "Can see the cluster and its events; only its owner runs code on it"),
                    new PermissionLevel("CAN_RESTART", "Can also start, restart and terminate the cluster"),
                    new PermissionLevel("CAN_MANAGE", "Can also change, delete and share the cluster")));

    private final ClusterService clusters;

    public ClusterTargets(ClusterService clusters) {
        this.clusters = requireNonNull(clusters, "clusters");
    }

    @Override
    public Target find(Caller caller, String clusterId) {
        Cluster cluster = clusters.find(caller.workspaceId(), clusterId);
        ClusterPermission permission = clusters.require(caller, cluster, ClusterPermission.CAN_ATTACH_TO);
        ObjectRef self = new ObjectRef(COLLECTION, cluster.clusterId());
        String manage = ClusterPermission.CAN_MANAGE.name();
        return new Target(
                self,
                List.of(),
                List.of(
                        Implied.owner(cluster.owner().userId(), manage, self),
                        Implied.admins(manage, "/" + COLLECTION + "/")),
                permission.includes(ClusterPermission.CAN_MANAGE));
    }
}
