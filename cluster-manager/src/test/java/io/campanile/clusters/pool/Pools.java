package io.campanile.clusters.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets tests of other packages act on pools as the routes do. */
public final class Pools {
    private Pools() {}

    /** {@code most} null: no limit. */
    public static ObjectNode wish(String name, int idle, @Nullable Integer most) {
        ObjectNode wish = Json.MAPPER
                .createObjectNode()
                .put("instance_pool_name", name)
                .put("node_type_id", "local.small")
                .put("min_idle_instances", idle);
        return most == null ? wish : wish.put("max_capacity", most);
    }

    public static String create(PoolService pools, Caller caller, ObjectNode wish) {
        return pools.create(caller, wish).poolId();
    }

    public static void edit(PoolService pools, Caller caller, String poolId, ObjectNode wish) {
        pools.edit(caller, poolId, wish);
    }

    public static void delete(PoolService pools, Caller caller, String poolId) {
        pools.delete(caller, poolId);
    }

    public static PoolNodes.Counts counts(PoolService pools, Caller caller, String poolId) {
        return pools.get(caller, poolId).counts();
    }

    /** What is said to be in the way of its idle nodes. */
    public static List<String> troubles(PoolService pools, Caller caller, String poolId) {
        Pool.Trouble trouble = pools.get(caller, poolId).pool().trouble();
        return trouble == null ? List.of() : List.of(trouble.message());
    }
}
