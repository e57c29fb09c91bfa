package io.campanile.clusters.scaling;

import java.time.Duration;

/**
 * When a cluster scales.
 *
 * @param backlog how long tasks must wait before there are more workers
 * @param idle how long executors must have been idle, and the size unchanged, before there are fewer
 */
public record ScalingRules(Duration backlog, Duration idle) {
    /** Rules for this patience with idle executors. */
    public static ScalingRules of(Duration idle) {
        return new ScalingRules(Duration.ofSeconds(3), idle);
    }
}
