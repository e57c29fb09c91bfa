package io.campanile.workspace;

import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.common.http.Handover;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.workspace.objects.DocumentDeletions;
import io.campanile.workspace.objects.WorkspaceRoutes;
import io.vertx.core.Future;

/** The workspace service, put together: the only class that makes its long-lived objects. */
public final class WorkspaceServer implements RunningService {
    private static final String NAME = "workspace";

    private final ServiceHttp http;
    private final DocumentDeletions deletions;
    private final ContentParts contents;
    private final FileParts files;
    private final Database database;

    private WorkspaceServer(
            ServiceHttp http, DocumentDeletions deletions, ContentParts contents, FileParts files, Database database) {
        this.http = requireNonNull(http, "http");
        this.deletions = requireNonNull(deletions, "deletions");
        this.contents = requireNonNull(contents, "contents");
        this.files = requireNonNull(files, "files");
        this.database = requireNonNull(database, "database");
    }

    /** Migrates the schema, mounts the features and listens. */
    public static Future<WorkspaceServer> start(ServiceEnvironment environment, WorkspaceConfig config) {
        return start(environment, config, Neighbours.over(environment, NAME));
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
                    SecretParts.mount(environment, http, database, neighbours);
                    ContentParts contents = ContentParts.open(environment, http.blocking(), database, config);
                    return new WorkspaceServer(
                            http,
                            TreeParts.mount(environment, http, database, contents, neighbours),
                            contents,
                            FileParts.mount(environment, http, database, neighbours.directory(), config),
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
        deletions.close();
        http.close();
        contents.close();
        files.close();
        database.close();
    }
}
