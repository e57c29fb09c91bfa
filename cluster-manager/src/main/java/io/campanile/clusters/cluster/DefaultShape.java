package io.campanile.clusters.cluster;

import io.campanile.clusters.provider.NodeShape;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The node a default cluster needs: what the warm pool is made of. */
public final class DefaultShape {
    private DefaultShape() {}

    /** Of idle nodes of an instance pool: that of drivers with no settings of their own. */
    public static NodeShape of(String nodeTypeId, @Nullable String sparkVersion) {
        return new NodeShape(
                nodeTypeId,
                LocalNodeType.of(nodeTypeId).heapMb(),
                Runtimes.versionOf(sparkVersion == null ? Runtimes.DEFAULT : sparkVersion),
                Map.of(),
                Map.of());
    }

    public static NodeShape get() {
        return ClusterSpec.ofDefault("nobody").shape();
    }
}
