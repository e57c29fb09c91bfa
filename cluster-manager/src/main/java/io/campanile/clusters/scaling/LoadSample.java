package io.campanile.clusters.scaling;

/**
 * The load of a cluster at one moment; {@code at} and ages are milliseconds.
 *
 * @param target workers it was to have then
 * @param pendingTasks that wait for a free core
 * @param idle executors that had nothing to do for as long as {@link ScalingRules#idle} says
 */
public record LoadSample(long at, int target, int pendingTasks, int runningTasks, int executors, int idle) {
    /** The workers that would run all of it at once. */
    int needed(int coresPerWorker) {
        return -Math.floorDiv(-(pendingTasks + runningTasks), Math.max(1, coresPerWorker));
    }
}
