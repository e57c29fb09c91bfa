package io.campanile.clusters.library;

import org.jspecify.annotations.Nullable;

/**
 * A library that a cluster has or is to have.
 *
 * @param policyId the policy that brought it; null where somebody asked for it
 * @param attempt rises when it failed and is asked for again
 * @param removedEpoch the epoch of the driver that keeps it to its end, after it was taken off
 */
record ClusterLibrary(
        String clusterId,
        Library library,
        @Nullable String policyId,
        int attempt,
        @Nullable Long removedEpoch) {

    /** Under this name nodes are told of it, and speak of it. */
    String orderId() {
        return library.id() + "-" + attempt;
    }

    /** Whether a driver of this epoch has it. */
    boolean in(long epoch) {
        return removedEpoch == null || removedEpoch >= epoch;
    }
}
