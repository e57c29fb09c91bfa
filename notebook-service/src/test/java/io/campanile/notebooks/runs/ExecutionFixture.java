package io.campanile.notebooks.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.access.ObjectAccess;
import io.campanile.notebooks.access.Permission;
import io.campanile.notebooks.access.WorkspaceClient;
import io.campanile.notebooks.compute.ClusterState;
import io.campanile.notebooks.documents.Cell;
import io.campanile.notebooks.documents.CellType;
import io.campanile.notebooks.documents.DocumentReader;
import io.campanile.notebooks.documents.NotebookDocument;
import io.campanile.notebooks.live.Broadcaster;
import io.campanile.notebooks.live.ChannelFeature;
import io.campanile.notebooks.live.Subscription;
import io.campanile.notebooks.nodes.HttpNodeSecrets;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The execution half of the service on a real database and a real port, with documents and browsers in memory. */
final class ExecutionFixture implements AutoCloseable, DocumentReader, Broadcaster, WorkspaceClient {
    static final long WORKSPACE = 1;
    static final long NOTEBOOK = 100;
    static final Caller ALICE = new Caller(WORKSPACE, 7, "alice@example.com", false, null, "r");
    static final Caller BOB = new Caller(WORKSPACE, 8, "bob@example.com", false, null, "r");
    static final Caller EVE = new Caller(2, 9, "eve@example.com", false, null, "r");

    final TestEnvironment test;
    final FakeClusters clusters = new FakeClusters();
    final Database database;
    final List<ObjectNode> broadcast = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> uploaded = new ConcurrentHashMap<>();
    private final Map<Long, NotebookDocument> documents = new ConcurrentHashMap<>();
    private final List<FakeAgent> agents = new ArrayList<>();
    private @Nullable ServiceHttp http;
    private @Nullable Execution execution;

    ExecutionFixture(Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        database = Database.open(test.environment().database(), "notebook_service", "notebook-service");
        start(RunService.Limits.DEFAULT);
    }

    void start(RunService.Limits limits) throws Exception {
        ServiceHttp server = new ServiceHttp("notebook-service", test.environment(), 1 << 20, () -> true);
        Execution started = new Execution(
                new Execution.Host(
                        test.environment().vertx(),
                        test.environment().tokens(),
                        Clock.systemUTC(),
                        server.blocking(),
                        database),
                new Execution.Neighbours(
                        this,
                        new NotebookAccess(this),
                        this,
                        clusters,
                        (upload, body) -> body.pipeTo(new Collected(bytes -> uploaded.put(upload.resultId(), bytes)))
                                .compose(done -> Future.succeededFuture()),
                        new HttpNodeSecrets(test.environment().client("workspace"))),
                limits);
        started.mount(server.endpoints());
        server.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        started.start();
        http = server;
        execution = started;
    }

    /** Ends the service's threads and connections; the database and the nodes stay. */
    void stop() {
        execution().close();
        java.util.Objects.requireNonNull(http).close();
        execution = null;
    }

    void restart() throws Exception {
        stop();
        start(RunService.Limits.DEFAULT);
    }

    int port() {
        return java.util.Objects.requireNonNull(http).port();
    }

    Execution execution() {
        return java.util.Objects.requireNonNull(execution);
    }

    /** A notebook whose cells c1, c2, ... hold these sources. */
    void document(long workspace, long notebook, String... sources) {
        List<Cell> cells = new ArrayList<>();
        for (String source : sources) {
            CellType type = source.startsWith("%md") ? CellType.MARKDOWN : CellType.CODE;
            cells.add(new Cell("c" + (cells.size() + 1), type, null, source, 3, "a" + cells.size(), Map.of()));
        }
        documents.put(notebook, new NotebookDocument(workspace, notebook, "JAVA", 5, Instant.now(), cells));
    }

    FakeAgent agent(long workspace, String cluster, long epoch) {
        FakeAgent agent =
                new FakeAgent(test.environment().vertx(), test.environment().tokens(), workspace, cluster, epoch);
        agents.add(agent);
        return agent;
    }

    /** Alice's cluster, running and attached to her notebook, with its node connected. */
    FakeAgent runningCluster() throws Exception {
        clusters.put("c-1", WORKSPACE, ALICE.userId(), ClusterState.RUNNING, 1, "");
        attach(ALICE, NOTEBOOK, "c-1");
        return agent(WORKSPACE, "c-1", 1).connect(port());
    }

    void attach(Caller caller, long notebook, String cluster) {
        new io.campanile.notebooks.compute.AttachmentStore(database, Clock.systemUTC())
                .attach(caller.workspaceId(), notebook, caller.userId(), cluster);
    }

