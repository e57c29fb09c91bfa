package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.policy.ClusterType;
import io.campanile.clusters.policy.PolicyService;
import io.campanile.clusters.policy.SparkKey;
import io.campanile.clusters.pool.PoolService;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The settings of create and edit, as the policy that they name completes and allows them. */
final class GovernedSpecs {
    private static final String CREATE_ENTITLEMENT = "allow-cluster-create";

    private final PolicyService policies;
    private final PooledTypes pooled;
    private final int mostWorkers;

    /** {@code mostWorkers}: that a cluster may have here. */
    GovernedSpecs(PolicyService policies, PoolService pools, int mostWorkers) {
        this.policies = requireNonNull(policies, "policies");
        this.pooled = new PooledTypes(pools);
        this.mostWorkers = mostWorkers;
    }

    /** Whoever is not entitled to clusters of any kind makes them by a policy that he may use. */
    private static void requireRight(Caller caller, ObjectNode body) {
        if (SpecReader.policyId(body) == null
                && !caller.rights().entitled(CREATE_ENTITLEMENT)
                && caller.service() == null) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "You are not authorized to create clusters without a policy. Please contact your administrator.");
        }
    }

    ClusterSpec ofNew(Caller caller, ObjectNode body) {
        requireRight(caller, body);
        return read(caller, body, SpecReader.policyId(body), caller.userName());
    }

    /** A cluster leaves its policy as it could be made without one. */
    ClusterSpec ofEdited(Caller caller, Cluster before, ObjectNode body) {
        if (before.spec().policyId() != null) {
            requireRight(caller, body);
        }
        return read(caller, body, SpecReader.policyId(body), before.owner().userName());
    }

    /** Another size: the one thing that is asked of the policy, if it is still there. */
    ClusterSize ofResized(Caller caller, Cluster before, ObjectNode body) {
        ObjectNode asked = Json.MAPPER.createObjectNode();
        for (String field : List.of(SizeReader.WORKERS, SizeReader.AUTOSCALE)) {
            if (body.hasNonNull(field)) {
                asked.set(field, body.get(field));
            }
        }
        if (new SizeReader(asked, mostWorkers).read().isEmpty()) {
            throw ApiException.invalid("num_workers or autoscale must be given");
        }
        String policyId = before.spec().policyId();
        ObjectNode governed = policyId == null || !policies.exists(before.workspaceId(), policyId)
                ? asked
                : policies.govern(caller, policyId, ClusterType.ALL_PURPOSE, asked, whole -> known(before, whole));
        // As a whole: a policy may have fixed is_single_node.
        return new SizeReader(governed, mostWorkers).ofSpec();
    }

    /** The settings that a resize leaves as they are. */
    private static Map<String, String> known(Cluster before, ObjectNode size) {
        ClusterSpec spec = before.spec();
        Map<String, String> known =
                new TreeMap<>(SpecReader.implied(size, before.owner().userName()));
        spec.echoed().forEach((field, value) -> put(known, field, value));
        known.put("cluster_name", spec.clusterName());
        known.put(PooledTypes.POOL, spec.instancePoolId());
        known.put(PooledTypes.DRIVER_POOL, spec.driverInstancePoolId());
        known.values().removeIf(Objects::isNull);
        known.put("node_type_id", spec.nodeTypeId());
        known.put("driver_node_type_id", spec.driverType());
        known.put("spark_version", spec.sparkVersion());
        known.put("autotermination_minutes", Integer.toString(spec.autoterminationMinutes()));
        known.put("data_security_mode", spec.dataSecurityMode());
        spec.sparkConf().forEach((key, value) -> known.put("spark_conf." + SparkKey.full(key), value));
        spec.environment().forEach((name, value) -> known.put("spark_env_vars." + name, value));
        spec.customTags().forEach((tag, value) -> known.put("custom_tags." + tag, value));
        return known;
    }

    /** As policies name what is in an object. */
    private static void put(Map<String, String> known, String field, JsonNode value) {
        if (value.isObject()) {
            value.properties().forEach(inner -> put(known, field + "." + inner.getKey(), inner.getValue()));
        } else {
            known.put(field, value.asText());
        }
    }

    private ClusterSpec read(Caller caller, ObjectNode body, @Nullable String policyId, String ownerName) {
        ObjectNode settings = policyId == null
                ? body
                : policies.govern(
                        caller, policyId, ClusterType.ALL_PURPOSE, body, whole -> implied(caller, whole, ownerName));
        return new SpecReader(pooled.complete(caller, settings)).read(ownerName, mostWorkers);
    }

    /** A policy of node types holds for those that settings leave to a pool. */
    private Map<String, String> implied(Caller caller, ObjectNode whole, String ownerName) {
        Map<String, String> implied = SpecReader.implied(whole, ownerName);
        implied.putAll(pooled.types(caller, whole));
        return implied;
    }
}
