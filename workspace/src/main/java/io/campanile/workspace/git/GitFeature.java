package io.campanile.workspace.git;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.db.Database;
import io.campanile.common.http.Endpoints;
import io.campanile.workspace.objects.RepoFolders;
import io.campanile.workspace.objects.WorkingTrees;
import java.nio.file.Path;
import java.time.Clock;

/** Git folders with everything they are made of. */
public final class GitFeature {
    private final RepoService repos;
    private final WorkService work;
    private final MergeService merges;
    private final Sweep sweep;

    public GitFeature(
            Path root,
            Database database,
            RepoFolders folders,
            WorkingTrees trees,
            CredentialService credentials,
            GitConfig config,
            Clock clock) {
        RepoStore store = new RepoStore(database);
        GitData data = new GitData(root, config.fileLimit());
        GitHosts hosts = new GitHosts(config.allowedHosts());
        GitRemote remote = new GitRemote(hosts, config);
        Checkouts checkouts = new Checkouts(store, trees, new Submodules(data, remote, config), config);
        RepoLocks locks = new RepoLocks();
        RepoAccess access = new RepoAccess(folders, store, data, locks, checkouts, credentials, config);
        RepoReads reads = new RepoReads(folders, store, data, trees);
        this.repos = new RepoService(folders, store, access, data, remote, hosts, credentials, checkouts, config);
        this.work = new WorkService(access, reads, store, checkouts, remote, trees, credentials, clock);
        this.merges = new MergeService(access, reads, store, checkouts, remote, data, clock);
        this.sweep = new Sweep(store, access, data, locks, new Collector(data, store, locks, config, clock));
    }

    /** {@code blocking}: threads that may wait for git servers. */
    public void mount(Endpoints api, Blocking blocking) {
        new RepoRoutes(repos, blocking).mount(api);
        new WorkRoutes(work, merges, blocking).mount(api);
    }

    /** Deletes and finishes what a crash left, and collects garbage. Blocking. */
    public void sweep() {
        sweep.run();
    }
}
