package io.campanile.workspace;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.db.Database;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.campanile.workspace.git.CredentialRoutes;
import io.campanile.workspace.git.CredentialService;
import io.campanile.workspace.git.GitConfig;
import io.campanile.workspace.git.GitFeature;
import io.campanile.workspace.objects.RepoFolders;
import io.campanile.workspace.objects.WorkingTrees;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Git folders and credentials, put together. */
final class GitParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GitParts.class);
    private static final long SWEEP_MILLIS = 60_000;
    private static final int THREADS = 8;
    private static final int QUEUED = 32;

    private final Vertx vertx;
    private final Blocking blocking;
    private final GitFeature feature;
    private final long timer;

    private GitParts(Vertx vertx, Blocking blocking, GitFeature feature) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.blocking = requireNonNull(blocking, "blocking");
        this.feature = requireNonNull(feature, "feature");
        this.timer = vertx.setPeriodic(1, SWEEP_MILLIS, tick -> sweep());
    }

    static GitParts mount(
            ServiceEnvironment environment,
            ServiceHttp http,
            Database database,
            RepoFolders folders,
            WorkingTrees trees,
            CredentialService credentials,
            GitConfig config) {
        Blocking blocking = new Blocking(environment.vertx(), "workspace-git", THREADS, QUEUED);
        GitFeature feature =
                new GitFeature(folder(environment), database, folders, trees, credentials, config, environment.clock());
        feature.mount(http.endpoints(), blocking);
        new CredentialRoutes(credentials).mount(http.endpoints());
        return new GitParts(environment.vertx(), blocking, feature);
    }

    /** Where each workspace has a folder of its repositories. */
    static Path folder(ServiceEnvironment environment) {
        return environment.dataDir().resolve("git");
    }

    private void sweep() {
        blocking.call(() -> {
                    feature.sweep();
                    return true;
                })
                .onFailure(failure -> LOG.atWarn().setCause(failure).log("Git folders could not be swept"));
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        blocking.close();
    }
}
