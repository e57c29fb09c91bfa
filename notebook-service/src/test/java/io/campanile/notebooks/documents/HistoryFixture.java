package io.campanile.notebooks.documents;

import com.databricks.sdk.core.ApiClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.http.Request;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.access.ObjectAccess;
import io.campanile.notebooks.access.Permission;
import io.campanile.notebooks.access.WorkspaceClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Documents and their history on a real database and a real port; the workspace's answers are given by the test. */
final class HistoryFixture implements AutoCloseable, CommitListener {
    static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "r");
    static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "r");
    static final Caller EVE = new Caller(2, 9, "eve@example.com", true, null, "r");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T09:00:00Z"));
    final List<OpEvent> committed = new CopyOnWriteArrayList<>();
    final TestEnvironment test;
    final Database database;
    final Documents documents;
    final History history;
    final Versions versions;
    private final Map<Long, Permission> bob = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final ServiceHttp http;

    HistoryFixture(Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        database = Database.open(test.environment().database(), "notebook_service", "notebook-service");
        documents = new Documents(test.environment().vertx(), database, this, clock);
        history = new History(documents);
        versions = new Versions(documents, history, clock);
        http = new ServiceHttp("notebook-service", test.environment(), 1 << 20, () -> true);
        http.audit(database);
        NotebookAccess access = new NotebookAccess(new WorkspaceClient() {
            @Override
            public ObjectAccess access(Caller caller, long objectId) {
                return allowed(caller, objectId);
            }

            @Override
            public ObjectAccess again(Caller caller, long objectId) {
                return allowed(caller, objectId);
            }

            @Override
            public Map<Long, Long> changes(java.util.Collection<Long> workspaces) {
                return Map.of();
            }

            @Override
            public void touched(long workspaceId, long objectId, Instant modifiedAt, @Nullable String language) {}
        });
        new HistoryRoutes(access, history, versions, http.blocking()).mount(http.endpoints());
        http.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Alice owns every notebook of workspace 1; bob has what he was given. */
    private ObjectAccess allowed(Caller caller, long objectId) {
        Permission permission = caller.userId() == ALICE.userId() ? Permission.CAN_MANAGE : bob.get(objectId);
        if (caller.workspaceId() != 1
                || permission == null
                || documents.read(1, objectId).isEmpty()) {
            throw ApiException.notFound("Object " + objectId + " does not exist");
        }
        return new ObjectAccess(objectId, "/Users/alice/first", "NOTEBOOK", "JAVA", permission);
    }

    void share(long notebook, Permission permission) {
        bob.put(notebook, permission);
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    /** An empty notebook. */
    void notebook(long id) {
        documents.open(1, id, "JAVA");
    }

    CompletableFuture<OpResult> send(Caller caller, long notebook, long base, String op) {
        JsonNode read = Json.read(op.replace('\'', '"'), JsonNode.class);
        return documents.submit(caller, notebook, new ClientOp("tab", numbers.incrementAndGet(), base, read));
    }

    /** Commits an operation; answers its revision. */
    long edit(Caller caller, long notebook, String op) throws Exception {
        long base = documents.read(1, notebook).orElseThrow().revision();
        OpResult result = send(caller, notebook, base, op).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (result instanceof OpResult.Acknowledged done) {
            return done.rev();
        }
        throw new AssertionError(result.toString());
    }

    long insert(Caller caller, long notebook, String cell, String pos, String src) throws Exception {
        var op = Json.MAPPER.createObjectNode().put("kind", "insert").put("cell", cell);
        op.put("type", "code").put("pos", pos).put("src", src);
        return edit(caller, notebook, op.toString());
    }

    /** Replaces the text of a cell. */
    long text(Caller caller, long notebook, String cell, String src) throws Exception {
        Cell old = cell(notebook, cell);
        var op = Json.MAPPER.createObjectNode().put("kind", "text").put("cell", cell);
        op.put("ver", old.ver()).set("changes", TextDiff.between(old.src(), src).toJson());
        return edit(caller, notebook, op.toString());
    }

    Cell cell(long notebook, String id) {
        return cells(notebook).stream()
                .filter(cell -> cell.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    List<Cell> cells(long notebook) {
        return documents.read(1, notebook).orElseThrow().cells();
    }

    List<String> sources(long notebook) {
        return cells(notebook).stream()
                .map(cell -> cell.id() + ":" + cell.src())
                .toList();
    }

    /** Cells of a revision without their versions, which only rise. */
    List<String> content(long notebook, long revision) {
        List<String> out = new ArrayList<>();
        for (JsonNode cell : history.content(ALICE, notebook, revision).path("cells")) {
            var plain = (com.fasterxml.jackson.databind.node.ObjectNode) cell.deepCopy();
            plain.remove("ver");
            out.add(plain.toString());
        }
        return out;
    }

    /** All entries, newest first, page by page. */
    List<JsonNode> entries(long notebook, int limit) {
        List<JsonNode> out = new ArrayList<>();
        long before = Long.MAX_VALUE;
        while (true) {
            JsonNode page = history.page(ALICE, notebook, before, limit);
            page.path("entries").forEach(out::add);
            if (!page.has("next_page_token")) {
                return out;
            }
            before = page.path("next_page_token").asLong();
        }
    }

    long count(String sql) {
        return database.acrossWorkspaces("a test").fetchSingle(sql).get(0, Long.class);
    }

    /** Calls the public API as databricks-sdk-java does. */
    JsonNode call(Caller caller, String method, String path, @Nullable String body) throws IOException {
        ApiClient client = new ApiClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + http.port())
                .setToken(test.environment().tokens().sign(caller, "notebook-service"))
                .setAuthType("pat"));
        String url = "/api/campanile/v1/notebooks/" + path;
        Request request = body == null ? new Request(method, url) : new Request(method, url, body.replace('\'', '"'));
        // The SDK makes its answers with their constructors: a tree has none.
        return Json.MAPPER.valueToTree(
                client.execute(request.withHeader("Accept", "application/json"), LinkedHashMap.class));
    }

    @Override
    public void committed(long workspaceId, long notebookId, List<OpEvent> events) {
        committed.addAll(events);
    }

    @Override
    public void doubted(long workspaceId, long notebookId) {}

    @Override
    public void deleted(long workspaceId, long notebookId) {}

    @Override
    public void close() {
        http.close();
        documents.close();
        database.close();
        test.close();
    }
}
