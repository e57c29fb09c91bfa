package io.campanile.clusters.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node as its provider sees it: something of it still exists.
 *
 * @param deploymentId the installation that asked for it; null when the tag cannot be read any more
 * @param agent its agent, null when only other processes are left
 * @param pids every process of it, the agent included
 * @param residentMb memory its processes hold now
 */
public record ProviderNode(
        String nodeId,
        @Nullable String deploymentId,
        @Nullable AgentProcess agent,
        List<Long> pids,
        long residentMb) {
    public ProviderNode {
        pids = List.copyOf(pids);
    }

    /** A process is known by its id and its start (milliseconds since the epoch) together. */
    public record AgentProcess(long pid, long started) {}
}
