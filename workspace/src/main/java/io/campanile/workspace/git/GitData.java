package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.workspace.blobs.BlobErrors;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;
import org.jspecify.annotations.Nullable;

/** The folders with the objects of git: {@code git/<workspace>/<repo>}, one bare repository each. */
final class GitData {
    private final Path root;
    private final long objectLimit;
    /** Folders no row speaks of yet. */
    private final Set<Key> beingMade = ConcurrentHashMap.newKeySet();

    /** One folder. */
    record Key(long workspaceId, long repoId) {}

    /** {@code objectLimit}: bytes of one object, inflated. */
    GitData(Path root, long objectLimit) {
        this.root = requireNonNull(root, "root");
        this.objectLimit = objectLimit;
        QuietSystemReader.install();
        BlobErrors.guard(() -> Files.createDirectories(root));
    }

    /** Makes an empty repository; it is swept by nobody until {@link #made} or {@link #drop}. */
    Repository create(Key key) {
        beingMade.add(key);
        return BlobErrors.guard(() -> {
            Files.createDirectories(folder(key).resolve(".."));
            FileRepository repository = new Limited(builder(key));
            repository.create(true);
            durable(repository);
            return repository;
        });
    }

    /** A row speaks of it now. */
    void made(Key key) {
        beingMade.remove(key);
    }

    FileRepository open(Key key) {
        return BlobErrors.guard(() -> new Limited(builder(key).setMustExist(true)));
    }

    /**
     * The refs of another repository that the folder has in it, made where there are none; its objects are among the
     * folder's. A server is told of the refs of its own repository alone.
     */
    FileRepository module(Key key, GitUrl url) {
        return BlobErrors.guard(() -> {
            Path place = modules(key).resolve(moduleName(url));
            Files.createDirectories(place.resolve("refs/heads"));
            Path head = place.resolve(Constants.HEAD);
            if (!Files.exists(head)) {
                Files.writeString(head, "ref: refs/heads/main\n");
            }
            FileRepository repository = new Limited(new FileRepositoryBuilder()
                    .setFS(new NoProcessFiles())
                    .setGitDir(place.toFile())
                    .setObjectDirectory(folder(key).resolve("objects").toFile())
                    .setBare());
            durable(repository);
            return repository;
        });
    }

    /** The other repositories the folder has refs of. */
    Map<String, FileRepository> modules(Key key, Collection<GitUrl> urls) {
        Map<String, FileRepository> found = new HashMap<>();
        urls.forEach(url -> found.computeIfAbsent(moduleName(url), any -> module(key, url)));
        return found;
    }

    /** Forgets the refs of all other repositories. */
    void keepModules(Key key, Set<String> names) {
        BlobErrors.guard(() -> {
            for (Path module : children(modules(key))) {
                if (!names.contains(String.valueOf(module.getFileName()))) {
                    delete(module);
                }
            }
            return true;
        });
    }

    /** Takes away locks of refs, which a process that was killed has left; whoever calls it has the folder alone. */
    void unlock(Key key) {
        BlobErrors.guard(() -> {
            Path objects = objects(key);
            Files.walkFileTree(folder(key), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                    return visited.equals(objects) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (file.toString().endsWith(".lock")) {
                        Files.deleteIfExists(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            return true;
        });
    }

    /** Where packs are, and what else of the folder grows. */
    Path objects(Key key) {
        return folder(key).resolve("objects");
    }

    private Path modules(Key key) {
        return folder(key).resolve("modules");
    }

    private static String moduleName(GitUrl url) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            return formatter
                    .idFor(Constants.OBJ_BLOB, url.toString().getBytes(StandardCharsets.UTF_8))
                    .name();
        }
    }

    private static void durable(FileRepository repository) throws IOException {
        StoredConfig config = repository.getConfig();
        config.setBoolean("core", null, "fsyncObjectFiles", true);
        config.setBoolean("core", null, "fsyncRefFiles", true);
        config.setBoolean("core", null, "logAllRefUpdates", false);
        config.save();
    }

    /** Deletes a repository. */
    void drop(Key key) {
        BlobErrors.guard(() -> {
            delete(folder(key));
            return true;
        });
        beingMade.remove(key);
    }

    /** What is in the folder and being made by nobody. */
    List<Key> all() {
        return BlobErrors.guard(() -> {
            List<Key> found = new ArrayList<>();
            for (Path workspace : children(root)) {
                for (Path repo : children(workspace)) {
                    Key key = key(workspace, repo);
                    if (key != null && !beingMade.contains(key)) {
                        found.add(key);
                    }
                }
            }
            return found;
        });
    }

    /** Has all packs written to the disk itself; single objects are, one by one. */
    void sync(Key key) {
        BlobErrors.guard(() -> {
            Path packs = folder(key).resolve("objects/pack");
            for (Path file : children(packs)) {
                force(file, StandardOpenOption.READ);
            }
            force(packs, StandardOpenOption.READ);
            force(folder(key), StandardOpenOption.READ);
            force(folder(key).resolveSibling("."), StandardOpenOption.READ);
            return true;
        });
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private Path folder(Key key) {
        return root.resolve(Long.toString(key.workspaceId())).resolve(Long.toString(key.repoId()));
    }

    private FileRepositoryBuilder builder(Key key) {
        File folder = folder(key).toFile();
        return new FileRepositoryBuilder()
                .setFS(new NoProcessFiles())
                .setGitDir(folder)
                .setBare();
    }

    private static @Nullable Key key(Path workspace, Path repo) {
        try {
            return new Key(
                    Long.parseLong(String.valueOf(workspace.getFileName())),
                    Long.parseLong(String.valueOf(repo.getFileName())));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                entries.forEach(found::add);
            }
        }
        return found;
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Deletes nothing, and takes no object that is larger than allowed: a small answer can inflate to a very large one. */
    private final class Limited extends FileRepository {
        @SuppressWarnings({"rawtypes", "unchecked"}) // as its constructor has it
        Limited(BaseRepositoryBuilder builder) throws IOException {
            super(builder.setup());
        }

        /** Which commits count is in the database: a collection that looks at refs would delete those not pushed. */
        @Override
        public void autoGC(ProgressMonitor monitor) {
            // Nothing is collected.
        }

        @Override
        public ObjectInserter newObjectInserter() {
            ObjectInserter plain = super.newObjectInserter();
            return new ObjectInserter.Filter() {
                @Override
                protected ObjectInserter delegate() {
                    return plain;
                }

                @Override
                public PackParser newPackParser(java.io.InputStream in) throws IOException {
                    PackParser parser = plain.newPackParser(in);
                    parser.setMaxObjectSizeLimit(objectLimit);
                    return parser;
                }
            };
        }
    }
}
