package io.campanile.clusters.library;

import static io.campanile.clusters.db.Tables.CLUSTER_LIBRARY;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.cluster.AttachedStore;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterStore;
import io.campanile.clusters.db.tables.records.ClusterLibraryRecord;
import io.campanile.clusters.policy.PolicyStore;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** All SQL of libraries. Every statement names the workspace. */
public final class LibraryStore implements AttachedStore {
    /** Of the libraries of one call in the audit log. */
    private static final int NAMED = 20;

    private final Database database;
    private final Clock clock;

    public LibraryStore(Database database, Clock clock) {
        this.database = requireNonNull(database, "database");
        this.clock = requireNonNull(clock, "clock");
    }

    /** What becomes of one library. */
    sealed interface Step permits Add, Renew, Remove {}

    record Add(Library library) implements Step {}

    record Renew(ClusterLibrary library, int attempt) implements Step {}

    record Remove(Library library) implements Step {}

    /**
     * Does what {@code decide} says of the libraries there are, while nobody else changes the cluster; answers it as it
     * was then.
     *
     * @param named by the request, for the audit log
     */
    Cluster change(
            Caller caller, Cluster known, List<Library> named, Function<List<ClusterLibrary>, List<Step>> decide) {
        return database.inTransaction(tx -> {
            Cluster cluster = ClusterStore.lock(tx, known.workspaceId(), known.clusterId())
                    .orElseThrow(() -> ApiException.invalid("Cluster " + known.clusterId() + " does not exist"));
            forgetRemoved(tx, cluster);
            List<Step> steps = decide.apply(list(tx, cluster.workspaceId(), cluster.clusterId()));
            for (int i = 0; i < steps.size(); i++) {
                apply(tx, cluster, steps.get(i), i);
            }
            List<String> labels =
                    named.stream().limit(NAMED).map(Library::label).toList();
            Map<String, Object> facts =
                    Map.of("cluster_name", cluster.spec().clusterName(), "libraries", labels, "count", named.size());
            Audit.record(tx, caller, "cluster/" + cluster.clusterId(), facts);
            return cluster;
        });
    }

    private void apply(DSLContext tx, Cluster cluster, Step step, int place) {
        if (step instanceof Add add) {
            insert(tx, cluster, add.library(), null, place);
        } else if (step instanceof Renew renew) {
            renew(tx, cluster, renew.library().library(), renew.library().policyId(), renew.attempt());
        } else if (step instanceof Remove remove) {
            remove(tx, cluster, remove.library());
        }
    }

    /** What a driver of this epoch has or is to have, the oldest first. */
    List<ClusterLibrary> of(long workspaceId, String clusterId, long epoch) {
        return list(database.context(), workspaceId, clusterId).stream()
                .filter(library -> library.in(epoch))
                .toList();
    }

    /** The clusters of a workspace that have any. */
    List<String> clusters(long workspaceId) {
        return database.context()
                .selectDistinct(CLUSTER_LIBRARY.CLUSTER_ID)
                .from(CLUSTER_LIBRARY)
                .where(CLUSTER_LIBRARY.WORKSPACE_ID.eq(workspaceId))
                .orderBy(CLUSTER_LIBRARY.CLUSTER_ID)
                .fetch(CLUSTER_LIBRARY.CLUSTER_ID);
    }

    /** Everything stored of a cluster, with what its earlier drivers took along. */
    static List<ClusterLibrary> list(DSLContext tx, long workspaceId, String clusterId) {
        return tx.selectFrom(CLUSTER_LIBRARY)
                .where(CLUSTER_LIBRARY.WORKSPACE_ID.eq(workspaceId), CLUSTER_LIBRARY.CLUSTER_ID.eq(clusterId))
                .orderBy(CLUSTER_LIBRARY.ADDED_AT, CLUSTER_LIBRARY.PLACE, CLUSTER_LIBRARY.LIBRARY_ID)
                .fetch(LibraryStore::library);
    }

    /** Without effect for one that is there. */
    void insert(DSLContext tx, Cluster cluster, Library library, @Nullable String policyId, int place) {
        tx.insertInto(CLUSTER_LIBRARY)
                .set(CLUSTER_LIBRARY.WORKSPACE_ID, cluster.workspaceId())
                .set(CLUSTER_LIBRARY.CLUSTER_ID, cluster.clusterId())
                .set(CLUSTER_LIBRARY.LIBRARY_ID, library.id())
                .set(CLUSTER_LIBRARY.LIBRARY, library.write())
                .set(CLUSTER_LIBRARY.POLICY_ID, policyId)
                .set(CLUSTER_LIBRARY.ATTEMPT, 1)
                .set(CLUSTER_LIBRARY.ADDED_AT, clock.millis())
                .set(CLUSTER_LIBRARY.PLACE, place)
                .onConflictDoNothing()
                .execute();
    }

