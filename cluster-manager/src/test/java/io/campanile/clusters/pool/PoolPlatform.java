package io.campanile.clusters.pool;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.compute.CreateInstancePool;
import com.databricks.sdk.service.compute.InstancePoolAccessControlRequest;
import com.databricks.sdk.service.compute.InstancePoolPermissionLevel;
import com.databricks.sdk.service.compute.InstancePoolPermissionsRequest;
import io.campanile.clusters.testing.TestManager;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.testing.KnownPrincipals;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A real cluster manager with the people of two workspaces, for the public SDK. */
final class PoolPlatform implements AutoCloseable {
    private static final long TEAM = 50;
    static final Caller ADMIN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    /** May make pools and clusters of any kind. */
    static final Caller MAKER = new Caller(1, 9, "cid@example.com", false, null, "request-1")
            .with(new Rights(false, false, Set.of(), Set.of("allow-cluster-create", "allow-instance-pool-create")));

    /** May make clusters of any kind. */
    static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1")
            .with(new Rights(false, false, Set.of(), Set.of("allow-cluster-create")));

    static final Caller CAROL = new Caller(1, 10, "carol@example.com", false, null, "request-1")
            .with(new Rights(false, false, Set.of(TEAM), Set.of()));
    /** Administers another workspace. */
    static final Caller STRANGER = new Caller(2, 7, "eve@example.com", true, null, "request-1");

    private final TestManager manager;

    PoolPlatform(Path dataDir) throws Exception {
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

    /** The id of a new pool of the administrator. */
    String pool(String name, long idle, @Nullable Long most) {
        return client(ADMIN)
                .instancePools()
                .create(new CreateInstancePool()
                        .setInstancePoolName(name)
                        .setNodeTypeId("local.small")
                        .setMinIdleInstances(idle)
                        .setMaxCapacity(most))
                .getInstancePoolId();
    }

    void give(String poolId, String user) {
        client(ADMIN)
                .instancePools()
                .updatePermissions(new InstancePoolPermissionsRequest()
                        .setInstancePoolId(poolId)
                        .setAccessControlList(List.of(new InstancePoolAccessControlRequest()
                                .setUserName(user)
                                .setPermissionLevel(InstancePoolPermissionLevel.CAN_ATTACH_TO))));
    }

    @Override
    public void close() {
        manager.close();
    }
}
