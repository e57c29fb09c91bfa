package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER;
import static io.campanile.clusters.db.Tables.CLUSTER_EVENT;
import static io.campanile.clusters.db.Tables.CLUSTER_SETTING;
import static io.campanile.clusters.db.Tables.NODE;

import io.campanile.clusters.cost.UsageStore;
import io.campanile.common.db.Database;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Finds what is over in all workspaces, and takes away what nobody can see any more. */
final class SweepStore {
    private static final List<String> STOPPED = List.of(ClusterState.TERMINATED.name(), ClusterState.ERROR.name());

    private final Database database;
    private final DSLContext everywhere;

    SweepStore(Database database) {
        this.database = database;
        this.everywhere = database.acrossWorkspaces("clusters are forgotten when their time is over");
    }

    /** Clusters that ended so long ago, and are neither pinned nor the one that somebody always has. */
    List<Cluster> ended(long before, int most) {
        return everywhere
                .selectFrom(CLUSTER)
                .where(CLUSTER.STATE.in(STOPPED))
                .and(CLUSTER.DESIRED.eq(Desired.TERMINATED.name()))
                .and(CLUSTER.TERMINATED_AT.le(before))
                .and(CLUSTER.PINNED_AT.isNull())
                .and(CLUSTER.IS_DEFAULT.isFalse())
                .and(CLUSTER.DELETED_AT.isNull())
                .orderBy(CLUSTER.TERMINATED_AT)
                .limit(most)
                .fetch(ClusterRowStore::cluster);
    }

    /** Clusters that run for longer than their workspace lets them. */
    List<Overdue> overdue(long now, int most) {
        return everywhere
                .select(CLUSTER.WORKSPACE_ID, CLUSTER.CLUSTER_ID, CLUSTER_SETTING.MAX_LIFETIME_MINUTES)
                .from(CLUSTER)
                .join(CLUSTER_SETTING)
                .on(CLUSTER_SETTING.WORKSPACE_ID.eq(CLUSTER.WORKSPACE_ID))
                .where(CLUSTER.DESIRED.eq(Desired.RUNNING.name()))
                .and(CLUSTER.RUNNING_SINCE.le(DSL.val(now).minus(CLUSTER_SETTING.MAX_LIFETIME_MINUTES.times(60_000L))))
                .orderBy(CLUSTER.RUNNING_SINCE)
                .limit(most)
                .fetch(row -> new Overdue(row.value1(), row.value2(), row.value3()));
    }

    /** A cluster and how many minutes it may run. */
    record Overdue(long workspaceId, String clusterId, long minutes) {}

    /** Takes away what is left of clusters that do not exist for anybody since so long; answers how many. */
    int forget(long deletedBefore, int most) {
        var gone = everywhere
                .select(CLUSTER.WORKSPACE_ID, CLUSTER.CLUSTER_ID)
                .from(CLUSTER)
                .where(CLUSTER.DELETED_AT.le(deletedBefore), CLUSTER.STATE.in(STOPPED))
                // What its nodes cost is written down first.
                .andNotExists(DSL.selectOne()
                        .from(NODE)
                        .where(NODE.WORKSPACE_ID.eq(CLUSTER.WORKSPACE_ID), NODE.CLUSTER_ID.eq(CLUSTER.CLUSTER_ID))
                        .and(UsageStore.unsettled()))
                .limit(most)
                .fetch();
        gone.forEach(row -> forget(row.value1(), row.value2()));
        return gone.size();
    }

    private void forget(long workspaceId, String clusterId) {
        database.transact(tx -> {
            tx.deleteFrom(CLUSTER_EVENT)
                    .where(CLUSTER_EVENT.WORKSPACE_ID.eq(workspaceId), CLUSTER_EVENT.CLUSTER_ID.eq(clusterId))
                    .execute();
            tx.deleteFrom(NODE)
                    .where(NODE.WORKSPACE_ID.eq(workspaceId), NODE.CLUSTER_ID.eq(clusterId), NODE.GONE_AT.isNotNull())
                    .execute();
            tx.deleteFrom(CLUSTER)
                    .where(
                            CLUSTER.WORKSPACE_ID.eq(workspaceId),
                            CLUSTER.CLUSTER_ID.eq(clusterId),
                            CLUSTER.DELETED_AT.isNotNull())
                    .execute();
        });
    }

    /** Takes away nodes that ended so long ago; those of a cluster's present epoch say how many workers it has lost. */
    int forgetNodes(long goneBefore, int most) {
        return everywhere
                .deleteFrom(NODE)
                .where(NODE.NODE_ID.in(DSL.select(NODE.NODE_ID)
                        .from(NODE)
                        .leftJoin(CLUSTER)
                        .on(CLUSTER.WORKSPACE_ID.eq(NODE.WORKSPACE_ID), CLUSTER.CLUSTER_ID.eq(NODE.CLUSTER_ID))
                        .where(NODE.GONE_AT.lt(goneBefore))
                        .and(UsageStore.unsettled().not())
                        .and(CLUSTER.CLUSTER_ID.isNull().or(CLUSTER.EPOCH.gt(NODE.EPOCH)))
                        .limit(most)))
                .execute();
    }

    /** Takes away events of so long ago. What says whether a cluster is pinned stays as long as it does. */
    int forgetEvents(long before, int most) {
        Condition old = CLUSTER_EVENT
                .AT
                .lt(before)
                .and(CLUSTER_EVENT.EVENT_TYPE.notIn(EventType.PINNED.name(), EventType.UNPINNED.name()));
        return everywhere
                .deleteFrom(CLUSTER_EVENT)
                .where(CLUSTER_EVENT.EVENT_ID.in(DSL.select(CLUSTER_EVENT.EVENT_ID)
                        .from(CLUSTER_EVENT)
                        .where(old)
                        .limit(most)))
                .execute();
    }
}
