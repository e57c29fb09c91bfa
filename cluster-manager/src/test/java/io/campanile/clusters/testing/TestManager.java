package io.campanile.clusters.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.ClusterServer;
import io.campanile.common.auth.Caller;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A real cluster manager whose nodes come up as agents in the test, for the public SDK. */
public final class TestManager implements AutoCloseable {
    private static final int MEMORY_MB = 640_000;

    private final TestEnvironment environment;
    private final FakeProvider provider = new FakeProvider();
    private final ClusterServer server;

    /** {@code directory}: its people; null for the directory that the environment's services have. */
    public TestManager(Path dataDir, @Nullable KnownPrincipals directory) throws Exception {
        this(dataDir, directory, null);
    }

    /** {@code singleUser}: why only one person may have clusters. */
    public TestManager(Path dataDir, @Nullable KnownPrincipals directory, @Nullable String singleUser)
            throws Exception {
        environment = new TestEnvironment(dataDir);
        ClusterConfig config = ClusterConfig.defaults().withWarmPool(0);
        var source = new ClusterServer.NodeSource(provider, () -> MEMORY_MB, singleUser);
        Future<ClusterServer> started = directory == null
                ? ClusterServer.start(environment.environment(), config, source)
                : ClusterServer.start(environment.environment(), config, source, directory);
        server = started.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        provider.onCreate(
                request -> new FakeAgent(environment.environment().vertx(), provider, request).connect(server.port()));
    }

    public TestEnvironment environment() {
        return environment;
    }

    public FakeProvider provider() {
        return provider;
    }

    public int port() {
        return server.port();
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    public WorkspaceClient client(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost(url())
                .setToken(environment.environment().tokens().sign(caller, "cluster-manager"))
                .setAuthType("pat"));
    }

    public static AbstractThrowableAssert<?, ? extends Throwable> refused(
            ThrowingCallable call, int status, String code) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DatabricksError.class,
                        error -> assertThat(error.getStatusCode() + " " + error.getErrorCode())
                                .isEqualTo(status + " " + code));
    }

    @Override
    public void close() {
        server.close();
        environment.close();
    }
}
