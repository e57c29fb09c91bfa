package io.campanile.workspace;

import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.common.db.TenantErasure;
import io.campanile.common.http.Handover;
import io.campanile.common.service.ErasureRoutes;
import io.campanile.common.service.Folders;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.workspace.git.CredentialService;
import io.campanile.workspace.objects.WorkspaceRoutes;
import io.vertx.core.Future;

/** The workspace service, put together: the only class that makes its long-lived objects. */
public final class WorkspaceServer implements RunningService {
    private static final String NAME = "workspace";

    private final ServiceHttp http;
    private final TreeParts tree;
    private final ContentParts contents;
    private final FileParts files;
    private final GitParts git;
    private final Database database;

    private WorkspaceServer(
            ServiceHttp http, TreeParts tree, ContentParts contents, FileParts files, GitParts git, Database database) {
        this.http = requireNonNull(http, "http");
        this.tree = requireNonNull(tree, "tree");
        this.contents = requireNonNull(contents, "contents");
        this.files = requireNonNull(files, "files");
        this.git = requireNonNull(git, "git");
        this.database = requireNonNull(database, "database");
    }

    /** Migrates the schema, mounts the features and listens. */
    public static Future<WorkspaceServer> start(ServiceEnvironment environment, WorkspaceConfig config) {
        return environment
                .vertx()
                .executeBlocking(() -> Neighbours.over(environment, NAME))
                .compose(neighbours -> start(environment, config, neighbours));
    }

    /** Like {@link #start(ServiceEnvironment, WorkspaceConfig)} among other neighbours. */
    static Future<WorkspaceServer> start(ServiceEnvironment environment, Neighbours neighbours) {
        return start(environment, WorkspaceConfig.defaults(), neighbours);
    }

    static Future<WorkspaceServer> start(
            ServiceEnvironment environment, WorkspaceConfig config, Neighbours neighbours) {
        return environment
                .vertx()
                .executeBlocking(() -> {
                    Database database = Database.open(environment.database(), NAME, NAME);
                    ServiceHttp http = new ServiceHttp(NAME, environment, WorkspaceRoutes.MAX_BODY, database::answers);
                    http.audit(database);
                    CredentialService credentials = SecretParts.mount(environment, http, database, neighbours);
                    ContentParts contents = ContentParts.open(environment, http.blocking(), database, config);
                    TreeParts tree = TreeParts.mount(environment, http, database, contents, neighbours);
                    FileParts files = FileParts.mount(environment, http, database, neighbours, config);
                    new ErasureRoutes(database, new TenantErasure(database), workspaceId -> {
                                contents.erase(workspaceId);
                                files.erase(workspaceId);
                                Folders.delete(GitParts.folder(environment).resolve(Long.toString(workspaceId)));
                            })
                            .mount(http.endpoints());
                    return new WorkspaceServer(
                            http,
                            tree,
                            contents,
                            files,
                            GitParts.mount(
                                    environment,
                                    http,
                                    database,
                                    tree.folders(),
                                    tree.workingTrees(),
                                    credentials,
                                    config.git()),
                            database);
                })
                .compose(server -> server.http
                        .listen()
                        .map(listening -> server.takingBodies())
                        .onFailure(failure -> server.close()));
    }

    private WorkspaceServer takingBodies() {
        Handover.withinThisProcess().takesBodies(port());
        return this;
    }

    @Override
    public int port() {
        return http.port();
    }

    @Override
    public void close() {
        http.listening().ifPresent(port -> Handover.withinThisProcess().takesNoMore(port));
        git.close();
        tree.close();
        http.close();
        contents.close();
        files.close();
        database.close();
    }
}
