package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER;

import io.campanile.clusters.cost.BudgetGateStore;
import io.campanile.clusters.cost.Tags;
import io.campanile.clusters.cost.Wanted;
import java.util.List;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What clusters cost while they run, for the budgets that let them. */
final class BudgetPlaceStore {
    private BudgetPlaceStore() {}

    /** Before a cluster is somebody else's it is written down what it was used by the one whose it is. */
    static void settle(DSLContext tx, @Nullable BudgetGateStore gate, Cluster before, Cluster after) {
        if (gate != null && !before.owner().equals(after.owner())) {
            gate.settle(tx, before.workspaceId(), before.clusterId());
        }
    }

    /**
     * Refuses what makes a cluster cost more than it did, or has somebody start it anew.
     *
     * @param gate null: there are no budgets
     * @param before null: it is new
     * @param asked somebody wants it; else the platform does it by itself
     */
    static void require(
            DSLContext tx, @Nullable BudgetGateStore gate, @Nullable Cluster before, Cluster after, boolean asked) {
        if (gate == null || !ClusterStore.active(after)) {
            return;
        }
        Wanted wanted = wanted(after);
        boolean was = before != null && ClusterStore.active(before);
        int more = was && before != null
                ? wanted.rate(gate.prices()).compareTo(wanted(before).rate(gate.prices()))
                : 1;
        boolean anew = asked && before != null && after.epoch() > before.epoch();
        if (more > 0 || (anew && more == 0)) {
            gate.require(tx, after.workspaceId(), wanted, () -> others(tx, after.workspaceId()));
        }
    }

    private static List<Wanted> others(DSLContext tx, long workspaceId) {
        return tx.selectFrom(CLUSTER)
                .where(CLUSTER.WORKSPACE_ID.eq(workspaceId))
                .and(CLUSTER.DESIRED.eq(Desired.RUNNING.name()))
                .and(CLUSTER.DELETED_AT.isNull())
                .fetch(row -> wanted(ClusterRowStore.cluster(row)));
    }

    /** One that is on its way down, to start again, has the workers then that it starts with. */
    static Wanted wanted(Cluster cluster) {
        ClusterSpec spec = cluster.spec();
        boolean down = cluster.state().stopped() || cluster.state() == ClusterState.TERMINATING;
        return new Wanted(
                cluster.clusterId(),
                cluster.owner().userId(),
                Tags.of(cluster.clusterId(), spec.clusterName(), cluster.owner().userName(), spec.customTags()),
                spec.driverType(),
                spec.nodeTypeId(),
                down ? spec.workers().initial() : cluster.status().workers().target());
    }
}
