package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.common.auth.Secret;
import io.campanile.common.crypto.Envelope;
import java.util.Base64;

/** What the driver and the executors of one cluster and epoch know each other by. Derived, so that nothing keeps it. */
public final class ClusterKeys {
    private static final String KIND = "cluster-secret";

    private final Envelope envelope;

    public ClusterKeys(Envelope envelope) {
        this.envelope = requireNonNull(envelope, "envelope");
    }

    Secret of(Cluster cluster) {
        byte[] key = envelope.derive(cluster.workspaceId(), KIND, cluster.clusterId(), Long.toString(cluster.epoch()));
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(key));
    }
}
