package io.campanile.clusters.reconcile;

import io.campanile.clusters.cluster.Cluster;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clusters whose last step failed: what is wrong with one is not to stop the others. */
final class FailingClusters {
    private static final Logger LOG = LoggerFactory.getLogger(FailingClusters.class);

    private final Counter failures;
    private final Set<String> failing = new HashSet<>();

    FailingClusters(MeterRegistry registry) {
        this.failures = registry.counter("campanile.clusters.reconcile.step.failures");
    }

    /** Answers how the step failed; said once until one succeeds. */
    Optional<RuntimeException> attempt(Cluster cluster, Runnable step) {
        try {
            step.run();
            failing.remove(cluster.clusterId());
            return Optional.empty();
        } catch (RuntimeException e) {
            failures.increment();
            if (failing.add(cluster.clusterId())) {
                LOG.atError()
                        .addKeyValue("clusterId", cluster.clusterId())
                        .addKeyValue("workspaceId", cluster.workspaceId())
                        .setCause(e)
                        .log("A step of a cluster failed; trying again");
            }
            return Optional.of(e);
        }
    }

    boolean has(Cluster cluster) {
        return failing.contains(cluster.clusterId());
    }

    void keepOnly(Set<String> clusterIds) {
        failing.retainAll(clusterIds);
    }
}
