package io.campanile.clusters.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy would make of a request for a cluster; nothing of it is kept.
 *
 * @param allowed whether the cluster could be made so
 * @param cluster the request as the policy completes it
 * @param filled what the policy put where the request had nothing
 * @param refusals what the policy does not allow, each naming its attribute
 * @param problem what the API of clusters refuses under any policy; null for nothing
 */
record PolicyTrial(
        boolean allowed,
        ObjectNode cluster,
        List<Filled> filled,
        List<String> refusals,
        @Nullable String problem) {
    /** One attribute that was left out; {@code rule}: whether its value is fixed or a default. */
    record Filled(String attribute, JsonNode value, String rule) {}
}
