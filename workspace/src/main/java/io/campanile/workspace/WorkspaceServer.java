package io.campanile.workspace;

import static java.util.Objects.requireNonNull;

import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.KeyRoutes;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.HttpDirectory;
import io.campanile.common.directory.HttpPersonRights;
import io.campanile.common.directory.PersonRights;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.InternalClient;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.workspace.notebooks.HttpNotebookClient;
import io.campanile.workspace.notebooks.NotebookClient;
import io.campanile.workspace.objects.DeletionStore;
import io.campanile.workspace.objects.DocumentDeletions;
import io.campanile.workspace.objects.GettingStarted;
import io.campanile.workspace.objects.HomeService;
import io.campanile.workspace.objects.Homes;
import io.campanile.workspace.objects.InternalRoutes;
import io.campanile.workspace.objects.NotebookEntries;
import io.campanile.workspace.objects.ObjectRoutes;
import io.campanile.workspace.objects.ObjectService;
import io.campanile.workspace.objects.ObjectStore;
import io.campanile.workspace.objects.TransferService;
import io.campanile.workspace.objects.TrashStore;
import io.campanile.workspace.objects.Tree;
import io.campanile.workspace.objects.VisitStore;
import io.campanile.workspace.objects.WorkspaceRoutes;
import io.campanile.workspace.secrets.DataKeyRotation;
import io.campanile.workspace.secrets.HttpKeyPeer;
import io.campanile.workspace.secrets.InternalSecretRoutes;
import io.campanile.workspace.secrets.InterruptedRotations;
import io.campanile.workspace.secrets.KeyPeer;
import io.campanile.workspace.secrets.KeyRotationRoutes;
import io.campanile.workspace.secrets.MasterKeyRotation;
import io.campanile.workspace.secrets.ScopeService;
import io.campanile.workspace.secrets.SecretRoutes;
import io.campanile.workspace.secrets.SecretService;
import io.campanile.workspace.secrets.SecretStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;

/** The workspace service, put together: the only class that makes its long-lived objects. */
public final class WorkspaceServer implements RunningService {
    private static final String NAME = "workspace";
    private static final long DELETION_TICK_MILLIS = 1_000;
    /** As many as the public API promises. */
    private static final int MOST_SECRET_SCOPES = 1000;

    private static final int MOST_SECRETS = 1000;

    private final ServiceHttp http;
    private final DocumentDeletions deletions;
    private final Database database;

    private WorkspaceServer(ServiceHttp http, DocumentDeletions deletions, Database database) {
        this.http = requireNonNull(http, "http");
        this.deletions = requireNonNull(deletions, "deletions");
        this.database = requireNonNull(database, "database");
    }

    /** Migrates the schema, mounts the features and listens. */
    public static Future<WorkspaceServer> start(ServiceEnvironment environment) {
        return start(environment, new HttpNotebookClient(environment.client("notebook-service")));
    }

    /** Like {@link #start(ServiceEnvironment)} with another owner of the documents. */
    static Future<WorkspaceServer> start(ServiceEnvironment environment, NotebookClient documents) {
        InternalClient identity = environment.client("identity");
        return start(environment, documents, new HttpDirectory(identity, NAME), new HttpPersonRights(identity, NAME));
    }

    /** Like {@link #start(ServiceEnvironment)} with other neighbours. */
    static Future<WorkspaceServer> start(
            ServiceEnvironment environment, NotebookClient documents, Directory directory, PersonRights people) {
        return environment
                .vertx()
                .executeBlocking(() -> Database.open(environment.database(), NAME, NAME))
                .compose(database -> {
                    ServiceHttp http = new ServiceHttp(NAME, environment, WorkspaceRoutes.MAX_BODY, database::answers);
                    http.audit(database);
                    mountSecrets(environment, http, database, directory, people);
                    WorkspaceServer server =
                            new WorkspaceServer(http, mount(environment, http, database, documents), database);
                    return http.listen().map(server).onFailure(failure -> server.close());
                });
    }

    private static DocumentDeletions mount(
            ServiceEnvironment environment, ServiceHttp http, Database database, NotebookClient documents) {
        Clock clock = environment.clock();
        ObjectStore store = new ObjectStore(database);
        TrashStore trash = new TrashStore(database);
        DeletionStore deletionStore = new DeletionStore(database);
        VisitStore visits = new VisitStore(database);
        DocumentDeletions deletions = new DocumentDeletions(
                environment.vertx(), http.blocking(), deletionStore, trash, documents, clock, DELETION_TICK_MILLIS);
        Homes homes = new Homes(store, clock);
        Tree tree = new Tree(store, homes, clock);
        NotebookEntries entries = new NotebookEntries(store, deletionStore, visits, documents, clock);
        ObjectService objects = new ObjectService(tree, homes, store, trash, entries, deletions, clock);
        HomeService home = new HomeService(tree, homes, store, visits, documents, GettingStarted.read(), clock);

        Endpoints api = http.endpoints();
        new WorkspaceRoutes(objects, new TransferService(tree, entries, documents), tree, http.blocking()).mount(api);
        new ObjectRoutes(objects, home, tree).mount(api);
        new InternalRoutes(tree, store, visits, clock).mount(api);
        return deletions;
    }

    private static void mountSecrets(
            ServiceEnvironment environment,
            ServiceHttp http,
            Database database,
            Directory directory,
            PersonRights people) {
        MasterKeys masters = new MasterKeys(environment.dataDir(), environment.clock());
        Envelope envelope = new Envelope(database, masters);
        SecretStore store = new SecretStore(database);
        ScopeService scopes = new ScopeService(store, directory, environment.clock(), MOST_SECRET_SCOPES);
        SecretService secrets = new SecretService(store, envelope, environment.clock(), MOST_SECRETS);
        DataKeyRotation rotation = new DataKeyRotation(store, envelope);
        KeyPeer identity = new HttpKeyPeer(environment.client("identity"));

        Endpoints api = http.endpoints();
        new SecretRoutes(scopes, secrets).mount(api);
        new InternalSecretRoutes(scopes, secrets, people).mount(api);
        new KeyRotationRoutes(new MasterKeyRotation(masters, envelope, List.of(identity)), rotation).mount(api);
        new KeyRoutes(envelope).mount(api);
        new InterruptedRotations(envelope, rotation).finish(http.blocking());
    }

    @Override
    public int port() {
        return http.port();
    }

    @Override
    public void close() {
        deletions.close();
        http.close();
        database.close();
    }
}
