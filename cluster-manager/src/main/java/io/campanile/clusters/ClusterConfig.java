package io.campanile.clusters;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Settings of the cluster manager.
 *
 * @param warmPool unassigned nodes kept started for default clusters; 0 disables the pool
 * @param parkedKernels Java kernels a node starts in advance
 * @param reconcileEvery how often everything is looked at, beside being woken
 * @param startTimeout how long a node may take until its driver is ready
 * @param memoryWait how long a start waits for memory, or for a place in its instance pool
 * @param silentAfter a node not heard for so long is said not to respond
 * @param lostAfter a node not heard for so long is given up
 * @param stopGrace between asking a node to stop, SIGTERM and SIGKILL
 * @param orphanAge a process of ours that nobody knows is ended when it is known for so long
 * @param deadMan a node without contact to us for so long ends itself; longer than the hour for which what a cell
 *     prints must outlive every service
 * @param workers of clusters that have any
 */
public record ClusterConfig(
        int warmPool,
        int parkedKernels,
        Duration reconcileEvery,
        Duration startTimeout,
        Duration memoryWait,
        Duration silentAfter,
        Duration lostAfter,
        Duration stopGrace,
        Duration orphanAge,
        Duration deadMan,
        Workers workers) {
    public ClusterConfig {
        if (warmPool < 0 || parkedKernels < 0) {
            throw new IllegalArgumentException(
                    "cluster-manager.warm-pool and cluster-manager.parked-kernels must not be negative");
        }
        positive(reconcileEvery, "cluster-manager.reconcile-every");
        positive(startTimeout, "cluster-manager.start-timeout");
        positive(memoryWait, "cluster-manager.memory-wait");
        positive(silentAfter, "cluster-manager.silent-after");
        positive(lostAfter, "cluster-manager.lost-after");
        positive(stopGrace, "cluster-manager.stop-grace");
        positive(orphanAge, "cluster-manager.orphan-age");
        positive(deadMan, "cluster-manager.dead-man");
        requireNonNull(workers, "workers");
    }

    /**
     * Settings of workers.
     *
     * @param most that one cluster may have
     * @param firstWait how long a cluster whose driver is ready waits for its first executor before it is said to run
     * @param leaveWait how long an executor that is taken out may take to end its tasks and hand on its blocks
     * @param idle how long executors have nothing to do before a cluster that scales gives them back
     */
    public record Workers(int most, Duration firstWait, Duration leaveWait, Duration idle) {
        public Workers {
            if (most < 0) {
                throw new IllegalArgumentException("cluster-manager.workers.most must not be negative");
            }
            positive(firstWait, "cluster-manager.workers.first-wait");
            positive(leaveWait, "cluster-manager.workers.leave-wait");
            positive(idle, "cluster-manager.workers.idle");
        }
    }

    public static ClusterConfig defaults() {
        return new ClusterConfig(
                1,
                1,
                Duration.ofSeconds(2),
                Duration.ofSeconds(180),
                Duration.ofSeconds(120),
                Duration.ofSeconds(15),
                Duration.ofSeconds(120),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofMinutes(75),
                new Workers(16, Duration.ofSeconds(60), Duration.ofMinutes(10), Duration.ofMinutes(2)));
    }

    public ClusterConfig withWarmPool(int nodes) {
        return new ClusterConfig(
                nodes,
                parkedKernels,
                reconcileEvery,
                startTimeout,
                memoryWait,
                silentAfter,
                lostAfter,
                stopGrace,
                orphanAge,
                deadMan,
                workers);
    }

    private static void positive(Duration value, String key) {
        if (requireNonNull(value, key).isNegative() || value.isZero()) {
            throw new IllegalArgumentException(key + " must be positive");
        }
    }
}
