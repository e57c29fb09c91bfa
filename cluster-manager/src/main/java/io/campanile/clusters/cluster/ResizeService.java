package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.policy.PolicyService;
import io.campanile.clusters.pool.PoolService;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How many workers clusters have, and how many they are to have. */
public final class ResizeService {
    private final ClusterService clusters;
    private final ClusterNodes nodes;
    private final GovernedSpecs specs;
    private final Clock clock;

    /** {@code mostWorkers}: that a cluster may have here. */
    public ResizeService(
            ClusterService clusters,
            PolicyService policies,
            PoolService pools,
            ClusterNodes nodes,
            int mostWorkers,
            Clock clock) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.nodes = requireNonNull(nodes, "nodes");
        this.specs = new GovernedSpecs(policies, pools, mostWorkers);
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Gives a cluster that runs another size.
     *
     * @param force though a command runs, where the driver has to start anew
     */
    void resize(Caller caller, ObjectNode body, String clusterId, boolean force) {
        FreshSettings.change(clusters, caller, clusterId, before -> {
            ClusterSize size = specs.ofResized(caller, before, body);
            boolean busy = nodes.busy(before);
            return cluster -> {
                if (!cluster.state().running()) {
                    throw ClusterService.unexpected(cluster);
                }
                ClusterSpec resized = cluster.spec().withSize(size);
                SpecReader.checkSize(resized);
                if (cluster.spec().needsRestart(resized) && busy && !force) {
                    throw new ApiException(
                            ErrorCode.INVALID_STATE,
                            "Cluster " + clusterId + " runs a command. Between a single node and workers its driver has"
                                    + " to restart: wait for the command, cancel it, or add \"force\": true");
                }
                return Optional.of(WorkerLife.resize(cluster, size, caller.userName(), clock.millis()));
            };
        });
    }

    /** The executors of these clusters of a workspace, by the cluster's id. */
    Map<String, List<ClusterNodes.Worker>> workers(long workspaceId, List<Cluster> shown) {
        List<String> ids = shown.stream().map(Cluster::clusterId).toList();
        return nodes.workers(workspaceId, ids).stream().collect(Collectors.groupingBy(ClusterNodes.Worker::clusterId));
    }
}
