package io.campanile.notebooks.compute;

import io.campanile.common.auth.Caller;
import java.time.Duration;
import java.util.List;

/** What notebooks need of cluster-manager. Blocking; failures are ApiExceptions. */
public interface ClusterClient {
    /** The person's default cluster, created on first use. */
    Cluster defaultCluster(Caller person, boolean start);

    /** Starts the cluster when it is down; changes nothing when it is up or on its way. */
    Cluster ensureRunning(Caller person, String clusterId);

    /** RESOURCE_DOES_NOT_EXIST when the workspace has no such cluster. */
    Cluster get(Caller person, String clusterId);

    /** Terminates the cluster; it can be started again. */
    void stop(Caller person, String clusterId);

    /** Clusters of all workspaces that changed after {@code since}; answers after {@code wait} when none did. */
    Changes changes(long since, Duration wait);

    /** One answer of the change feed; {@code next} is the {@code since} of the next question. */
    record Changes(long next, List<Cluster> clusters) {}
}
