package io.campanile.notebooks;

import io.campanile.common.audit.Audit;
import io.campanile.common.db.Database;
import io.campanile.common.db.TenantErasure;
import io.campanile.common.service.ErasureRoutes;
import io.campanile.common.service.Folders;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.spool.SpoolFolder;
import io.campanile.notebooks.access.HttpWorkspaceClient;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.attachments.AttachmentRoutes;
import io.campanile.notebooks.attachments.Attachments;
import io.campanile.notebooks.commands.CommandResults;
import io.campanile.notebooks.commands.CommandRoutes;
import io.campanile.notebooks.commands.CommandService;
import io.campanile.notebooks.commands.CommandSweep;
import io.campanile.notebooks.commands.ContextService;
import io.campanile.notebooks.compute.HttpClusterClient;
import io.campanile.notebooks.documents.Bodies;
import io.campanile.notebooks.documents.DocumentRoutes;
import io.campanile.notebooks.documents.Documents;
import io.campanile.notebooks.documents.History;
import io.campanile.notebooks.documents.HistoryRoutes;
import io.campanile.notebooks.documents.Imports;
import io.campanile.notebooks.documents.TouchNotifier;
import io.campanile.notebooks.documents.Versions;
import io.campanile.notebooks.live.Channels;
import io.campanile.notebooks.live.LiveSocket;
import io.campanile.notebooks.live.NotebookRoutes;
import io.campanile.notebooks.live.Snapshots;
import io.campanile.notebooks.nodes.HttpNodeSecrets;
import io.campanile.notebooks.results.ResultRoutes;
import io.campanile.notebooks.results.ResultService;
import io.campanile.notebooks.results.ResultStore;
import io.campanile.notebooks.results.ResultSweep;
import io.campanile.notebooks.runs.Execution;
import io.campanile.notebooks.runs.RunHistory;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;

/** The composition root: the one place that says {@code new} for long-lived objects of the notebook service. */
public final class NotebookServer implements RunningService {
    private static final String NAME = "notebook-service";

    private final Database database;
    private final ServiceHttp http;
    private final TouchNotifier touches;
    private final Documents documents;
    private final Bodies bodies;
    private final Execution execution;
    private final LiveSocket socket;
    private final Retention retention;
    private final CommandSweep commandSweep;

    private NotebookServer(ServiceEnvironment environment, NotebookConfig config) throws IOException {
        database = Database.open(environment.database(), "notebook_service", NAME);
        http = new ServiceHttp(NAME, environment, config.bodyLimit(), database::answers);
        http.audit(database);
        var workspace = new HttpWorkspaceClient(environment.client("workspace"));
        var access = new NotebookAccess(workspace);
        var channels = new Channels();
        touches = new TouchNotifier(environment.vertx(), workspace);
        documents = new Documents(
                environment.vertx(), database, new Committed(List.of(channels, touches)), environment.clock());
        var blobs = environment.dataDir().resolve("blobs");
        var resultStore = new ResultStore(database);
        var results = new ResultService(resultStore, blobs, access::of, environment.clock());
        retention = new Retention(
                new RunHistory(database), new ResultSweep(resultStore, blobs), config.keepRuns(), environment.clock());
        execution = new Execution(
                new Execution.Host(
                        environment.vertx(), environment.tokens(), environment.clock(), http.blocking(), database),
                new Execution.Neighbours(
                        documents,
                        access,
                        channels,
                        new HttpClusterClient(environment.client("cluster-manager")),
                        new UploadedResults(environment.vertx(), http.blocking(), results),
                        new HttpNodeSecrets(environment.client("workspace"))),
                config.limits());
        var snapshots = new Snapshots(documents, execution.parts());
        var guard = new LiveSocket.Guard(
                workspace, (caller, resource, reason) -> Audit.denied(database.context(), caller, resource, reason));
        socket = new LiveSocket(
                environment.vertx(), channels, access, documents, snapshots, guard, execution.features());
        var api = http.endpoints();
        bodies = new Bodies(
                environment.vertx(),
                new SpoolFolder(environment.dataDir().resolve("spool").resolve(NAME)));
        new DocumentRoutes(documents, new Imports(documents, execution.outputs()), bodies, http.blocking()).mount(api);
        new NotebookRoutes(access, snapshots, http.blocking()).mount(api);
        var history = new History(documents);
        new HistoryRoutes(access, history, new Versions(documents, history, environment.clock()), http.blocking())
                .mount(api);
        var attachments =
                new Attachments(database, environment.dataDir(), config.attachmentLimit(), environment.clock());
        new AttachmentRoutes(access, attachments, http.blocking()).mount(api);
        new ResultRoutes(results, http.blocking()).mount(api);
        var sessions = execution.sessions();
        var contexts = new ContextService(database, sessions, config.commands(), environment.clock());
        sessions.onClusterChange(contexts::changed);
        var commandResults = new CommandResults(sessions, results, config.commands());
        new CommandRoutes(
                        contexts,
                        new CommandService(contexts, sessions, commandResults, config.commands(), environment.clock()))
                .mount(api);
        commandSweep = new CommandSweep(contexts, config.commands(), environment.clock());
        new ErasureRoutes(
                        database,
                        new TenantErasure(database),
                        workspaceId -> Folders.delete(blobs.resolve(Long.toString(workspaceId))))
                .mount(api);
        execution.mount(api);
        socket.mount(api);
    }

    /** Migrates the schema, listens, and begins to work off what an earlier process left. */
    public static Future<NotebookServer> start(ServiceEnvironment environment, NotebookConfig config) {
        return environment
                .vertx()
                .executeBlocking(() -> new NotebookServer(environment, config))
                .compose(server -> server.http.listen().map(listening -> {
                    server.execution.start();
                    server.retention.start();
                    server.commandSweep.start();
                    return server;
                }));
    }

    @Override
    public int port() {
        return http.port();
    }

    @Override
    public void close() {
        retention.close();
        commandSweep.close();
        socket.close();
        execution.close();
        http.close();
        bodies.close();
        documents.close();
        touches.close();
        database.close();
    }
}
