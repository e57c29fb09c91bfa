package io.campanile.clusters.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.ClusterPolicyAccessControlRequest;
import com.databricks.sdk.service.compute.ClusterPolicyPermissionLevel;
import com.databricks.sdk.service.compute.ClusterPolicyPermissionsRequest;
import com.databricks.sdk.service.compute.CreatePolicy;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.ClusterServer;
import io.campanile.clusters.testing.FakeAgent;
import io.campanile.clusters.testing.FakeProvider;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

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

    private final TestEnvironment test;
    private final ClusterServer server;

    PolicyPlatform(Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        FakeProvider provider = new FakeProvider();
        KnownPrincipals directory = new KnownPrincipals()
                .with(1, 7, PrincipalKind.USER, "ann@example.com")
                .with(1, 8, PrincipalKind.USER, "bob@example.com")
                .with(1, 9, PrincipalKind.USER, "cid@example.com")
                .with(1, 10, PrincipalKind.USER, "carol@example.com")
                .with(1, TEAM, PrincipalKind.GROUP, "team");
        server = ClusterServer.start(
                        test.environment(),
                        ClusterConfig.defaults().withWarmPool(0),
                        new ClusterServer.NodeSource(provider, () -> 64_000),
                        directory)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        provider.onCreate(
                request -> new FakeAgent(test.environment().vertx(), provider, request).connect(server.port()));
    }

    WorkspaceClient client(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + server.port())
                .setToken(test.environment().tokens().sign(caller, "cluster-manager"))
                .setAuthType("pat"));
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

    static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call, int status, String code) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DatabricksError.class,
                        error -> assertThat(error.getStatusCode() + " " + error.getErrorCode())
                                .isEqualTo(status + " " + code));
    }

    @Override
    public void close() {
        server.close();
        test.close();
    }
}
