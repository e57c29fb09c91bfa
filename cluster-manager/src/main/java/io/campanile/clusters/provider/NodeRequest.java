package io.campanile.clusters.provider;

import io.campanile.common.auth.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node to create. {@code nodeId} and {@code deploymentId} tag it from its first moment, so that a crash loses nothing.
 *
 * @param executorId of a worker; null for a driver
 * @param clusterSecret what driver and executors of a cluster with workers know each other by; null without workers
 * @param secrets values of the references that stand in the shape's settings; they are for the node alone
 * @param owner null as long as nobody has it: {@link NodeProvider#open} tells it later
 */
public record NodeRequest(
        String nodeId,
        String deploymentId,
        NodeShape shape,
        @Nullable Integer executorId,
        Secret secret,
        @Nullable Secret clusterSecret,
        Map<String, Secret> secrets,
        @Nullable NodeOwner owner) {
    /** Of a node that nobody has yet. */
    public NodeRequest(
            String nodeId,
            String deploymentId,
            NodeShape shape,
            @Nullable Integer executorId,
            Secret secret,
            @Nullable Secret clusterSecret,
            Map<String, Secret> secrets) {
        this(nodeId, deploymentId, shape, executorId, secret, clusterSecret, secrets, null);
    }

    public NodeRequest {
        secrets = Map.copyOf(secrets);
        if (executorId != null && (clusterSecret == null || shape.cores() == null)) {
            throw new IllegalArgumentException("A worker has cores and the secret of its cluster");
        }
    }
}
