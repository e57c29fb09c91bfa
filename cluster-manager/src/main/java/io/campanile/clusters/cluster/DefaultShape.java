package io.campanile.clusters.cluster;

import io.campanile.clusters.provider.NodeShape;

/** The node a default cluster needs: what the warm pool is made of. */
public final class DefaultShape {
    private DefaultShape() {}

    public static NodeShape get() {
        return ClusterSpec.ofDefault("nobody").shape();
    }
}
