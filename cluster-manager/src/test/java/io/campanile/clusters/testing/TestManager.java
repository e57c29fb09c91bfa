package io.campanile.clusters.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.ClusterServer;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import io.vertx.core.Future;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A real cluster manager whose nodes come up as agents in the test, for the public SDK. */
public final class TestManager implements AutoCloseable {
    private static final int MEMORY_MB = 640_000;
    private static final int NO_LIMIT_MB = Integer.MAX_VALUE;

    private final TestEnvironment environment;
    private final FakeProvider provider;
    private final ClusterServer server;

    /** {@code directory}: its people; null for the directory that the environment's services have. */
    public TestManager(Path dataDir, @Nullable KnownPrincipals directory) throws Exception {
        this(dataDir, directory, ClusterConfig.defaults().withWarmPool(0));
    }

    public TestManager(Path dataDir, @Nullable KnownPrincipals directory, ClusterConfig config) throws Exception {
        this(dataDir, directory, config, null);
    }

    /** {@code singleUser}: why only one person may have clusters. */
    public TestManager(Path dataDir, @Nullable KnownPrincipals directory, @Nullable String singleUser)
            throws Exception {
        this(dataDir, directory, ClusterConfig.defaults().withWarmPool(0), singleUser);
    }

    private TestManager(
            Path dataDir, @Nullable KnownPrincipals directory, ClusterConfig config, @Nullable String singleUser)
            throws Exception {
        this(new TestEnvironment(dataDir), directory, config, roomOf(new FakeProvider(), MEMORY_MB, singleUser));
        provider.onCreate(
                request -> new FakeAgent(environment.environment().vertx(), provider, request).connect(server.port()));
    }

    /** With room for as many nodes as a test asks for; their agents are elsewhere. */
    public static TestManager roomy(TestEnvironment environment, FakeProvider provider) throws Exception {
        return new TestManager(
                environment, null, ClusterConfig.defaults().withWarmPool(0), roomOf(provider, NO_LIMIT_MB, null));
    }

    private static ClusterServer.NodeSource roomOf(FakeProvider provider, int memoryMb, @Nullable String singleUser) {
        return new ClusterServer.NodeSource(provider, () -> memoryMb, singleUser);
    }

    private TestManager(
            TestEnvironment environment,
            @Nullable KnownPrincipals directory,
            ClusterConfig config,
            ClusterServer.NodeSource source)
            throws Exception {
        this.environment = environment;
        this.provider = (FakeProvider) source.provider();
        Future<ClusterServer> started = directory == null
                ? ClusterServer.start(environment.environment(), config, source)
                : ClusterServer.start(environment.environment(), config, source, directory);
        server = started.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
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

    /** The answer to a call as it is on the wire, for what the SDK does not know. */
    public JsonNode raw(Caller caller, String method, String target, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + target))
                .header("Authorization", environment.bearer(caller, "cluster-manager"))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        return Json.MAPPER.readTree(answer.body());
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
