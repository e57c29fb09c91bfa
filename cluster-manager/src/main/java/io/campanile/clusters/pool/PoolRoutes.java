package io.campanile.clusters.pool;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/instance-pools}. No rules here: decode, delegate, encode. */
public final class PoolRoutes {
    private static final String BASE = "/api/2.0/instance-pools";
    private static final String ID = "instance_pool_id";

    private final PoolService pools;

    public PoolRoutes(PoolService pools) {
        this.pools = requireNonNull(pools, "pools");
    }

    public void mount(Endpoints api) {
        String resource = "instancePool";
        api.post(
                BASE + "/create",
                Requires.user("pools.create", resource),
                ObjectNode.class,
                (caller, body) -> Map.of(ID, pools.create(caller, body).poolId()));
        api.post(BASE + "/edit", Requires.object("pools.edit", resource), ObjectNode.class, (caller, body) -> {
            pools.edit(caller, id(body.path(ID).asText("")), body);
            return Map.of();
        });
        api.post(BASE + "/delete", Requires.object("pools.delete", resource), ObjectNode.class, (caller, body) -> {
            pools.delete(caller, id(body.path(ID).asText("")));
            return Map.of();
        });
        api.get(
                BASE + "/get",
                Requires.object("pools.get", resource),
                (caller, context) -> wire(pools.get(caller, id(context.request().getParam(ID)))));
        api.get(BASE + "/list", Requires.user("pools.list", resource), (caller, context) -> list(caller));
    }

    private static String id(@Nullable String given) {
        return ApiException.require(given == null || given.isEmpty() ? null : given, ID);
    }

    private Object list(Caller caller) {
        return Map.of(
                "instance_pools",
                pools.list(caller).stream().map(PoolRoutes::wire).toList());
    }

    private static Map<String, Object> wire(PoolService.Shown shown) {
        Pool pool = shown.pool();
        PoolSettings settings = pool.settings();
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put(ID, pool.poolId());
        wire.put("instance_pool_name", settings.name());
        wire.put("node_type_id", settings.nodeTypeId());
        wire.put("min_idle_instances", settings.minIdle());
        Integer most = settings.maxCapacity();
        if (most != null) {
            wire.put("max_capacity", most);
        }
        wire.put("idle_instance_autotermination_minutes", settings.idleMinutes());
        wire.put("enable_elastic_disk", false);
        if (!settings.sparkVersions().isEmpty()) {
            wire.put("preloaded_spark_versions", settings.sparkVersions());
        }
        if (!settings.customTags().isEmpty()) {
            wire.put("custom_tags", new TreeMap<>(settings.customTags()));
        }
        wire.putAll(settings.echoed());
        wire.put("default_tags", defaultTags(pool));
        // A pool that was deleted does not exist, and none is stopped: budgets stop clusters.
        wire.put("state", "ACTIVE");
        wire.put("stats", stats(shown.counts()));
        wire.put("status", Map.of("pending_instance_errors", errors(pool.trouble())));
        return wire;
    }

    private static Map<String, Integer> stats(PoolNodes.Counts counts) {
        Map<String, Integer> stats = new LinkedHashMap<>();
        stats.put("used_count", counts.used());
        stats.put("idle_count", counts.idle());
        stats.put("pending_used_count", counts.pendingUsed());
        stats.put("pending_idle_count", counts.pendingIdle());
        return stats;
    }

    private static List<Map<String, String>> errors(Pool.@Nullable Trouble trouble) {
        if (trouble == null) {
            return List.of();
        }
        String nodeId = trouble.nodeId();
        return List.of(
                nodeId == null
                        ? Map.of("message", trouble.message())
                        : Map.of("instance_id", nodeId, "message", trouble.message()));
    }

    private static Map<String, String> defaultTags(Pool pool) {
        return new TreeMap<>(Map.of(
                "Vendor",
                "Campanile",
                "InstancePoolCreator",
                Long.toString(pool.creatorUserId()),
                "InstancePoolName",
                pool.settings().name(),
                "InstancePoolId",
                pool.poolId()));
    }
}
