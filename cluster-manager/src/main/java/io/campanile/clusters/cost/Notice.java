package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a cluster was told of a budget.
 *
 * @param periodAt when the period of the budget began in which it was told
 * @param dueAt when it is ended; null unless it was told that it will be
 */
public record Notice(
        long workspaceId,
        String budgetId,
        String clusterId,
        Budget.Action action,
        long periodAt,
        long toldAt,
        @Nullable Long dueAt) {
    public Notice {
        requireNonNull(budgetId, "budgetId");
        requireNonNull(clusterId, "clusterId");
        requireNonNull(action, "action");
    }

    /** The same word to the same cluster. */
    public boolean sameAs(Notice other) {
        return budgetId.equals(other.budgetId)
                && clusterId.equals(other.clusterId)
                && action == other.action
                && periodAt == other.periodAt;
    }

    /** What stands in the place of this one, from an older period. */
    public boolean replaces(Notice other) {
        return budgetId.equals(other.budgetId)
                && clusterId.equals(other.clusterId)
                && action == other.action
                && periodAt != other.periodAt;
    }
}
