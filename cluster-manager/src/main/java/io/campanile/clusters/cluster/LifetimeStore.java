package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER_SETTING;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import java.util.Map;

/** All SQL of how long clusters of a workspace may run. */
public final class LifetimeStore {
    private final Database database;

    public LifetimeStore(Database database) {
        this.database = database;
    }

    /** In minutes; 0: as long as they like. */
    long minutes(long workspaceId) {
        return database.context()
                .select(CLUSTER_SETTING.MAX_LIFETIME_MINUTES)
                .from(CLUSTER_SETTING)
                .where(CLUSTER_SETTING.WORKSPACE_ID.eq(workspaceId))
                .fetchOptional(CLUSTER_SETTING.MAX_LIFETIME_MINUTES)
                .orElse(0L);
    }

    void set(Caller caller, long minutes) {
        long workspaceId = caller.workspaceId();
        database.transact(tx -> {
            if (minutes == 0) {
                tx.deleteFrom(CLUSTER_SETTING)
                        .where(CLUSTER_SETTING.WORKSPACE_ID.eq(workspaceId))
                        .execute();
            } else {
                tx.insertInto(CLUSTER_SETTING)
                        .set(CLUSTER_SETTING.WORKSPACE_ID, workspaceId)
                        .set(CLUSTER_SETTING.MAX_LIFETIME_MINUTES, minutes)
                        .onConflict(CLUSTER_SETTING.WORKSPACE_ID)
                        .doUpdate()
                        .set(CLUSTER_SETTING.MAX_LIFETIME_MINUTES, minutes)
                        .execute();
            }
            Audit.record(tx, caller, "cluster-settings/" + workspaceId, Map.of("max_lifetime_minutes", minutes));
        });
    }
}
