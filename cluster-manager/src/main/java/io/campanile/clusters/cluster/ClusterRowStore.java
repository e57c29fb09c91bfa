package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER;

import io.campanile.clusters.db.tables.records.ClusterRecord;
import io.campanile.common.json.Json;
import java.util.HashMap;
import java.util.Map;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** A cluster and its row in the database, both ways. */
final class ClusterRowStore {
    private ClusterRowStore() {}

    static Cluster cluster(ClusterRecord row) {
        return new Cluster(
                row.getClusterId(),
                row.getWorkspaceId(),
                new Cluster.Owner(row.getOwnerUserId(), row.getOwnerUserName()),
                row.getIsDefault(),
                row.getSource(),
                row.getIdempotencyToken(),
                Json.read(row.getSpec(), ClusterSpec.class),
                Desired.valueOf(row.getDesired()),
                row.getGeneration(),
                row.getObservedGeneration(),
                new ClusterStatus(
                        ClusterState.valueOf(row.getState()),
                        row.getStateMessage(),
                        row.getStateSince(),
                        row.getEpoch(),
                        row.getStartAttempts(),
                        row.getStartFailed(),
                        row.getDriverSilent(),
                        row.getDriverNodeId(),
                        row.getRunningSince(),
                        row.getRestartedAt(),
                        row.getTerminatedAt(),
                        row.getTermination() == null ? null : Json.read(row.getTermination(), Termination.class),
                        new ClusterStatus.Workers(
                                row.getTargetWorkers(),
                                row.getCurrentWorkers(),
                                row.getLostWorkers(),
                                row.getWorkersShort())),
                row.getCreatedAt(),
                row.getDeletedAt(),
                pin(row));
    }

    private static Cluster.@Nullable Pin pin(ClusterRecord row) {
        return row.getPinnedAt() == null ? null : new Cluster.Pin(row.getPinnedBy(), row.getPinnedAt());
    }

    /** The columns that may change. */
    static Map<Field<?>, Object> mutable(Cluster cluster) {
        ClusterStatus status = cluster.status();
        Cluster.Pin pin = cluster.pin();
        @Nullable
        Object[] pairs = {
            CLUSTER.IDEMPOTENCY_TOKEN, cluster.idempotencyToken(),
            CLUSTER.SPEC, Json.write(cluster.spec()),
            CLUSTER.POLICY_ID, cluster.spec().policyId(),
            CLUSTER.DESIRED, cluster.desired().name(),
            CLUSTER.GENERATION, cluster.generation(),
            CLUSTER.OBSERVED_GENERATION, cluster.observedGeneration(),
            CLUSTER.STATE, status.state().name(),
            CLUSTER.STATE_MESSAGE, shortened(status.message()),
            CLUSTER.STATE_SINCE, status.since(),
            CLUSTER.EPOCH, status.epoch(),
            CLUSTER.START_ATTEMPTS, status.startAttempts(),
            CLUSTER.START_FAILED, status.startFailed(),
            CLUSTER.DRIVER_SILENT, status.driverSilent(),
            CLUSTER.DRIVER_NODE_ID, status.driverNodeId(),
            CLUSTER.RUNNING_SINCE, status.runningSince(),
            CLUSTER.RESTARTED_AT, status.restartedAt(),
            CLUSTER.TERMINATED_AT, status.terminatedAt(),
            CLUSTER.TERMINATION, status.termination() == null ? null : Json.write(status.termination()),
            CLUSTER.TARGET_WORKERS, status.workers().target(),
            CLUSTER.CURRENT_WORKERS, status.workers().current(),
            CLUSTER.LOST_WORKERS, status.workers().lost(),
            CLUSTER.WORKERS_SHORT, status.workers().missing(),
            CLUSTER.DELETED_AT, cluster.deletedAt(),
            CLUSTER.CLUSTER_NAME, cluster.spec().clusterName(),
            CLUSTER.OWNER_USER_ID, cluster.owner().userId(),
            CLUSTER.OWNER_USER_NAME, cluster.owner().userName(),
            CLUSTER.PINNED_BY, pin == null ? null : pin.userName(),
            CLUSTER.PINNED_AT, pin == null ? null : pin.at()
        };
        Map<Field<?>, Object> row = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put((Field<?>) pairs[i], pairs[i + 1]);
        }
        return row;
    }

    private static String shortened(String message) {
        return message.length() <= 4000 ? message : message.substring(0, 4000);
    }
}
