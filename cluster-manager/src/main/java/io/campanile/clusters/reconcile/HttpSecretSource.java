package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.SecretReference;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Secret;
import io.campanile.common.http.InternalClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** Secrets of the workspace service. */
public final class HttpSecretSource implements SecretSource {
    private final InternalClient workspace;

    public HttpSecretSource(InternalClient workspace) {
        this.workspace = requireNonNull(workspace, "workspace");
    }

    @Override
    public Secret read(Cluster cluster, SecretReference reference) {
        Cluster.Owner owner = cluster.owner();
        Caller caller = new Caller(
                cluster.workspaceId(),
                owner.userId(),
                owner.userName(),
                false,
                "cluster-manager",
                UUID.randomUUID().toString());
        String value = workspace
                .post(
                        caller,
                        "/internal/secrets/get",
                        Map.of("scope", reference.scope(), "key", reference.key()),
                        Value.class)
                .value();
        return new Secret(new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
    }

    record Value(String value) {
        Value {
            requireNonNull(value, "value");
        }

        @Override
        public String toString() {
            return "****";
        }
    }
}
