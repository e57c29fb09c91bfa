package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.provider.NodeShape;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a cluster, checked.
 *
 * @param sparkConf as it was sent; what reaches Spark is {@link SparkConf#forDriver}
 * @param sparkEnvVars as it was sent; specs that were stored before there were any have none
 * @param policyId the policy by which it was made or last changed; it may be gone since
 * @param instancePoolId where its nodes come from; null: from no instance pool
 * @param driverInstancePoolId where its driver's node comes from; null: from that of the workers
 * @param driverNodeTypeId null: the same as the workers'
 * @param size specs that were stored before there were workers have none
 * @param echoed settings that change nothing here and are answered as they were sent
 */
public record ClusterSpec(
        String clusterName,
        String nodeTypeId,
        String sparkVersion,
        int autoterminationMinutes,
        Map<String, String> sparkConf,
        @Nullable Map<String, String> sparkEnvVars,
        Map<String, String> customTags,
        String dataSecurityMode,
        @Nullable String policyId,
        @Nullable String instancePoolId,
        @Nullable String driverInstancePoolId,
        Map<String, JsonNode> echoed,
        @Nullable String driverNodeTypeId,
        @Nullable ClusterSize size) {
    public ClusterSpec {
        requireNonNull(clusterName, "clusterName");
        requireNonNull(nodeTypeId, "nodeTypeId");
        requireNonNull(sparkVersion, "sparkVersion");
        requireNonNull(dataSecurityMode, "dataSecurityMode");
        sparkConf = Map.copyOf(sparkConf);
        sparkEnvVars = sparkEnvVars == null ? Map.of() : Map.copyOf(sparkEnvVars);
        customTags = Map.copyOf(customTags);
        echoed = Map.copyOf(echoed);
    }

    /** The settings of the cluster everybody has. */
    static ClusterSpec ofDefault(String userName) {
        return new ClusterSpec(
                userName + "'s cluster",
                LocalNodeType.MEDIUM.id(),
                Runtimes.DEFAULT,
                60,
                Map.of(),
                Map.of(),
                Map.of(),
                "SINGLE_USER",
                null,
                null,
                null,
                Map.of(),
                null,
                ClusterSize.SINGLE_NODE);
    }

    ClusterSpec withSize(ClusterSize next) {
        return new ClusterSpec(
                clusterName,
                nodeTypeId,
                sparkVersion,
                autoterminationMinutes,
                sparkConf,
                sparkEnvVars,
                customTags,
                dataSecurityMode,
                policyId,
                instancePoolId,
                driverInstancePoolId,
                echoed,
                driverNodeTypeId,
                next);
    }

    /** How many workers it is to have. */
    public ClusterSize workers() {
        return size == null ? ClusterSize.SINGLE_NODE : size;
    }

    String driverType() {
        return driverNodeTypeId == null ? nodeTypeId : driverNodeTypeId;
    }

    /** Whether it is the same but for how many workers there are to be. */
    public boolean sameButForSize(ClusterSpec other) {
        return withSize(other.workers()).equals(other.withSize(other.workers()));
    }

    /** The instance pool that its driver's node comes from; null for none. */
    public @Nullable String driverPool() {
        return driverInstancePoolId == null ? instancePoolId : driverInstancePoolId;
    }

    /** Whether a running cluster has to start anew for the other settings. */
    boolean needsRestart(ClusterSpec other) {
        boolean alone = workers().single();
        if (!Objects.equals(driverPool(), other.driverPool())
                || (!alone && !Objects.equals(instancePoolId, other.instancePoolId()))) {
            return true;
        }
        return !shape().equals(other.shape())
                || alone != other.workers().single()
                || (!alone && !workerShape().equals(other.workerShape()));
    }

    /** What each of its workers needs. */
    public NodeShape workerShape() {
        LocalNodeType type = LocalNodeType.of(nodeTypeId);
        return new NodeShape(
                nodeTypeId,
                type.heapMb(),
                Runtimes.versionOf(sparkVersion),
                Map.of(),
                environment(),
                LocalNodeType.CORES);
    }

    /** The node its driver needs. */
    public NodeShape shape() {
        return new NodeShape(
                driverType(),
                LocalNodeType.of(driverType()).heapMb(),
                Runtimes.versionOf(sparkVersion),
                SparkConf.forDriver(sparkConf),
                environment());
    }

    /** What the driver and the kernels find in their environment. */
    Map<String, String> environment() {
        return sparkEnvVars == null ? Map.of() : sparkEnvVars;
    }

    /** The settings of its driver in whose places secrets may stand, by the fields of the API. */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(workerSettings());
        sparkConf.forEach((key, value) -> settings.put("spark_conf." + key, value));
        return settings;
    }

    /** Those of them that its workers have too. */
    public Map<String, String> workerSettings() {
        Map<String, String> settings = new TreeMap<>();
        environment().forEach((name, value) -> settings.put("spark_env_vars." + name, value));
        return settings;
    }
}
