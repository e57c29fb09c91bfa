package io.campanile.clusters.log;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.CreateCluster;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.ClusterServer;
import io.campanile.clusters.provider.NodeRequest;
import io.campanile.clusters.testing.FakeAgent;
import io.campanile.clusters.testing.FakeProvider;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.json.Json;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A real cluster manager that may be started again, with nodes of the test's that send what the test says. */
public final class LogPlatform implements AutoCloseable {
    /** Small, so that a test reaches them. */
    static final long CLUSTER_BYTES = 64 << 10;

    static final long SEGMENT = CLUSTER_BYTES / 16;
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int WORKSPACES = 30;

    private final HttpClient http = HttpClient.newHttpClient();
    private final KnownPrincipals directory = new KnownPrincipals();
    private final FakeProvider provider = new FakeProvider();
    private final Map<String, FakeAgent> agents = new ConcurrentHashMap<>();
    private final Path dataDir;
    private final TestEnvironment test;
    private ClusterServer server;

    public LogPlatform(Path dataDir) throws Exception {
        this.dataDir = dataDir;
        this.test = new TestEnvironment(dataDir);
        for (long workspace = 1; workspace <= WORKSPACES; workspace++) {
            directory
                    .with(workspace, 7, PrincipalKind.USER, "ann@example.com")
                    .with(workspace, 8, PrincipalKind.USER, "bob@example.com");
        }
        provider.onCreate(request -> agents.put(
                request.nodeId(), new FakeAgent(test.environment().vertx(), provider, request).connect(server.port())));
        start();
    }

    private void start() throws Exception {
        ClusterConfig config = ClusterConfig.defaults()
                .withWarmPool(0)
                .withLogs(new ClusterConfig.Logs(CLUSTER_BYTES, Duration.ofDays(30), 1 << 20));
        server = ClusterServer.start(
                        test.environment(), config, new ClusterServer.NodeSource(provider, () -> 640_000), directory)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    public void startAgain() throws Exception {
        server.close();
        start();
    }

    public static Caller admin(long workspaceId) {
        return new Caller(workspaceId, 7, "ann@example.com", true, null, "request-1");
    }

    public static Caller bob(long workspaceId) {
        return new Caller(workspaceId, 8, "bob@example.com", false, null, "request-1");
    }

    TestEnvironment environment() {
        return test;
    }

    Path dataDir() {
        return dataDir;
    }

    public FakeAgent agent(String nodeId) {
        return java.util.Objects.requireNonNull(agents.get(nodeId), nodeId);
    }

    WorkspaceClient client(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + server.port())
                .setToken(test.environment().tokens().sign(caller, "cluster-manager"))
                .setAuthType("pat"));
    }

    /** A cluster that runs, and the node of its driver. */
    public record Made(String clusterId, String nodeId, String path) {}

    public Made cluster(long workspaceId) throws Exception {
        ClusterDetails made = client(admin(workspaceId))
                .clusters()
                .create(new CreateCluster()
                        .setClusterName("logs")
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small")
                        .setNumWorkers(0L))
                .get(SOON);
        String id = made.getClusterId();
        return new Made(id, made.getDriver().getNodeId(), "/api/campanile/v1/clusters/" + id);
    }

    /** What was answered. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, byte[] body, Map<String, List<String>> headers) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() throws Exception {
            return Json.MAPPER.readTree(body);
        }

        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }

        public String refusal() throws Exception {
            return status + " " + json().path("error_code").asText();
        }
    }

    public Answer get(Caller caller, String target) throws Exception {
        return send(HttpRequest.newBuilder(uri(target))
                .header("Authorization", test.bearer(caller, "cluster-manager"))
                .build());
    }

    Answer post(Caller caller, String target, String body) throws Exception {
        return send(HttpRequest.newBuilder(uri(target))
                .header("Authorization", test.bearer(caller, "cluster-manager"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** {@code target} is the stream and the query. */
    Answer put(String nodeId, String target, byte[] body) throws Exception {
        NodeRequest request = provider.requests().stream()
                .filter(one -> one.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow();
        return put(nodeId + "." + request.secret().value(), nodeId, target, body);
    }

    Answer put(String credential, String nodeId, String target, byte[] body) throws Exception {
        return send(HttpRequest.newBuilder(uri("/node/v1/logs/" + target))
                .header("Authorization", "Bearer node." + credential)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    Answer put(String nodeId, String target, String text) throws Exception {
        return put(nodeId, target, text.getBytes(StandardCharsets.UTF_8));
    }

    private Answer send(HttpRequest request) throws Exception {
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(answer.statusCode(), answer.body(), answer.headers().map());
    }

    private URI uri(String target) {
        return URI.create("http://127.0.0.1:" + server.port() + target);
    }

    @Override
    public void close() {
        server.close();
        test.close();
    }
}
