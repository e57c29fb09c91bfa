package io.campanile.clusters.log;

import org.jspecify.annotations.Nullable;

/**
 * A log of a node; times are milliseconds since the epoch.
 *
 * @param epoch of its cluster: the start that the node was for
 * @param firstOffset of the bytes that are kept; those before were thrown away
 * @param nextOffset where the next bytes go
 */
record NodeLog(Key key, Source source, long firstOffset, long nextOffset, long firstAt, long lastAt) {

    /** Which log. */
    record Key(long workspaceId, String clusterId, String nodeId, String stream) {}

    /** Whose it is; {@code executorId} null for a driver. */
    record Source(long epoch, String role, @Nullable Integer executorId) {}

    long bytes() {
        return nextOffset - firstOffset;
    }
}
