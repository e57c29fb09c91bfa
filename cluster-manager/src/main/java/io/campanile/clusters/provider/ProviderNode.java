package io.campanile.clusters.provider;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node as its provider sees it: something of it still exists.
 *
 * @param deploymentId the installation that asked for it; null when the tag cannot be read any more
 * @param agent its agent, null when only other processes are left
 * @param pids every process of it, the agent included
 * @param residentMb memory its processes hold now
 * @param inside the ids by which its processes know themselves, and those they have here; empty where these are the same
 */
public record ProviderNode(
        String nodeId,
        @Nullable String deploymentId,
        @Nullable AgentProcess agent,
        List<Long> pids,
        long residentMb,
        Map<Long, Long> inside) {
    /** Of a node whose processes know themselves by the ids they have here. */
    public ProviderNode(
            String nodeId,
            @Nullable String deploymentId,
            @Nullable AgentProcess agent,
            List<Long> pids,
            long residentMb) {
        this(nodeId, deploymentId, agent, pids, residentMb, Map.of());
    }

    public ProviderNode {
        pids = List.copyOf(pids);
        inside = Map.copyOf(inside);
    }

    /** The id that a process of which the node speaks has here; empty when it is not there. */
    public Optional<Long> pidHere(long reported) {
        return inside.isEmpty() ? Optional.of(reported) : Optional.ofNullable(inside.get(reported));
    }

    /** A process is known by its id and its start (milliseconds since the epoch) together. */
    public record AgentProcess(long pid, long started) {}
}
