package io.campanile.clusters.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many workers a cluster is to have: a fixed number, or what its load asks for between two numbers.
 *
 * @param numWorkers 0 for a single node, whose driver does all the work; without meaning when it scales
 */
public record ClusterSize(int numWorkers, @Nullable AutoScale autoscale) {
    static final ClusterSize SINGLE_NODE = fixed(0);

    /** The bounds within which a cluster scales itself. */
    public record AutoScale(int minWorkers, int maxWorkers) {}

    static ClusterSize fixed(int workers) {
        return new ClusterSize(workers, null);
    }

    static ClusterSize scaled(int min, int max) {
        return new ClusterSize(0, new AutoScale(min, max));
    }

    /** No workers, now and later. */
    public boolean single() {
        return autoscale == null && numWorkers == 0;
    }

    /** The workers it starts with. */
    int initial() {
        return autoscale == null ? numWorkers : autoscale.minWorkers();
    }

    /** The number nearest to {@code workers} that it may have. */
    int nearest(int workers) {
        return autoscale == null
                ? numWorkers
                : Math.max(autoscale.minWorkers(), Math.min(autoscale.maxWorkers(), workers));
    }

    /** As the public API has it: one field, by the name that was used to ask for it. */
    Map<String, Object> onTheWire() {
        return autoscale == null
                ? Map.of("num_workers", numWorkers)
                : Map.of(
                        "autoscale",
                        Map.of("min_workers", autoscale.minWorkers(), "max_workers", autoscale.maxWorkers()));
    }
}
