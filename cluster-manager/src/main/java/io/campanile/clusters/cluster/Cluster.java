package io.campanile.clusters.cluster;

import org.jspecify.annotations.Nullable;

/** A cluster: what is wanted of it and what is observed. {@code generation} rises with every wish. */
public record Cluster(
        String clusterId,
        long workspaceId,
        Owner owner,
        boolean isDefault,
        String source,
        @Nullable String idempotencyToken,
        ClusterSpec spec,
        Desired desired,
        long generation,
        long observedGeneration,
        ClusterStatus status,
        long createdAt,
        @Nullable Long deletedAt) {

    /** The one person whose code runs on it. */
    public record Owner(long userId, String userName) {}

    public ClusterState state() {
        return status.state();
    }

    public long epoch() {
        return status.epoch();
    }

    Cluster with(ClusterStatus next) {
        return new Cluster(
                clusterId,
                workspaceId,
                owner,
                isDefault,
                source,
                idempotencyToken,
                spec,
                desired,
                generation,
                observedGeneration,
                next,
                createdAt,
                deletedAt);
    }

    Cluster with(ClusterSpec next) {
        return new Cluster(
                clusterId,
                workspaceId,
                owner,
                isDefault,
                source,
                idempotencyToken,
                next,
                desired,
                generation + 1,
                observedGeneration,
                status,
                createdAt,
                deletedAt);
    }

    Cluster wanted(Desired next) {
        return new Cluster(
                clusterId,
                workspaceId,
                owner,
                isDefault,
                source,
                idempotencyToken,
                spec,
                next,
                generation + 1,
                observedGeneration,
                status,
                createdAt,
                deletedAt);
    }

    /** The wishes up to now are fulfilled. */
    Cluster observed() {
        return new Cluster(
                clusterId,
                workspaceId,
                owner,
                isDefault,
                source,
                idempotencyToken,
                spec,
                desired,
                generation,
                generation,
                status,
                createdAt,
                deletedAt);
    }

    Cluster withoutToken() {
        return new Cluster(
                clusterId,
                workspaceId,
                owner,
                isDefault,
                source,
                null,
                spec,
                desired,
                generation,
                observedGeneration,
                status,
                createdAt,
                deletedAt);
    }

    Cluster deleted(long now) {
        return new Cluster(
                clusterId,
                workspaceId,
                owner,
                isDefault,
                source,
                null,
                spec,
                desired,
                generation,
                observedGeneration,
                status,
                createdAt,
                now);
    }
}
