package io.campanile.clusters.provider;

import io.campanile.common.auth.Secret;

/** A node to create. {@code nodeId} and {@code deploymentId} tag it from its first moment, so that a crash loses nothing. */
public record NodeRequest(String nodeId, String deploymentId, NodeShape shape, Secret secret) {}
