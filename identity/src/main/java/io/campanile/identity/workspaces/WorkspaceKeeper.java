package io.campanile.identity.workspaces;

/** Who keeps something of workspaces: each service, and this one itself. */
public interface WorkspaceKeeper {
    /** Deletes what it has of a deleted workspace, or some of it; true when nothing is left. */
    boolean erase(long workspaceId);
}
