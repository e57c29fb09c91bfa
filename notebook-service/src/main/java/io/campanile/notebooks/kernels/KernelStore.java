package io.campanile.notebooks.kernels;

import static io.campanile.notebooks.db.Tables.KERNEL;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jspecify.annotations.Nullable;

/** All SQL of kernels. Every statement names the workspace. */
final class KernelStore {
    private static final List<SelectField<?>> FIELDS = List.of(
            KERNEL.WORKSPACE_ID,
            KERNEL.NOTEBOOK_ID,
            KERNEL.CLUSTER_ID,
            KERNEL.KERNEL_ID,
            KERNEL.SESSION_ID,
            KERNEL.EPOCH,
            KERNEL.STATE,
            KERNEL.REASON,
            KERNEL.SINCE);

    private final Database database;

    KernelStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** Which notebook on which cluster. */
    record Place(long workspaceId, long notebookId, String clusterId) {}

    /** The kernel for this place; a new life of the cluster begins a new Spark session. */
    Kernel ensure(DSLContext tx, Place place, long epoch, Instant now) {
        Optional<Kernel> known = find(tx, place);
        if (known.isPresent() && known.get().epoch() == epoch) {
            return known.get();
        }
        String session = UUID.randomUUID().toString();
        OffsetDateTime time = now.atOffset(ZoneOffset.UTC);
        return tx.insertInto(KERNEL)
                .set(KERNEL.WORKSPACE_ID, place.workspaceId())
                .set(KERNEL.NOTEBOOK_ID, place.notebookId())
                .set(KERNEL.CLUSTER_ID, place.clusterId())
                .set(KERNEL.KERNEL_ID, UUID.randomUUID().toString())
                .set(KERNEL.SESSION_ID, session)
                .set(KERNEL.EPOCH, epoch)
                .set(KERNEL.STATE, Kernel.NONE)
                .set(KERNEL.SINCE, time)
                .onConflict(KERNEL.WORKSPACE_ID, KERNEL.NOTEBOOK_ID, KERNEL.CLUSTER_ID)
                .doUpdate()
                .set(KERNEL.SESSION_ID, session)
                .set(KERNEL.EPOCH, epoch)
                .set(KERNEL.STATE, Kernel.NONE)
                .set(KERNEL.SINCE, time)
                .returningResult(FIELDS)
                .fetchSingle(KernelStore::kernel);
    }

    Optional<Kernel> find(Place place) {
        return find(database.context(), place);
    }

    List<Kernel> ofCluster(long workspaceId, String clusterId) {
        return database.context()
                .select(FIELDS)
                .from(KERNEL)
                .where(cluster(workspaceId, clusterId))
                .fetch(KernelStore::kernel);
    }

    List<Kernel> ofNotebook(long workspaceId, long notebookId) {
        return database.context()
                .select(FIELDS)
                .from(KERNEL)
                .where(KERNEL.WORKSPACE_ID.eq(workspaceId))
                .and(KERNEL.NOTEBOOK_ID.eq(notebookId))
                .fetch(KernelStore::kernel);
    }

    /** A state as the node reports it; empty when nothing changed. */
    Optional<Kernel> report(
            long workspaceId, String clusterId, String kernelId, String state, @Nullable String reason, Instant now) {
        Condition changed = KERNEL.STATE.ne(state).or(KERNEL.REASON.isDistinctFrom(reason));
        return database.context()
                .update(KERNEL)
                .set(KERNEL.STATE, state)
                .set(KERNEL.REASON, reason)
                .set(KERNEL.SINCE, now.atOffset(ZoneOffset.UTC))
                .where(cluster(workspaceId, clusterId))
                .and(KERNEL.KERNEL_ID.eq(kernelId))
                .and(changed)
                .returningResult(FIELDS)
                .fetchOptional(KernelStore::kernel);
    }

    /** Kernels the node does not have, or that went down with their cluster, are none. */
    List<Kernel> gone(long workspaceId, String clusterId, Collection<String> still, Instant now) {
        return database.context()
                .update(KERNEL)
                .set(KERNEL.STATE, Kernel.NONE)
                .setNull(KERNEL.REASON)
                .set(KERNEL.SINCE, now.atOffset(ZoneOffset.UTC))
                .where(cluster(workspaceId, clusterId))
                .and(KERNEL.STATE.ne(Kernel.NONE))
                .and(KERNEL.KERNEL_ID.notIn(still))
                .returningResult(FIELDS)
                .fetch(KernelStore::kernel);
    }

    /** A new Spark session; whatever the node hears of it, the next cell it executes names the new one. */
    Optional<Kernel> restart(Caller caller, Place place, Instant now) {
        return database.inTransaction(tx -> {
            Optional<Kernel> restarted = restart(tx, place, now);
            restarted.ifPresent(kernel -> Audit.record(
                    tx, caller, "notebook/" + place.notebookId(), Map.of("cluster_id", place.clusterId())));
            return restarted;
        });
    }

    private static Optional<Kernel> restart(DSLContext tx, Place place, Instant now) {
        return tx.update(KERNEL)
                .set(KERNEL.SESSION_ID, UUID.randomUUID().toString())
                .set(KERNEL.STATE, "restarting")
                .setNull(KERNEL.REASON)
                .set(KERNEL.SINCE, now.atOffset(ZoneOffset.UTC))
                .where(one(place))
                .and(KERNEL.STATE.ne(Kernel.NONE))
                .returningResult(FIELDS)
                .fetchOptional(KernelStore::kernel);
    }

    void deleteAll(long workspaceId, long notebookId) {
        database.context()
                .deleteFrom(KERNEL)
                .where(KERNEL.WORKSPACE_ID.eq(workspaceId))
                .and(KERNEL.NOTEBOOK_ID.eq(notebookId))
                .execute();
    }

    private static Optional<Kernel> find(DSLContext db, Place place) {
        return db.select(FIELDS).from(KERNEL).where(one(place)).fetchOptional(KernelStore::kernel);
    }

    private static Condition one(Place place) {
        return cluster(place.workspaceId(), place.clusterId()).and(KERNEL.NOTEBOOK_ID.eq(place.notebookId()));
    }

    private static Condition cluster(long workspaceId, String clusterId) {
        return KERNEL.WORKSPACE_ID.eq(workspaceId).and(KERNEL.CLUSTER_ID.eq(clusterId));
    }

    private static Kernel kernel(Record row) {
        return new Kernel(
                row.get(KERNEL.WORKSPACE_ID),
                row.get(KERNEL.NOTEBOOK_ID),
                row.get(KERNEL.CLUSTER_ID),
                row.get(KERNEL.KERNEL_ID),
                row.get(KERNEL.SESSION_ID),
                row.get(KERNEL.EPOCH),
                row.get(KERNEL.STATE),
                row.get(KERNEL.REASON),
                row.get(KERNEL.SINCE).toInstant());
    }
}
