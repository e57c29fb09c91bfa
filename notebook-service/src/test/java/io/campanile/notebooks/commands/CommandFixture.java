package io.campanile.notebooks.commands;

import static java.util.Objects.requireNonNull;

import com.databricks.sdk.core.ApiClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.CancelCommand;
import com.databricks.sdk.service.compute.CommandExecutionAPI;
import com.databricks.sdk.service.compute.CommandStatusRequest;
import com.databricks.sdk.service.compute.CommandStatusResponse;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.NotebookConfig;
import io.campanile.notebooks.NotebookServer;
import io.campanile.notebooks.compute.ClusterState;
import io.campanile.notebooks.results.ArrowSamples;
import io.campanile.notebooks.runs.FakeAgent;
import io.campanile.notebooks.runs.FakeClusters;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The whole service with a cluster-manager in memory behind its real wire, and nodes whose kernel the test plays. */
final class CommandFixture implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);
    static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "r");
    static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "r");
    static final Caller EVE = new Caller(2, 9, "eve@example.com", false, null, "r");
    static final String CLUSTER = "c-1";

    final TestEnvironment test;
    final FakeClusters clusters = new FakeClusters();
    private final ServiceHttp manager;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final List<FakeAgent> agents = new ArrayList<>();
    private @Nullable NotebookServer server;

    CommandFixture(Path folder, CommandLimits limits) throws Exception {
        this.folder = folder;
        test = new TestEnvironment(folder);
        manager = new ServiceHttp("cluster-manager", test.environment(), 1 << 20, () -> true);
        Requires read = Requires.service("clusters.read", "cluster");
        manager.endpoints().get("/internal/clusters/changes", read, (caller, request) -> {
            long since = Endpoints.longParam(request, "since");
            return clusters.changes(since, Duration.ofMillis(500));
        });
        manager.endpoints().get("/internal/clusters/:id", read, this::cluster);
        manager.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        test.announce("cluster-manager", manager.port());
        start(limits);
    }

    private Object cluster(Caller caller, RoutingContext request) {
        return clusters.get(caller, String.valueOf(request.pathParam("id")));
    }

    void start(CommandLimits limits) throws Exception {
        NotebookConfig defaults = NotebookConfig.defaults();
        var config = new NotebookConfig(
                defaults.bodyLimit(), defaults.attachmentLimit(), defaults.limits(), defaults.keepRuns(), limits);
        server = NotebookServer.start(test.environment(), config)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    void stop() {
        requireNonNull(server).close();
        server = null;
    }

    int port() {
        return requireNonNull(server).port();
    }

    /** Alice's cluster with its node, which comes back after every loss of the connection. */
    FakeAgent running() {
        return running(CLUSTER, ALICE, 1);
    }

    FakeAgent running(String cluster, Caller owner, long epoch) {
        clusters.put(cluster, owner.workspaceId(), owner.userId(), ClusterState.RUNNING, epoch, "");
        FakeAgent agent = new FakeAgent(
                test.environment().vertx(), test.environment().tokens(), owner.workspaceId(), cluster, epoch);
        agents.add(agent);
        agent.onMessage(FakeAgent::echo).stayConnected(() -> server == null ? 1 : port());
        Awaitility.await().until(agent::connected);
        return agent;
    }

    CommandExecutionAPI api(Caller caller) {
        String token = test.bearer(caller, "notebook-service").substring("Bearer ".length());
        // Not through WorkspaceClient: that asks for more each time than all the commands of a test.
        return new CommandExecutionAPI(new ApiClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + port())
                .setToken(token)
                .setAuthType("pat")));
    }

    /** A request past the SDK, which does not know every word. */
    HttpResponse<String> send(Caller caller, String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .header("Authorization", test.bearer(caller, "notebook-service"))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A context of Alice's; its id. */
    String context(String language) throws Exception {
        return id(send(
                ALICE,
                "POST",
                "/api/1.2/contexts/create",
                "{\"clusterId\":\"c-1\",\"language\":\"" + language + "\"}"));
    }

    /** A command of Alice's; its id. */
    String execute(String context, String command) throws Exception {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("clusterId", CLUSTER)
                .put("contextId", context)
                .put("command", command);
        return id(send(ALICE, "POST", "/api/1.2/commands/execute", body.toString()));
    }

    private static String id(HttpResponse<String> answer) throws IOException {
        Assertions.assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.MAPPER.readTree(answer.body()).path("id").asText();
    }

    CommandStatusResponse status(String context, String command) {
        return api(ALICE)
                .commandStatus(new CommandStatusRequest()
                        .setClusterId(CLUSTER)
                        .setContextId(context)
                        .setCommandId(command));
    }

    /** A command of Alice's once it has ended. */
    CommandStatusResponse finished(String context, String command) throws Exception {
        return api(ALICE)
                .waitCommandStatusCommandExecutionFinishedOrError(CLUSTER, command, context, SOON, response -> {});
    }

    static CancelCommand cancel(String context, String command) {
        return new CancelCommand().setClusterId(CLUSTER).setContextId(context).setCommandId(command);
    }

    /** What was refused. */
    static DatabricksError refused(Callable<?> call) {
        return Assertions.catchThrowableOfType(DatabricksError.class, call::call);
    }

    /** Plays a kernel that shows a table of this many rows. */
    void table(FakeAgent agent, WorkMessage message, int rows) {
        if (!(message instanceof WorkMessage.Execute execute)) {
            return;
        }
        Thread upload = new Thread(() -> {
            String result = UUID.randomUUID().toString();
            try {
                Path file = folder.resolve(result);
                ArrowSamples.numbers(file, rows);
                String path = "/node/v1/results/" + result + "?run_id=" + execute.runId() + "&truncated=false";
                http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                                .header("Authorization", "Bearer " + agent.token())
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(Files.readAllBytes(file)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            ObjectNode data = JsonNodeFactory.instance.objectNode();
            data.putObject("data")
                    .put("text/plain", "a table")
                    .putObject("application/vnd.campanile.result.v1+json")
                    .put("result_id", result);
            agent.started(execute.runId());
            agent.append(execute.runId(), "result", data);
            agent.finish(execute.runId(), "ok");
        });
        upload.start();
    }

    long count(String sql) {
        try (Database database = Database.open(test.environment().database(), "notebook_service", "notebook-service")) {
            return requireNonNull(database.acrossWorkspaces("a test").fetchOne(sql))
                    .get(0, Long.class);
        }
    }

    void execute(String sql) {
        try (Database database = Database.open(test.environment().database(), "notebook_service", "notebook-service")) {
            database.acrossWorkspaces("a test").execute(sql);
        }
    }

    @Override
    public void close() {
        agents.forEach(FakeAgent::close);
        if (server != null) {
            stop();
        }
        manager.close();
        test.close();
    }
}
