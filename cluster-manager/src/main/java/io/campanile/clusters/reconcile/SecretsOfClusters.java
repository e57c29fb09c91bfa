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

/** Looks up what the settings of a cluster name, as its owner, at the moment a driver is started for it. */
final class SecretsOfClusters {
    private final SecretSource source;

    SecretsOfClusters(SecretSource source) {
        this.source = requireNonNull(source, "source");
    }

    /** What came of it. */
    sealed interface Lookup permits Found, Refused, Away {}

    /** Every value, by the reference that stands for it in the settings. */
    record Found(Map<String, Secret> secrets) implements Lookup {}

    /** The start cannot succeed. */
    record Refused(Termination why, String message) implements Lookup {}

    /** Worth another try. */
    record Away(String message) implements Lookup {}

    Lookup lookUp(Cluster cluster) {
        Map<String, Secret> found = new TreeMap<>();
        for (Map.Entry<String, String> setting : cluster.spec().settings().entrySet()) {
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
        return new Found(found);
    }

    private static Refused refused(ErrorCode code, String message) {
        String why = code == ErrorCode.PERMISSION_DENIED ? "SECRET_PERMISSION_DENIED" : "SECRET_RESOLUTION_ERROR";
        return new Refused(Termination.byClient(why, message), message);
    }
}
