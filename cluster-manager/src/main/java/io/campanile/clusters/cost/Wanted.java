package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.Map;

/** A cluster that runs or is to run, as budgets look at it. */
public record Wanted(
        String clusterId,
        long ownerUserId,
        Map<String, String> tags,
        String driverTypeId,
        String workerTypeId,
        int workers) {
    public Wanted {
        requireNonNull(clusterId, "clusterId");
        tags = Map.copyOf(tags);
    }

    /** Per hour. */
    public BigDecimal rate(Prices prices) {
        return prices.of(driverTypeId, workerTypeId, workers);
    }
}
