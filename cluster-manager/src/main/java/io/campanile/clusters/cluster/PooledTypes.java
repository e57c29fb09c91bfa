package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.pool.Pool;
import io.campanile.clusters.pool.PoolService;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The node types of clusters of instance pools: those of the pools. */
final class PooledTypes {
    static final String POOL = "instance_pool_id";
    static final String DRIVER_POOL = "driver_instance_pool_id";
    static final String TYPE = "node_type_id";
    static final String DRIVER_TYPE = "driver_node_type_id";

    private final PoolService pools;

    PooledTypes(PoolService pools) {
        this.pools = requireNonNull(pools, "pools");
    }

    /** The settings with the node types of the pools that they name, each of which the caller may use. */
    ObjectNode complete(Caller caller, ObjectNode settings) {
        String ofWorkers = poolId(settings, POOL);
        String ofDriver = poolId(settings, DRIVER_POOL);
        if (ofWorkers == null) {
            if (ofDriver != null) {
                throw ApiException.invalid(
                        DRIVER_POOL + " needs " + POOL + ": a cluster of pools has all nodes of them");
            }
            return settings;
        }
        ObjectNode complete = settings.deepCopy();
        Pool pool = pools.usable(caller, POOL, ofWorkers);
        set(complete, TYPE, pool);
        set(complete, DRIVER_TYPE, ofDriver == null ? pool : pools.usable(caller, DRIVER_POOL, ofDriver));
        return complete;
    }

    /** The same types as far as they can be told: what is wrong with a pool is said once a policy has been asked. */
    Map<String, String> types(Caller caller, ObjectNode settings) {
        String ofWorkers = poolId(settings, POOL);
        String ofDriver = poolId(settings, DRIVER_POOL);
        Map<String, String> types = new TreeMap<>();
        if (ofWorkers != null) {
            pools.known(caller, ofWorkers)
                    .ifPresent(pool -> types.put(TYPE, pool.settings().nodeTypeId()));
            pools.known(caller, ofDriver == null ? ofWorkers : ofDriver)
                    .ifPresent(pool -> types.put(DRIVER_TYPE, pool.settings().nodeTypeId()));
        }
        return types;
    }

    /** What a field names; null for none. */
    static @Nullable String poolId(ObjectNode settings, String field) {
        JsonNode value = settings.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw ApiException.invalid("Field " + field + " has a value of a wrong kind");
        }
        return value.asText().isEmpty() ? null : value.asText();
    }

    private static void set(ObjectNode settings, String field, Pool pool) {
        String type = pool.settings().nodeTypeId();
        String given = settings.path(field).asText("");
        if (!given.isEmpty() && !given.equals(type)) {
            throw ApiException.invalid(
                    field + " must be left out or " + type + ", the node type of " + pool.inWords() + ", not " + given);
        }
        settings.put(field, type);
    }
}
