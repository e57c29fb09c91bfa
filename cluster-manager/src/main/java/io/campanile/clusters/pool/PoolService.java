package io.campanile.clusters.pool;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of pools: who may make, see, use and change them. Blocking; knows neither HTTP nor SQL. */
public final class PoolService {
    private static final String CREATE_ENTITLEMENT = "allow-instance-pool-create";
    private static final int LONGEST_SHOWN = 100;

    private final PoolStore pools;
    private final PoolNodes nodes;
    private final Offers offers;
    private final Clock clock;
    private final Runnable wake;

    /** {@code wake} is called when the reconciler has something to do. */
    public PoolService(PoolStore pools, PoolNodes nodes, Offers offers, Clock clock, Runnable wake) {
        this.pools = requireNonNull(pools, "pools");
        this.nodes = requireNonNull(nodes, "nodes");
        this.offers = requireNonNull(offers, "offers");
        this.clock = requireNonNull(clock, "clock");
        this.wake = requireNonNull(wake, "wake");
    }

    /** A pool and how many nodes it has. */
    record Shown(Pool pool, PoolNodes.Counts counts) {}

    Pool create(Caller caller, ObjectNode body) {
        if (!caller.rights().entitled(CREATE_ENTITLEMENT)) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "You are not authorized to create instance pools: it needs the entitlement " + CREATE_ENTITLEMENT
                            + ". Please contact your administrator.");
        }
        PoolSettings settings = new PoolReader(body, offers).ofNew();
        Pool pool = new Pool(
                Pool.newId(clock.instant()),
                caller.workspaceId(),
                settings,
                caller.userId(),
                caller.userName(),
                clock.millis(),
                null);
        if (!pools.insert(pool, caller)) {
            throw nameTaken(settings);
        }
        wake.run();
        return pool;
    }

    void edit(Caller caller, String poolId, ObjectNode body) {
        Pool before = allowed(caller, poolId, PoolPermission.CAN_MANAGE);
        Pool after = before.with(new PoolReader(body, offers).ofEdited(before));
        switch (pools.update(after, caller)) {
            case DONE -> wake.run();
            case NAME_TAKEN -> throw nameTaken(after.settings());
            case GONE -> throw doesNotExist(poolId);
        }
    }

    /** Clusters of it that run go on; its idle nodes end. */
    void delete(Caller caller, String poolId) {
        if (!pools.delete(allowed(caller, poolId, PoolPermission.CAN_MANAGE), caller)) {
            throw doesNotExist(poolId);
        }
        wake.run();
    }

    Shown get(Caller caller, String poolId) {
        Pool pool = allowed(caller, poolId, PoolPermission.CAN_ATTACH_TO);
        return shown(List.of(pool), caller.workspaceId()).get(0);
    }

    /** Those the caller may see, by name. */
    List<Shown> list(Caller caller) {
        return shown(pools.list(caller), caller.workspaceId());
    }

    private List<Shown> shown(List<Pool> listed, long workspaceId) {
        Map<String, PoolNodes.Counts> counts =
                nodes.counts(workspaceId, listed.stream().map(Pool::poolId).toList());
        return listed.stream()
                .map(pool -> new Shown(pool, counts.getOrDefault(pool.poolId(), PoolNodes.Counts.NONE)))
                .toList();
    }

    /** The pool that a field of a cluster's settings names, for whoever may use it. */
    public Pool usable(Caller caller, String field, String poolId) {
        // Clusters answer so of what their settings name and is not there.
        Pool pool = pools.find(caller.workspaceId(), poolId)
                .orElseThrow(() -> ApiException.invalid(
                        field + ": instance pool " + brief(poolId) + " does not exist (any more); name another one"));
        require(caller, pool, PoolPermission.CAN_ATTACH_TO);
        return pool;
    }

    /** The pool of an id, if there is one that the caller may use. */
    public Optional<Pool> known(Caller caller, String poolId) {
        return pools.find(caller.workspaceId(), poolId)
                .filter(pool -> permission(caller, pool).includes(PoolPermission.CAN_ATTACH_TO));
    }

    /** Ends the pools of a workspace that was deleted; answers how many of their nodes still idle. */
    public int close(long workspaceId) {
        pools.deleteAll(workspaceId);
        return nodes.parked(workspaceId);
    }

    /** A pool on which the caller has a level. Another tenant's does not exist. */
    Pool allowed(Caller caller, String poolId, PoolPermission needed) {
        Pool pool = pools.find(caller.workspaceId(), poolId).orElseThrow(() -> doesNotExist(poolId));
        require(caller, pool, needed);
        return pool;
    }

    PoolPermission permission(Caller caller, Pool pool) {
        return caller.admin() || caller.userId() == pool.creatorUserId()
                ? PoolPermission.CAN_MANAGE
                : pools.given(caller, pool.poolId());
    }

    private void require(Caller caller, Pool pool, PoolPermission needed) {
        if (!permission(caller, pool).includes(needed)) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    caller.userName() + " does not have permission " + needed + " on instance pool " + pool.poolId()
                            + ". Please contact who made it or an administrator.");
        }
    }

    private static ApiException nameTaken(PoolSettings settings) {
        return new ApiException(
                ErrorCode.RESOURCE_ALREADY_EXISTS,
                "An instance pool with the name " + settings.name() + " already exists");
    }

    private static ApiException doesNotExist(String poolId) {
        return ApiException.notFound("Instance pool " + brief(poolId) + " does not exist");
    }

    private static String brief(String value) {
        return value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "...";
    }
}