    /** Sends a frame as a tab would and returns what that tab was answered, as it comes. */
    List<ObjectNode> send(Caller caller, Permission permission, String frame) {
        return send(caller, NOTEBOOK, permission, frame);
    }

    List<ObjectNode> send(Caller caller, long notebook, Permission permission, String frame) {
        List<ObjectNode> answers = new CopyOnWriteArrayList<>();
        JsonNode read = Json.read(frame, JsonNode.class);
        ChannelFeature feature = execution().features().stream()
                .filter(one -> one.frames().contains(read.path("t").asText()))
                .findFirst()
                .orElseThrow();
        try {
            feature.handle(new Tab(caller, notebook, permission, answers), read);
        } catch (ApiException e) {
            answers.add(Json.MAPPER
                    .createObjectNode()
                    .put("t", "error")
                    .put("error_code", e.code().name())
                    .put("message", e.getMessage()));
        }
        return answers;
    }

    /** Runs cells and returns the runs of the acknowledgement. */
    List<Long> run(String id, String... cells) {
        ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "run").put("id", id);
        var named = frame.putArray("cells");
        for (String cell : cells) {
            named.add(cell);
        }
        ObjectNode answer = send(ALICE, Permission.CAN_RUN, frame.toString()).get(0);
        if (!answer.path("t").asText().equals("run_ack")) {
            throw new AssertionError(answer.toString());
        }
        return answer.path("runs").findValuesAsText("run_id").stream()
                .map(Long::valueOf)
                .toList();
    }

    ObjectNode snapshot(Caller caller, long notebook) {
        return snapshot(caller, notebook, Map.of());
    }

    ObjectNode snapshot(Caller caller, long notebook, Map<Long, Long> seen) {
        ObjectNode frame = Json.MAPPER.createObjectNode();
        execution()
                .parts()
                .forEach(part -> part.contribute(caller, access(caller, notebook), seen, !seen.isEmpty(), frame));
        return frame;
    }

    /** A run as a fresh snapshot shows it. */
    JsonNode shown(long run) {
        for (JsonNode one : snapshot(ALICE, NOTEBOOK).path("runs")) {
            if (one.path("run_id").asLong() == run) {
                return one;
            }
        }
        return Json.MAPPER.missingNode();
    }

    String state(long run) {
        return database.acrossWorkspaces("a test")
                .fetchOne("select state from cell_run where workspace_id = 1 and run_id = " + run)
                .get(0, String.class);
    }

    String message(long run) {
        return String.valueOf(database.acrossWorkspaces("a test")
                .fetchOne("select message from cell_run where workspace_id = 1 and run_id = " + run)
                .get(0, String.class));
    }

    /** What a run printed, as a fresh snapshot shows it. */
    String printed(long run) {
        StringBuilder text = new StringBuilder();
        snapshot(ALICE, NOTEBOOK)
                .path("outputs")
                .path(Long.toString(run))
                .forEach(output -> text.append(output.path("text").asText()));
        return text.toString();
    }

    @Override
    public Optional<NotebookDocument> read(long workspaceId, long notebookId) {
        return Optional.ofNullable(documents.get(notebookId)).filter(found -> found.workspaceId() == workspaceId);
    }

    @Override
    public void toNotebook(long workspaceId, long notebookId, ObjectNode frame) {
        broadcast.add(frame);
    }

    @Override
    public void toPerson(long workspaceId, long notebookId, long userId, ObjectNode frame) {
        broadcast.add(frame.deepCopy().put("to", userId));
    }

    @Override
    public boolean watched(long workspaceId, long notebookId) {
        return true;
    }

    @Override
    public ObjectAccess access(Caller caller, long objectId) {
        if (read(caller.workspaceId(), objectId).isEmpty()) {
            throw ApiException.notFound("Object " + objectId + " does not exist");
        }
        return new ObjectAccess(objectId, "/Users/alice/first", "NOTEBOOK", "JAVA", Permission.CAN_READ);
    }

    @Override
    public ObjectAccess again(Caller caller, long objectId) {
        return access(caller, objectId);
    }

    @Override
    public Map<Long, Long> changes(Collection<Long> workspaces) {
        return Map.of();
    }

    @Override
    public void touched(long workspaceId, long objectId, Instant modifiedAt, @Nullable String language) {}

    @Override
    public void close() {
        agents.forEach(FakeAgent::close);
        if (execution != null) {
            stop();
        }
        database.close();
        test.close();
    }

    private record Tab(Caller caller, long notebookId, Permission permission, List<ObjectNode> answers)
            implements Subscription {
        @Override
        public ObjectAccess access() {
            return new ObjectAccess(notebookId, "/Users/alice/first", "NOTEBOOK", "JAVA", permission);
        }

        @Override
        public void send(ObjectNode frame) {
            answers.add(frame);
        }
    }
}
