package io.campanile.notebooks.compute;

import static io.campanile.notebooks.db.Tables.NOTEBOOK_CLUSTER;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** All SQL of who runs which notebook on which cluster. Every statement names the workspace. */
public final class AttachmentStore {
    private final Database database;
    private final Clock clock;

    public AttachmentStore(Database database, Clock clock) {
        this.database = requireNonNull(database, "database");
        this.clock = requireNonNull(clock, "clock");
    }

    /** One person's choice for one notebook. */
    public record Attached(long notebookId, long userId) {}

    public Optional<String> clusterOf(long workspaceId, long notebookId, long userId) {
        return database.context()
                .select(NOTEBOOK_CLUSTER.CLUSTER_ID)
                .from(NOTEBOOK_CLUSTER)
                .where(one(workspaceId, notebookId, userId))
                .fetchOptional(NOTEBOOK_CLUSTER.CLUSTER_ID);
    }

    /** Who uses this cluster, for which notebooks. */
    public List<Attached> of(long workspaceId, String clusterId) {
        return database.context()
                .select(NOTEBOOK_CLUSTER.NOTEBOOK_ID, NOTEBOOK_CLUSTER.USER_ID)
                .from(NOTEBOOK_CLUSTER)
                .where(NOTEBOOK_CLUSTER.WORKSPACE_ID.eq(workspaceId))
                .and(NOTEBOOK_CLUSTER.CLUSTER_ID.eq(clusterId))
                .fetch(row -> new Attached(row.value1(), row.value2()));
    }

    /** A person's own choice. */
    void choose(Caller person, long notebookId, String clusterId) {
        database.transact(tx -> {
            attach(tx, person.workspaceId(), notebookId, person.userId(), clusterId);
            Audit.record(tx, person, "notebook/" + notebookId, Map.of("cluster_id", clusterId));
        });
    }

    public void attach(long workspaceId, long notebookId, long userId, String clusterId) {
        attach(database.context(), workspaceId, notebookId, userId, clusterId);
    }

    private void attach(DSLContext tx, long workspaceId, long notebookId, long userId, String clusterId) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        tx.insertInto(NOTEBOOK_CLUSTER)
                .set(NOTEBOOK_CLUSTER.WORKSPACE_ID, workspaceId)
                .set(NOTEBOOK_CLUSTER.NOTEBOOK_ID, notebookId)
                .set(NOTEBOOK_CLUSTER.USER_ID, userId)
                .set(NOTEBOOK_CLUSTER.CLUSTER_ID, clusterId)
                .set(NOTEBOOK_CLUSTER.ATTACHED_AT, now)
                .onConflict(NOTEBOOK_CLUSTER.WORKSPACE_ID, NOTEBOOK_CLUSTER.NOTEBOOK_ID, NOTEBOOK_CLUSTER.USER_ID)
                .doUpdate()
                .set(NOTEBOOK_CLUSTER.CLUSTER_ID, clusterId)
                .set(NOTEBOOK_CLUSTER.ATTACHED_AT, now)
                .execute();
    }

    /** The cluster is gone: the next run starts the default one. */
    public void detach(long workspaceId, long notebookId, long userId, String clusterId) {
        database.context()
                .deleteFrom(NOTEBOOK_CLUSTER)
                .where(one(workspaceId, notebookId, userId))
                .and(NOTEBOOK_CLUSTER.CLUSTER_ID.eq(clusterId))
                .execute();
    }

    public void deleteAll(long workspaceId, long notebookId) {
        database.context()
                .deleteFrom(NOTEBOOK_CLUSTER)
                .where(NOTEBOOK_CLUSTER.WORKSPACE_ID.eq(workspaceId))
                .and(NOTEBOOK_CLUSTER.NOTEBOOK_ID.eq(notebookId))
                .execute();
    }

    private static Condition one(long workspaceId, long notebookId, long userId) {
        return NOTEBOOK_CLUSTER
                .WORKSPACE_ID
                .eq(workspaceId)
                .and(NOTEBOOK_CLUSTER.NOTEBOOK_ID.eq(notebookId))
                .and(NOTEBOOK_CLUSTER.USER_ID.eq(userId));
    }
}
