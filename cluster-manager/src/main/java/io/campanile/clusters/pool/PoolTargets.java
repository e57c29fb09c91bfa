package io.campanile.clusters.pool;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.permissions.Implied;
import io.campanile.common.permissions.ObjectRef;
import io.campanile.common.permissions.PermissionKind;
import io.campanile.common.permissions.PermissionLevel;
import io.campanile.common.permissions.PermissionTargets;
import java.util.List;

/** Pools as the permissions API needs them. Who made one, and administrators, manage it. */
public final class PoolTargets implements PermissionTargets {
    static final String COLLECTION = "instance-pools";

    public static final PermissionKind KIND = new PermissionKind(
            "instance-pool",
            COLLECTION,
            List.of(
                    new PermissionLevel("CAN_ATTACH_TO", "Can see the pool and make clusters of its nodes"),
                    new PermissionLevel("CAN_MANAGE", "Can also change, delete and share the pool")));

    private final PoolService pools;

    public PoolTargets(PoolService pools) {
        this.pools = requireNonNull(pools, "pools");
    }

    @Override
    public Target find(Caller caller, String poolId) {
        Pool pool = pools.allowed(caller, poolId, PoolPermission.CAN_ATTACH_TO);
        ObjectRef self = PoolStore.ref(pool.poolId());
        String manage = PoolPermission.CAN_MANAGE.name();
        return new Target(
                self,
                List.of(),
                List.of(
                        Implied.owner(pool.creatorUserId(), manage, self),
                        Implied.admins(manage, "/" + COLLECTION + "/")),
                pools.permission(caller, pool).includes(PoolPermission.CAN_MANAGE));
    }
}
