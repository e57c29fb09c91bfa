package io.campanile.clusters.pool;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a pool, checked.
 *
 * @param minIdle idle nodes that are kept
 * @param maxCapacity of nodes that idle, serve clusters or are on their way; null for no limit
 * @param idleMinutes after which an idle node that is not kept ends
 * @param sparkVersions the runtimes of idle nodes; none given: the default one
 * @param echoed settings that change nothing here and are answered as they were sent
 */
public record PoolSettings(
        String name,
        String nodeTypeId,
        int minIdle,
        @Nullable Integer maxCapacity,
        int idleMinutes,
        Map<String, String> customTags,
        List<String> sparkVersions,
        Map<String, JsonNode> echoed) {
    public PoolSettings {
        requireNonNull(name, "name");
        requireNonNull(nodeTypeId, "nodeTypeId");
        customTags = Map.copyOf(customTags);
        sparkVersions = List.copyOf(sparkVersions);
        echoed = Map.copyOf(echoed);
    }
}
