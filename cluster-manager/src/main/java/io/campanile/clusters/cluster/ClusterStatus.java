package io.campanile.clusters.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What is observed of a cluster; times are milliseconds since the epoch.
 *
 * @param epoch rises with every driver node: what was sent under an older one is lost
 * @param startAttempts nodes tried since it was last asked to run
 * @param startFailed its termination ends in ERROR, as it never came to run
 * @param driverSilent its node exists but is not heard
 */
public record ClusterStatus(
        ClusterState state,
        String message,
        long since,
        long epoch,
        int startAttempts,
        boolean startFailed,
        boolean driverSilent,
        @Nullable String driverNodeId,
        @Nullable Long runningSince,
        @Nullable Long restartedAt,
        @Nullable Long terminatedAt,
        @Nullable Termination termination) {

    static ClusterStatus created(String message, long now) {
        return new ClusterStatus(ClusterState.PENDING, message, now, 1, 1, false, false, null, null, null, null, null);
    }

    static ClusterStatus neverStarted(long now) {
        return new ClusterStatus(
                ClusterState.TERMINATED, "Not started yet", now, 0, 0, false, false, null, null, null, null, null);
    }

    /** A new driver node is to come up, in {@code state} PENDING or RESTARTING. */
    ClusterStatus starting(ClusterState next, String text, int attempts, long now) {
        long begun = attempts > 1 ? since : now;
        return new ClusterStatus(
                next, text, begun, epoch + 1, attempts, false, false, null, null, now, terminatedAt, null);
    }

    ClusterStatus running(String nodeId, long now) {
        return new ClusterStatus(
                ClusterState.RUNNING,
                "",
                now,
                epoch,
                startAttempts,
                false,
                false,
                nodeId,
                now,
                restartedAt,
                null,
                null);
    }

    ClusterStatus terminating(Termination why, String text, boolean failed, long now) {
        return new ClusterStatus(
                ClusterState.TERMINATING,
                text,
                now,
                epoch,
                startAttempts,
                failed,
                false,
                driverNodeId,
                null,
                restartedAt,
                null,
                why);
    }

    ClusterStatus stopped(long now) {
        return new ClusterStatus(
                startFailed ? ClusterState.ERROR : ClusterState.TERMINATED,
                message,
                now,
                epoch,
                0,
                startFailed,
                false,
                null,
                null,
                restartedAt,
                now,
                termination);
    }

    ClusterStatus says(String text) {
        return new ClusterStatus(
                state,
                text,
                since,
                epoch,
                startAttempts,
                startFailed,
                driverSilent,
                driverNodeId,
                runningSince,
                restartedAt,
                terminatedAt,
                termination);
    }

    ClusterStatus silent(boolean isSilent, String text) {
        return new ClusterStatus(
                state,
                text,
                since,
                epoch,
                startAttempts,
                startFailed,
                isSilent,
                driverNodeId,
                runningSince,
                restartedAt,
                terminatedAt,
                termination);
    }
}
