package io.campanile.clusters.provider;

import org.jspecify.annotations.Nullable;

/**
 * Whose node it is, which decides what files it sees.
 *
 * @param driverNodeId of a worker: the node of its driver, by whose folder managed tables are named; null otherwise
 */
public record NodeOwner(
        long workspaceId, long userId, @Nullable String driverNodeId) {}
