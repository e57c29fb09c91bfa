package io.campanile.clusters.reconcile;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.SecretReference;
import io.campanile.common.auth.Secret;

/** Where secrets named in settings of clusters come from. Blocking. */
public interface SecretSource {
    /** The value, if the owner of the cluster may read it at this moment; else an ApiException of the secrets API. */
    Secret read(Cluster cluster, SecretReference reference);
}
