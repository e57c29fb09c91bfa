package io.campanile.notebooks.compute;

import io.campanile.common.errors.ApiException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A cluster as cluster-manager describes it to services. {@code epoch} rises with every start of its driver node. */
public record Cluster(
        String clusterId,
        long workspaceId,
        String clusterName,
        ClusterState state,
        @Nullable String stateMessage,
        long ownerUserId,
        String ownerUserName,
        long epoch,
        long stateSince,
        @Nullable Reason terminationReason) {
    public Cluster {
        ApiException.require(clusterId, "cluster_id");
        ApiException.require(state, "state");
    }

    /** Why it ended, in the words of the public API. */
    public record Reason(
            String code, @Nullable String type, @Nullable Map<String, String> parameters) {}

    /** Whether {@code other} is news about the same cluster; answers to calls and the change feed may cross. */
    boolean isOlderThan(Cluster other) {
        return epoch < other.epoch || (epoch == other.epoch && stateSince <= other.stateSince);
    }

    /** What a person should read about its state; empty when there is nothing to add. */
    public String explanation() {
        if (stateMessage != null && !stateMessage.isBlank()) {
            return stateMessage;
        }
        return terminationReason == null ? "" : terminationReason.code();
    }
}
