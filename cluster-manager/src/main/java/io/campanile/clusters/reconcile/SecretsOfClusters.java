package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.SecretReference;
import io.campanile.clusters.cluster.Termination;
import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks up what a node of a cluster is given, at the moment it is started: what settings name, as the owner. */
final class SecretsOfClusters {
    private final SecretSource source;
    private final ClusterKeys keys;

    SecretsOfClusters(SecretSource source, ClusterKeys keys) {
        this.source = requireNonNull(source, "source");
        this.keys = requireNonNull(keys, "keys");
    }

    /** What came of it. */
    sealed interface Lookup permits Found, Failure {}

    /**
     * All that there is to know.
     *
     * @param ofCluster of a cluster with workers
     * @param secrets by the references that stand for them in the settings
     */
    record Found(@Nullable Secret ofCluster, Map<String, Secret> secrets) implements Lookup {}

    /** Something cannot be had. */
    sealed interface Failure extends Lookup permits Refused, Away {
        String message();
    }

    /** The start cannot succeed. */
    record Refused(Termination why, String message) implements Failure {}

    /** Worth another try. */
    record Away(String message) implements Failure {}

    Lookup ofDriver(Cluster cluster) {
        return lookUp(cluster, cluster.spec().settings());
    }

    /** Spark's settings are the driver's alone. */
    Lookup ofWorker(Cluster cluster) {
        return lookUp(cluster, cluster.spec().workerSettings());
    }

    private Lookup lookUp(Cluster cluster, Map<String, String> settings) {
        Secret ofCluster;
        try {
            ofCluster = cluster.spec().workers().single() ? null : keys.of(cluster);
        } catch (ApiException e) {
            return new Away("The secret that driver and workers share cannot be made: " + e.getMessage());
        }
        Map<String, Secret> found = new TreeMap<>();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            Optional<SecretReference> reference = SecretReference.of(setting.getValue());
            if (reference.isEmpty()) {
                continue;
            }
            try {
                found.put(setting.getValue(), source.read(cluster, reference.get()));
            } catch (ApiException e) {
                String message =
                        setting.getKey() + " names " + setting.getValue() + ", which cannot be read: " + e.getMessage();
                return e.code().httpStatus() >= 500 ? new Away(message) : refused(e.code(), message);
            }
        }
        return new Found(ofCluster, found);
    }

    private static Refused refused(ErrorCode code, String message) {
        String why = code == ErrorCode.PERMISSION_DENIED ? "SECRET_PERMISSION_DENIED" : "SECRET_RESOLUTION_ERROR";
        return new Refused(Termination.byClient(why, message), message);
    }
}
