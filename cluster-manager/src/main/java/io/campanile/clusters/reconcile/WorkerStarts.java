package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.WorkerLife;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.WorkerStore;
import io.campanile.common.auth.Secret;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks for the workers that a cluster lacks, one by one as the machine has room for them. */
final class WorkerStarts {
    /** Each look-up of a secret stands in the audit log: what cannot be had is not asked for at every look. */
    private static final long LOOK_UP_AGAIN_MILLIS = 60_000;

    private final NodeKeeper keeper;
    private final MemoryRule memory;
    private final WarmPool pool;
    private final InstancePools instancePools;
    private final SecretsOfClusters secrets;
    private final Decisions decisions;
    private final Map<ClusterEpoch, Failed> failed = new HashMap<>();

    WorkerStarts(
            NodeKeeper keeper,
            MemoryRule memory,
            WarmPool pool,
            InstancePools instancePools,
            SecretsOfClusters secrets,
            Decisions decisions) {
        this.keeper = requireNonNull(keeper, "keeper");
        this.memory = requireNonNull(memory, "memory");
        this.pool = requireNonNull(pool, "pool");
        this.instancePools = requireNonNull(instancePools, "instancePools");
        this.secrets = requireNonNull(secrets, "secrets");
        this.decisions = requireNonNull(decisions, "decisions");
    }

    /** A look-up that failed. */
    private record Failed(SecretsOfClusters.Failure how, long at) {}

    /** Forgets the look-ups of others. */
    void keepOnly(Set<ClusterEpoch> active) {
        failed.keySet().retainAll(active);
    }

    /** It ran, and ended without being asked. */
    static boolean wasLost(Node worker) {
        return worker.life().lost() && worker.life().pid() != null;
    }

    /** Why the last of these ended. */
    static String reasonOfLast(List<Node> lost) {
        return lost.stream()
                .max(Comparator.comparingLong(Backoff::endOf))
                .map(node -> String.valueOf(node.life().stopReason()))
                .orElse("");
    }

    /** {@code past}: as far as {@link Backoff#memory} goes. */
    Cluster start(Cluster cluster, int count, WorkerStore.Past past, Observation observation) {
        long now = observation.now();
        List<Node> lost =
                past.recent().stream().filter(node -> node.life().lost()).toList();
        if (now < Backoff.until(lost, now)) {
            return missing(cluster, "the last one failed: " + reasonOfLast(lost), now);
        }
        Optional<InstancePools.Refusal> noPlace = noPlace(cluster);
        if (noPlace.isPresent()) {
            return noPlace(cluster, noPlace.get(), now);
        }
        Optional<String> refusal = refusal(cluster, observation);
        if (refusal.isPresent()) {
            return missing(cluster, refusal.get(), now);
        }
        SecretsOfClusters.Lookup lookup = lookUp(cluster, now);
        if (lookup instanceof SecretsOfClusters.Failure failure) {
            return missing(cluster, failure.message(), now);
        }
        // No two nodes of an epoch have the same id: Spark would take the one for the other.
        return start(cluster, count, (SecretsOfClusters.Found) lookup, past.highestExecutorId() + 1, observation);
    }

    private SecretsOfClusters.Lookup lookUp(Cluster cluster, long now) {
        ClusterEpoch epoch = ClusterEpoch.of(cluster);
        Failed before = failed.get(epoch);
        if (before != null && now >= before.at() && now - before.at() < LOOK_UP_AGAIN_MILLIS) {
            return before.how();
        }
        SecretsOfClusters.Lookup lookup = secrets.ofWorker(cluster);
        if (lookup instanceof SecretsOfClusters.Failure failure) {
            failed.put(epoch, new Failed(failure, now));
        } else {
            failed.remove(epoch);
        }
        return lookup;
    }

    private Cluster start(
            Cluster cluster, int count, SecretsOfClusters.Found found, int firstId, Observation observation) {
        var shape = cluster.spec().workerShape();
        Secret ofCluster = requireNonNull(found.ofCluster(), "ofCluster");
        for (int id = firstId; id < firstId + count; id++) {
            Optional<InstancePools.Refusal> noPlace = noPlace(cluster);
            if (noPlace.isPresent()) {
                return noPlace(cluster, noPlace.get(), observation.now());
            }
            Optional<String> refusal = refusal(cluster, observation);
            if (refusal.isPresent()) {
                return missing(cluster, refusal.get(), observation.now());
            }
            keeper.create(
                    NodePlan.worker(cluster, id, ofCluster, found.secrets()),
                    cluster.spec().instancePoolId());
            observation.promise(shape);
        }
        return cluster;
    }

    private Optional<InstancePools.Refusal> noPlace(Cluster cluster) {
        String poolId = cluster.spec().instancePoolId();
        return poolId == null ? Optional.empty() : instancePools.refusal(cluster, poolId);
    }

    /** A place that comes by itself is not missing. */
    private Cluster noPlace(Cluster cluster, InstancePools.Refusal refusal, long now) {
        return refusal.kind() == InstancePools.Wait.A_MOMENT ? cluster : missing(cluster, refusal.message(), now);
    }

    /** Why the machine has no room for a worker more; what idles ends for it. */
    private Optional<String> refusal(Cluster cluster, Observation observation) {
        Optional<String> noMemory = memory.refusal(cluster.spec().workerShape(), cluster.workspaceId(), observation);
        if (noMemory.isPresent() && !pool.release(observation)) {
            instancePools.release(cluster, observation);
        }
        return noMemory;
    }

    private Cluster missing(Cluster cluster, String why, long now) {
        return cluster.status().workers().missing()
                ? cluster
                : decisions
                        .consider(cluster, known -> WorkerLife.missing(known, why, now))
                        .orElse(cluster);
    }
}
