package io.campanile.clusters;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cost.Prices;
import io.campanile.clusters.provider.Isolation;
import java.time.Duration;
import java.util.Set;

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
 * @param cost of nodes
 * @param logs of what nodes print
 * @param isolation of nodes: {@code sandbox} (bubblewrap; it does not start without), {@code process} (none: code in a
 *     cell may do what the platform may) or {@code auto}, a sandbox where one can be had and else clusters of one person
 *     only
 * @param libraries of clusters that have any
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
        Workers workers,
        Cost cost,
        Logs logs,
        String isolation,
        Libraries libraries) {
    private static final Duration LEAST_KEPT = Duration.ofDays(40);
    private static final Set<String> ISOLATIONS = Set.of(Isolation.AUTO, Isolation.SANDBOX, Isolation.PROCESS);

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
        requireNonNull(cost, "cost");
        requireNonNull(logs, "logs");
        if (!ISOLATIONS.contains(isolation)) {
            throw new IllegalArgumentException("cluster-manager.isolation must be auto, sandbox or process");
        }
        requireNonNull(libraries, "libraries");
    }

    /**
     * Settings of logs.
     *
     * @param clusterBytes bytes of logs kept of one cluster; beyond them the oldest are thrown away
     * @param keep how long a log is kept after its last line
     * @param nodeRate bytes of logs that one node may send in a second; what it prints beyond that for long is lost
     */
    public record Logs(long clusterBytes, Duration keep, long nodeRate) {
        public Logs {
            if (clusterBytes <= 0) {
                throw new IllegalArgumentException("cluster-manager.logs.cluster-bytes must be positive");
            }
            if (nodeRate <= 0) {
                throw new IllegalArgumentException("cluster-manager.logs.node-rate must be positive");
            }
            positive(keep, "cluster-manager.logs.keep");
        }
    }

    /**
     * Settings of libraries.
     *
     * @param repository the Maven repository that is asked where a library names none, and after the one it names;
     *     empty: none
     * @param mostBytes that all jars of one library may have
     * @param timeout how long the installation of one library may take
     */
    public record Libraries(String repository, long mostBytes, Duration timeout) {
        public Libraries {
            if (!repository.isEmpty() && !repository.matches("https?://\\S+")) {
                throw new IllegalArgumentException(
                        "cluster-manager.libraries.repository must be an http or https address");
            }
            if (mostBytes <= 0) {
                throw new IllegalArgumentException("cluster-manager.libraries.most-bytes must be positive");
            }
            positive(timeout, "cluster-manager.libraries.timeout");
        }
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

    /**
     * Settings of cost.
     *
     * @param prices {@code type -> price, ...}: what a node of a type costs per hour; of types that are not there, or
     *     cost 0, nothing is said
     * @param currency of all amounts, by its three letters
     * @param ahead for how long a budget must be able to afford what starts, with all that runs in it
     * @param usageKept how long it stays known what was used
     */
    public record Cost(String prices, String currency, Duration ahead, Duration usageKept) {
        public Cost {
            Prices.of(prices, currency);
            positive(ahead, "cluster-manager.cost.ahead");
            positive(usageKept, "cluster-manager.cost.usage-kept");
            if (usageKept.compareTo(LEAST_KEPT) < 0) {
                throw new IllegalArgumentException("cluster-manager.cost.usage-kept must be at least 40 d: budgets of a"
                        + " month count what was used in it");
            }
        }

        /** They have been read: what cannot be is no configuration. */
        Prices priceList() {
            return Prices.of(prices, currency);
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
                new Workers(16, Duration.ofSeconds(60), Duration.ofMinutes(10), Duration.ofMinutes(2)),
                new Cost("", "USD", Duration.ofMinutes(10), Duration.ofDays(400)),
                new Logs(256L << 20, Duration.ofDays(30), 4L << 20),
                Isolation.AUTO,
                new Libraries("https://repo1.maven.org/maven2/", 1L << 30, Duration.ofMinutes(10)));
    }

    public ClusterConfig withWarmPool(int nodes) {
        return with(nodes, cost, logs);
    }

    public ClusterConfig withLogs(Logs others) {
        return with(warmPool, cost, others);
    }

    public ClusterConfig withCost(Cost other) {
        return with(warmPool, other, logs);
    }

    private ClusterConfig with(int nodes, Cost otherCost, Logs otherLogs) {
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
                workers,
                otherCost,
                otherLogs,
                isolation,
                libraries);
    }

    private static void positive(Duration value, String key) {
        if (requireNonNull(value, key).isNegative() || value.isZero()) {
            throw new IllegalArgumentException(key + " must be positive");
        }
    }
}
