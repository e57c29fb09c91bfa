package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.WorkerLife;
import io.campanile.clusters.node.Node;
import io.campanile.common.auth.Secret;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks for the workers that a cluster lacks, one by one as the machine has room for them. */
final class WorkerStarts {
    private final NodeKeeper keeper;
    private final MemoryRule memory;
    private final WarmPool pool;
    private final SecretsOfClusters secrets;
    private final ClusterKeys keys;
    private final Decisions decisions;

    WorkerStarts(
            NodeKeeper keeper,
            MemoryRule memory,
            WarmPool pool,
            SecretsOfClusters secrets,
            ClusterKeys keys,
            Decisions decisions) {
        this.keeper = requireNonNull(keeper, "keeper");
        this.memory = requireNonNull(memory, "memory");
        this.pool = requireNonNull(pool, "pool");
        this.secrets = requireNonNull(secrets, "secrets");
        this.keys = requireNonNull(keys, "keys");
        this.decisions = requireNonNull(decisions, "decisions");
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

    /** {@code known}: every worker of the epoch there is or was, the newest first. */
    Cluster start(Cluster cluster, int count, List<Node> known, Observation observation) {
        long now = observation.now();
        List<Node> lost = known.stream().filter(node -> node.life().lost()).toList();
        if (now < Backoff.until(lost, now)) {
            return missing(cluster, "the last one failed: " + reasonOfLast(lost), now);
        }
        SecretsOfClusters.Lookup lookup = secrets.lookUp(cluster);
        if (lookup instanceof SecretsOfClusters.Found found) {
            return start(cluster, count, found, nextId(known), observation);
        }
        return missing(
                cluster,
                lookup instanceof SecretsOfClusters.Refused refused
                        ? refused.message()
                        : ((SecretsOfClusters.Away) lookup).message(),
                now);
    }

    private Cluster start(
            Cluster cluster, int count, SecretsOfClusters.Found found, int firstId, Observation observation) {
        var shape = cluster.spec().workerShape();
        Map<String, Secret> ofEnvironment = new TreeMap<>(found.secrets());
        ofEnvironment.keySet().retainAll(cluster.spec().workerSettings());
        for (int id = firstId; id < firstId + count; id++) {
            Optional<String> refusal = memory.refusal(shape, cluster.workspaceId(), observation);
            if (refusal.isPresent()) {
                pool.release(observation);
                return missing(cluster, refusal.get(), observation.now());
            }
            keeper.create(NodePlan.worker(cluster, id, keys.of(cluster), ofEnvironment));
            observation.promise(shape);
        }
        return cluster;
    }

    private Cluster missing(Cluster cluster, String why, long now) {
        return cluster.status().workers().missing()
                ? cluster
                : decisions
                        .consider(cluster, known -> WorkerLife.missing(known, why, now))
                        .orElse(cluster);
    }

    /** No two nodes of an epoch have the same: Spark would take the one for the other. */
    private static int nextId(List<Node> known) {
        return 1
                + known.stream()
                        .mapToInt(node -> node.executorId() == null ? 0 : node.executorId())
                        .max()
                        .orElse(-1);
    }
}
