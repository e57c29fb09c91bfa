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
        @Nullable Termination termination,
        Workers workers) {

    /**
     * The workers of its epoch.
     *
     * @param target how many it is to have now
     * @param current how many its driver had when it was last looked at
     * @param lost how many ended without being asked, as far as it was told
     * @param missing it was told that some cannot be had
     */
    public record Workers(int target, int current, int lost, boolean missing) {
        static final Workers NONE = new Workers(0, 0, 0, false);

        static Workers wanted(int target) {
            return new Workers(target, 0, 0, false);
        }

        /** It is to get more than it has. */
        public boolean behind() {
            return current < target;
        }

        Workers serving(int now, boolean someMissing) {
            return new Workers(target, now, lost, someMissing);
        }

        Workers lost(int told) {
            return new Workers(target, current, told, missing);
        }

        Workers target(int next) {
            return new Workers(next, current, lost, false);
        }
    }

    static ClusterStatus created(String message, int workers, long now) {
        return new ClusterStatus(
                ClusterState.PENDING,
                message,
                now,
                1,
                1,
                false,
                false,
                null,
                null,
                null,
                null,
                null,
                Workers.wanted(workers));
    }

    static ClusterStatus neverStarted(long now) {
        return new ClusterStatus(
                ClusterState.TERMINATED,
                "Not started yet",
                now,
                0,
                0,
                false,
                false,
                null,
                null,
                null,
                null,
                null,
                Workers.NONE);
    }

    /** A new driver node is to come up, in {@code state} PENDING or RESTARTING, with so many workers. */
    ClusterStatus starting(ClusterState next, String text, int attempts, int target, long now) {
        long begun = attempts > 1 ? since : now;
        return new ClusterStatus(
                next,
                text,
                begun,
                epoch + 1,
                attempts,
                false,
                false,
                null,
                null,
                now,
                terminatedAt,
                null,
                Workers.wanted(target));
    }

    ClusterStatus running(String nodeId, int serving, long now) {
        boolean someMissing = workers.missing() && serving < workers.target();
        return new ClusterStatus(
                ClusterState.RUNNING,
                someMissing ? message : "",
                now,
                epoch,
                startAttempts,
                false,
                false,
                nodeId,
                now,
                restartedAt,
                null,
                null,
                workers.serving(serving, someMissing));
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
                why,
                Workers.NONE);
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
                termination,
                Workers.NONE);
    }

    /** Its driver goes on; workers come or go. */
    ClusterStatus resizing(int target, long now) {
        return in(ClusterState.RESIZING, "Resizing to " + target + (target == 1 ? " worker" : " workers"), now)
                .withWorkers(workers.target(target));
    }

    /** It has the workers it is to have, or those it can have. */
    ClusterStatus resized(long now) {
        return in(ClusterState.RUNNING, workers.missing() ? message : "", now);
    }

    ClusterStatus says(String text) {
        return changed(state, text, since, driverSilent, workers);
    }

    ClusterStatus silent(boolean isSilent, String text) {
        return changed(state, text, since, isSilent, workers);
    }

    ClusterStatus withWorkers(Workers next) {
        return changed(state, message, since, driverSilent, next);
    }

    private ClusterStatus in(ClusterState next, String text, long now) {
        return changed(next, text, now, driverSilent, workers);
    }

    private ClusterStatus changed(
            ClusterState nextState, String nextMessage, long nextSince, boolean isSilent, Workers nextWorkers) {
        return new ClusterStatus(
                nextState,
                nextMessage,
                nextSince,
                epoch,
                startAttempts,
                startFailed,
                isSilent,
                driverNodeId,
                runningSince,
                restartedAt,
                terminatedAt,
                termination,
                nextWorkers);
    }
}
