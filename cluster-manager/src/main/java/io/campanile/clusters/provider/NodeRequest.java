package io.campanile.clusters.provider;

import io.campanile.common.auth.Secret;
import java.util.Map;

/**
 * A node to create. {@code nodeId} and {@code deploymentId} tag it from its first moment, so that a crash loses nothing.
 *
 * @param secrets values of the references that stand in the shape's settings; they are for the node alone
 */
public record NodeRequest(
        String nodeId, String deploymentId, NodeShape shape, Secret secret, Map<String, Secret> secrets) {
    public NodeRequest {
        secrets = Map.copyOf(secrets);
    }
}
