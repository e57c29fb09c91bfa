package io.campanile.clusters.cluster;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.compute.CreateCluster;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.testing.TestManager;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.testing.KnownPrincipals;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A real cluster manager with people in its directory, for the public SDK. */
final class ClusterPlatform implements AutoCloseable {
    static final Duration SOON = Duration.ofMinutes(1);
    /** In no workspace's directory but those of the callers: each test has a workspace of its own. */
    private static final int WORKSPACES = 60;

    private final TestManager manager;

    ClusterPlatform(Path dataDir) throws Exception {
        KnownPrincipals directory = new KnownPrincipals();
        for (long workspace = 1; workspace <= WORKSPACES; workspace++) {
            directory
                    .with(workspace, 7, PrincipalKind.USER, "ann@example.com")
                    .with(workspace, 8, PrincipalKind.USER, "bob@example.com")
                    .with(workspace, 9, PrincipalKind.USER, "gone@example.com", false)
                    .with(workspace, 10, PrincipalKind.SERVICE_PRINCIPAL, "11111111-2222-3333-4444-555555555555");
        }
        manager = new TestManager(dataDir, directory);
    }

    static Caller admin(long workspaceId) {
        return new Caller(workspaceId, 7, "ann@example.com", true, null, "request-1");
    }

    static Caller bob(long workspaceId) {
        return new Caller(workspaceId, 8, "bob@example.com", false, null, "request-1");
    }

    WorkspaceClient client(Caller caller) {
        return manager.client(caller);
    }

    static CreateCluster small(String name) {
        return new CreateCluster()
                .setClusterName(name)
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.small")
                .setNumWorkers(0L);
    }

    /** The answer to a call as it is on the wire, for fields that the SDK does not know. */
    JsonNode raw(Caller caller, String method, String target, String body) throws Exception {
        return manager.raw(caller, method, target, body);
    }

    static AbstractThrowableAssert<?, ? extends Throwable> invalid(ThrowingCallable call, String message) {
        return TestManager.refused(call, 400, "INVALID_PARAMETER_VALUE").hasMessageContaining(message);
    }

    @Override
    public void close() {
        manager.close();
    }
}