    /** One that was taken off stays after all, one that failed is tried again, or a policy has it now. */
    static void renew(DSLContext tx, Cluster cluster, Library library, @Nullable String policyId, int attempt) {
        tx.update(CLUSTER_LIBRARY)
                .set(CLUSTER_LIBRARY.ATTEMPT, attempt)
                .set(CLUSTER_LIBRARY.POLICY_ID, policyId)
                .setNull(CLUSTER_LIBRARY.REMOVED_EPOCH)
                .where(one(cluster, library))
                .execute();
    }

    /** Takes it off: at once where no driver has it, else with the end of the driver there is. */
    static void remove(DSLContext tx, Cluster cluster, Library library) {
        if (cluster.state().stopped()) {
            tx.deleteFrom(CLUSTER_LIBRARY).where(one(cluster, library)).execute();
            return;
        }
        tx.update(CLUSTER_LIBRARY)
                .set(CLUSTER_LIBRARY.REMOVED_EPOCH, cluster.epoch())
                .setNull(CLUSTER_LIBRARY.POLICY_ID)
                .where(one(cluster, library), CLUSTER_LIBRARY.REMOVED_EPOCH.isNull())
                .execute();
    }

    /** Forgets what was taken off and no driver has any more. */
    static void forgetRemoved(DSLContext tx, Cluster cluster) {
        long since = cluster.state().stopped() ? Long.MAX_VALUE : cluster.epoch();
        tx.deleteFrom(CLUSTER_LIBRARY)
                .where(of(cluster), CLUSTER_LIBRARY.REMOVED_EPOCH.lt(since))
                .execute();
    }

    /** The libraries of its policy come and go as a cluster is made and edited; all of them go with it. */
    @Override
    public void stored(DSLContext tx, @Nullable Cluster before, Cluster after) {
        if (after.deletedAt() != null) {
            tx.deleteFrom(CLUSTER_LIBRARY).where(of(after)).execute();
            return;
        }
        String policyId = after.spec().policyId();
        boolean edited = before == null ? policyId != null : !before.spec().sameButForSize(after.spec());
        if (!edited) {
            return;
        }
        // The driver that runs, if one does, is of the epoch before.
        Cluster present = before == null ? after : before;
        Set<String> wanted = new HashSet<>();
        List<Library> libraries = policyId == null ? List.of() : ofPolicy(tx, after.workspaceId(), policyId);
        libraries.forEach(library -> wanted.add(library.id()));
        for (ClusterLibrary known : list(tx, after.workspaceId(), after.clusterId())) {
            if (known.policyId() != null && !wanted.contains(known.library().id())) {
                remove(tx, present, known.library());
            } else if (wanted.contains(known.library().id())) {
                renew(tx, present, known.library(), policyId, known.attempt());
            }
        }
        for (int i = 0; i < libraries.size(); i++) {
            insert(tx, after, libraries.get(i), policyId, i);
        }
    }

    private static List<Library> ofPolicy(DSLContext tx, long workspaceId, String policyId) {
        List<Library> libraries = new ArrayList<>();
        PolicyStore.libraries(tx, workspaceId, policyId)
                .ifPresent(list -> list.forEach((JsonNode one) -> libraries.add(Library.of(one))));
        return libraries;
    }

    private static Condition of(Cluster cluster) {
        return CLUSTER_LIBRARY
                .WORKSPACE_ID
                .eq(cluster.workspaceId())
                .and(CLUSTER_LIBRARY.CLUSTER_ID.eq(cluster.clusterId()));
    }

    private static Condition one(Cluster cluster, Library library) {
        return of(cluster).and(CLUSTER_LIBRARY.LIBRARY_ID.eq(library.id()));
    }

    private static ClusterLibrary library(ClusterLibraryRecord row) {
        return new ClusterLibrary(
                row.getClusterId(),
                Library.read(row.getLibrary()),
                row.getPolicyId(),
                row.getAttempt(),
                row.getRemovedEpoch());
    }
}
