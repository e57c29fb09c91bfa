package io.campanile.clusters.policy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.compute.ClusterPolicyAccessControlRequest;
import com.databricks.sdk.service.compute.ClusterPolicyPermissionLevel;
import com.databricks.sdk.service.compute.ClusterPolicyPermissionsRequest;
import com.databricks.sdk.service.compute.CreatePolicy;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.testing.TestManager;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.testing.KnownPrincipals;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A real cluster manager with the people of two workspaces, for the public SDK. */
final class PolicyPlatform implements AutoCloseable {
    static final long TEAM = 50;
    static final Caller ADMIN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    /** May make clusters of any kind. */
    static final Caller CREATOR = new Caller(1, 9, "cid@example.com", false, null, "request-1")
            .with(new Rights(false, false, Set.of(), Set.of("allow-cluster-create")));

    static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    static final Caller CAROL = new Caller(1, 10, "carol@example.com", false, null, "request-1")
            .with(new Rights(false, false, Set.of(TEAM), Set.of()));
    /** Administers another workspace. */
    static final Caller STRANGER = new Caller(2, 7, "eve@example.com", true, null, "request-1");

    private final TestManager manager;

    PolicyPlatform(Path dataDir) throws Exception {
        KnownPrincipals directory = new KnownPrincipals()
                .with(1, 7, PrincipalKind.USER, "ann@example.com")
                .with(1, 8, PrincipalKind.USER, "bob@example.com")
                .with(1, 9, PrincipalKind.USER, "cid@example.com")
                .with(1, 10, PrincipalKind.USER, "carol@example.com")
                .with(1, TEAM, PrincipalKind.GROUP, "team");
        manager = new TestManager(dataDir, directory);
    }

    WorkspaceClient client(Caller caller) {
        return manager.client(caller);
    }

    JsonNode raw(Caller caller, String method, String target, String body) throws Exception {
        return manager.raw(caller, method, target, body);
    }

    /** The id of a new policy. */
    String policy(String name, String definition) {
        return policy(new CreatePolicy().setName(name).setDefinition(definition));
    }

    String policy(CreatePolicy wish) {
        return client(ADMIN).clusterPolicies().create(wish).getPolicyId();
    }

    void give(String policyId, String user) {
        client(ADMIN)
                .clusterPolicies()
                .updatePermissions(new ClusterPolicyPermissionsRequest()
                        .setClusterPolicyId(policyId)
                        .setAccessControlList(List.of(new ClusterPolicyAccessControlRequest()
                                .setUserName(user)
                                .setPermissionLevel(ClusterPolicyPermissionLevel.CAN_USE))));
    }

    @Override
    public void close() {
        manager.close();
    }
}
