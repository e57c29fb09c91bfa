package io.campanile.clusters.metric;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of a node in five minutes.
 *
 * @param at when they begin
 * @param samples as they came; empty when only their mean is kept
 */
record Block(Key key, Source source, long at, Sample mean, List<Sample> samples) {
    static final long LENGTH = 5 * 60_000;

    /** Which node. */
    record Key(long workspaceId, String clusterId, String nodeId) {}

    /** {@code executorId} null for a driver; {@code memoryLimit} in bytes. */
    record Source(long epoch, String role, @Nullable Integer executorId, long memoryLimit) {}

    Block {
        samples = List.copyOf(samples);
    }

    static Block of(Key key, Source source, long at, List<Sample> samples) {
        return new Block(key, source, at, Sample.mean(at, samples), samples);
    }

    /** All measurements of both, in their order. */
    static List<Sample> together(Collection<Sample> some, Collection<Sample> others) {
        TreeMap<Long, Sample> all = new TreeMap<>();
        some.forEach(sample -> all.put(sample.at(), sample));
        others.forEach(sample -> all.put(sample.at(), sample));
        return List.copyOf(all.values());
    }
}
