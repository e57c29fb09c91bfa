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
        @Nullable Long deletedAt,
        @Nullable Pin pin) {

    /** The one person whose code runs on it. */
    public record Owner(long userId, String userName) {}

    /** Who keeps it in the list though it has long ended, and since when. */
    public record Pin(String userName, long at) {}

    public ClusterState state() {
        return status.state();
    }

    public long epoch() {
        return status.epoch();
    }

    Cluster with(ClusterStatus next) {
        return changed(idempotencyToken, spec, desired, generation, observedGeneration, next, deletedAt);
    }

    Cluster with(ClusterSpec next) {
        return changed(idempotencyToken, next, desired, generation + 1, observedGeneration, status, deletedAt);
    }

    Cluster wanted(Desired next) {
        return changed(idempotencyToken, spec, next, generation + 1, observedGeneration, status, deletedAt);
    }

    /** The wishes up to now are fulfilled. */
    Cluster observed() {
        return changed(idempotencyToken, spec, desired, generation, generation, status, deletedAt);
    }

    Cluster withoutToken() {
        return changed(null, spec, desired, generation, observedGeneration, status, deletedAt);
    }

    Cluster deleted(long now) {
        return changed(null, spec, desired, generation, observedGeneration, status, now);
    }

    /** Null: it is not pinned any more. */
    Cluster pinned(@Nullable Pin next) {
        return marked(owner, next);
    }

    Cluster of(Owner next) {
        return marked(next, pin);
    }

    /** What of a cluster may change; the rest stays as it was made. */
    private Cluster changed(
            @Nullable String nextToken,
            ClusterSpec nextSpec,
            Desired nextDesired,
            long nextGeneration,
            long nextObserved,
            ClusterStatus nextStatus,
            @Nullable Long nextDeletedAt) {
        return new Cluster(
                clusterId,
                workspaceId,
                owner,
                isDefault,
                source,
                nextToken,
                nextSpec,
                nextDesired,
                nextGeneration,
                nextObserved,
                nextStatus,
                createdAt,
                nextDeletedAt,
                pin);
    }

    /** What people say of it, which changes nothing that runs. */
    private Cluster marked(Owner nextOwner, @Nullable Pin nextPin) {
        return new Cluster(
                clusterId,
                workspaceId,
                nextOwner,
                isDefault,
                source,
                idempotencyToken,
                spec,
                desired,
                generation,
                observedGeneration,
                status,
                createdAt,
                deletedAt,
                nextPin);
    }
}
