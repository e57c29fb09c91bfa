package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cost.BudgetLook;
import io.campanile.clusters.cost.Notice;
import io.campanile.clusters.cost.NoticeStore;
import java.util.Optional;
import org.jooq.DSLContext;

/** Events of budgets, each in one transaction with what is remembered of it, if the budget is still as it was seen. */
final class NoticesStore {
    private final ClusterStore clusters;

    NoticesStore(ClusterStore clusters) {
        this.clusters = requireNonNull(clusters, "clusters");
    }

    /** The budget was changed in between: nothing follows from what it was. */
    private static final class Changed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    void tell(Cluster seen, BudgetLook.Seen standing, Notice notice) {
        attempt(() -> clusters.change(
                seen.workspaceId(),
                seen.clusterId(),
                known -> ClusterStore.active(known)
                        ? Optional.of(ClusterLife.told(known, standing.details(notice), notice.toldAt()))
                        : Optional.empty(),
                null,
                tx -> {
                    require(tx, standing);
                    NoticeStore.tell(tx, notice);
                }));
    }

    /** False when it did not come to that. */
    boolean end(Cluster seen, BudgetLook.Seen standing, long now) {
        String message = standing.ending();
        return attempt(() -> clusters.change(
                seen.workspaceId(),
                seen.clusterId(),
                known -> ClusterStore.active(known) && known.epoch() == seen.epoch()
                        ? Optional.of(ClusterLife.terminate(known, Termination.budget(message), message, now))
                        : Optional.empty(),
                null,
                tx -> require(tx, standing)));
    }

    private static void require(DSLContext tx, BudgetLook.Seen standing) {
        if (!NoticeStore.holds(tx, standing.budget())) {
            throw new Changed();
        }
    }

    private static boolean attempt(Runnable change) {
        try {
            change.run();
            return true;
        } catch (Changed changed) {
            return false;
        }
    }
}
