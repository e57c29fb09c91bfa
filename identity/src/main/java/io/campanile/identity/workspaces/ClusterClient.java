package io.campanile.identity.workspaces;

/** What identity asks of the cluster manager. */
public interface ClusterClient {
    /** Ends a deleted workspace's clusters and lets none start; answers how many have not come to rest. Idempotent. */
    int closeWorkspace(long workspaceId);
}
