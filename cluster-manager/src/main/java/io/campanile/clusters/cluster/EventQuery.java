package io.campanile.clusters.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which events of a cluster are asked for; times are milliseconds since the epoch, both ends included. */
record EventQuery(
        @Nullable Long startTime,
        @Nullable Long endTime,
        List<String> types,
        boolean ascending,
        long offset,
        int limit) {}
