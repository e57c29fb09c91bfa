package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.workspace.blobs.BlobErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.internal.storage.file.GC;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes one pack of many, and has what nothing leads to any more removed when it is an hour old. It has the folder alone
 * while it works, and gives it up as soon as somebody waits for it: what was written until then is used by the next.
 */
final class Collector {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
    private static final String KEPT = "refs/kept/";
    private static final int PACKS = 20;
    /** Of one of 256 folders: some 6,000 in all. */
    private static final int LOOSE = 24;
    /** Longer than anybody reads what he found in the rows; what is younger is not touched. */
    private static final Duration AGE = Duration.ofHours(1);

    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final GitData data;
    private final RepoStore store;
    private final RepoLocks locks;
    private final GitConfig config;
    private final Clock clock;
    /** When a folder whose collection was given up is looked at again. */
    private final Map<GitData.Key, Instant> later = new ConcurrentHashMap<>();

    Collector(GitData data, RepoStore store, RepoLocks locks, GitConfig config, Clock clock) {
        this.data = requireNonNull(data, "data");
        this.store = requireNonNull(store, "store");
        this.locks = requireNonNull(locks, "locks");
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Collects in a folder where it is worth it; true when it did. */
    boolean collect(GitData.Key key) {
        Instant now = clock.instant();
        if (now.isBefore(later.getOrDefault(key, now)) || !isWorthIt(key, now)) {
            return false;
        }
        Allowance allowance = new Allowance(config.timeout(), 0);
        boolean[] done = new boolean[1];
        locks.whenFree(key, wanted -> done[0] = alone(key, allowance, wanted));
        if (done[0]) {
            later.remove(key);
        } else {
            later.put(key, now.plus(AGAIN));
        }
        return done[0];
    }

    private boolean isWorthIt(GitData.Key key, Instant now) {
        Path objects = data.objects(key);
        Instant old = now.minus(AGE);
        return count(objects.resolve("pack"), ".pack", old) >= PACKS || count(objects.resolve("17"), "", old) >= LOOSE;
    }

    private static long count(Path folder, String ending, Instant old) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        return BlobErrors.guard(() -> {
            try (Stream<Path> all = Files.list(folder)) {
                return all.filter(file -> file.toString().endsWith(ending) && isOlder(file, old))
                        .count();
            }
        });
    }

    private static boolean isOlder(Path file, Instant old) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(old);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean alone(GitData.Key key, Allowance allowance, BooleanSupplier wanted) {
        RepoStore.Repo repo = store.find(key.workspaceId(), key.repoId()).orElse(null);
        if (repo == null) {
            return false;
        }
        Watch watch = new Watch(allowance, wanted);
        try (FileRepository git = data.open(key)) {
            // What a collection has left that was killed.
            data.unlock(key);
            forget(git);
            keep(git, roots(git, repo));
            try {
                pack(git, watch);
            } finally {
                forget(git);
            }
            LOG.atInfo()
                    .addKeyValue("workspaceId", key.workspaceId())
                    .addKeyValue("repoId", key.repoId())
                    .log("The packs of a git folder were put together");
            return true;
        } catch (IOException | ParseException | RuntimeException e) {
            // The old packs are all there; one folder that cannot be collected is not to keep others from it.
            LOG.atLevel(watch.isCancelled() ? Level.DEBUG : Level.WARN)
                    .setCause(e)
                    .addKeyValue("workspaceId", key.workspaceId())
                    .addKeyValue("repoId", key.repoId())
                    .log("A git folder was not collected");
            return false;
        }
    }

    private void pack(FileRepository git, Watch watch) throws IOException, ParseException {
        GC gc = new GC(git);
        PackConfig packing = new PackConfig(git);
        packing.setThreads(1);
        packing.setBuildBitmaps(false);
        gc.setPackConfig(packing);
        gc.setProgressMonitor(watch);
        gc.setExpireAgeMillis(AGE.toMillis());
        gc.setPackExpireAgeMillis(AGE.toMillis());
        gc.repack();
        gc.prune(Set.of());
    }

    /** What the rows say is needed, all files among it, and what servers are told that we have. */
    private Set<ObjectId> roots(FileRepository git, RepoStore.Repo repo) throws IOException {
        Set<String> names = new HashSet<>(store.branches(repo).values());
        Stream.of(repo.head(), repo.merging()).filter(Objects::nonNull).forEach(names::add);
        store.conflicts(repo).stream()
                .flatMap(conflict -> Stream.ofNullable(conflict.blobId()))
                .forEach(names::add);
        Set<GitUrl> urls = new HashSet<>();
        for (SubmoduleStore.Submodule submodule : store.submodules(repo)) {
            names.add(submodule.commit());
            if (submodule.url() != null) {
                urls.add(GitUrl.parse(submodule.url()));
            }
        }
        Set<ObjectId> roots = new HashSet<>();
        names.forEach(name -> roots.add(ObjectId.fromString(name)));
        Map<String, FileRepository> modules = data.modules(repo.key(), urls);
        try {
            data.keepModules(repo.key(), modules.keySet());
            for (Repository module : modules.values()) {
                tips(module, roots);
            }
        } finally {
            modules.values().forEach(Repository::close);
        }
        return roots;
    }

    private static void tips(Repository git, Collection<ObjectId> found) throws IOException {
        for (Ref ref : git.getRefDatabase().getRefs()) {
            if (ref.getObjectId() != null) {
                found.add(ref.getObjectId());
            }
        }
    }

    /** Git's collection looks at refs: for as long as it runs, there is one for all that has none. */
    private static void keep(Repository git, Set<ObjectId> roots) throws IOException {
        Set<ObjectId> reached = new HashSet<>();
        tips(git, reached);
        for (ObjectId root : roots) {
            if (!reached.contains(root) && git.getObjectDatabase().has(root)) {
                RefUpdate update = git.updateRef(KEPT + root.name());
                update.setNewObjectId(root);
                RefUpdate.Result result = update.forceUpdate();
                if (result != RefUpdate.Result.NEW) {
                    throw new IOException("No ref could be made: " + result);
                }
            }
        }
    }

    private static void forget(Repository git) throws IOException {
        for (Ref ref : git.getRefDatabase().getRefsByPrefix(KEPT)) {
            RefUpdate update = git.updateRef(ref.getName());
            update.setForceUpdate(true);
            update.delete();
        }
    }

    /** Ends it when the time is over, and when somebody wants the folder. */
    private static final class Watch extends EmptyProgressMonitor {
        private final Allowance allowance;
        private final BooleanSupplier wanted;

        Watch(Allowance allowance, BooleanSupplier wanted) {
            this.allowance = allowance;
            this.wanted = wanted;
        }

        @Override
        public boolean isCancelled() {
            return allowance.passed() || wanted.getAsBoolean();
        }
    }
}
