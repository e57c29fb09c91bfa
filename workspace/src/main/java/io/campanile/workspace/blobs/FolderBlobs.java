package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.service.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files in {@code <root>/<workspace id>/...}, under their own names: nodes on this machine read the same folder. */
public final class FolderBlobs implements BlobStore {
    private static final int LOCKS = 64;

    private final WorkspaceFolders folders;
    private final Staging staging;
    /** A file system has no "replace if it is still that one": writers that expect something take turns. */
    private final Object[] locks = new Object[LOCKS];

    public FolderBlobs(Path root, Staging staging) {
        this.folders = new WorkspaceFolders(root);
        this.staging = requireNonNull(staging, "staging");
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    @Override
    public Optional<Blob> find(long workspaceId, BlobPath path) throws IOException {
        return blob(path, folders.resolve(workspaceId, path));
    }

    @Override
    public BlobPage list(long workspaceId, BlobPath folder, @Nullable String after, int limit) throws IOException {
        Path place = folders.resolve(workspaceId, folder);
        List<String> names = FolderNames.after(place, after);
        List<Blob> entries = new ArrayList<>();
        for (String name : names) {
            if (entries.size() == limit) {
                return new BlobPage(entries, entries.get(limit - 1).path().name());
            }
            blob(folder.child(name), place.resolve(name)).ifPresent(entries::add);
        }
        return new BlobPage(entries, null);
    }

    @Override
    public InputStream read(long workspaceId, Blob blob, long from, long length) throws IOException {
        Path place = folders.resolve(workspaceId, blob.path());
        try {
            FileChannel channel = FileChannel.open(place, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            // Opened first, compared then: what is open is what was found, or it is somebody else's.
            if (blob(blob.path(), place).filter(blob::equals).isEmpty()) {
                channel.close();
                throw new BlobChangedException(blob.path());
            }
            return new FileRange(channel, from, length);
        } catch (NoSuchFileException e) {
            throw new BlobChangedException(blob.path());
        }
    }

    @Override
    public Placing prepare(long workspaceId, BlobPath path, Path content, String mark) throws IOException {
        try (FileChannel channel = FileChannel.open(content, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return new Placing() {
            @Override
            public Blob commit(Expected expected) throws IOException {
                return place(workspaceId, path, content, expected);
            }

            @Override
            public void abort() {}
        };
    }

    private Blob place(long workspaceId, BlobPath path, Path content, Expected expected) throws IOException {
        Path place = folders.resolve(workspaceId, path);
        folders.make(workspaceId, path.parent());
        synchronized (lock(workspaceId, path)) {
            Optional<Blob> there = blob(path, place);
            if (there.filter(Blob::folder).isPresent()) {
                throw BlobErrors.isFolder(path);
            }
            if (expected instanceof Expected.Tagged tagged) {
                requireTag(path, there, tagged);
            }
            if (expected instanceof Expected.Nothing) {
                linkOnce(path, content, place);
            } else {
                Files.move(content, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        WorkspaceFolders.sync(requireNonNull(place.getParent()));
        return blob(path, place).orElseThrow(() -> BlobErrors.missing(path));
    }

    /** The system decides who is first. What is linked already was put there by an attempt that a crash cut short. */
    private static void linkOnce(BlobPath path, Path content, Path place) throws IOException {
        try {
            Files.createLink(place, content);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isSameFile(place, content)) {
                throw BlobErrors.taken(path);
            }
        }
        Files.delete(content);
    }

    @Override
    public void makeFolders(long workspaceId, BlobPath path) throws IOException {
        folders.make(workspaceId, path);
    }

    @Override
    public boolean deleteFile(long workspaceId, BlobPath path, Expected expected) throws IOException {
        Path place = folders.resolve(workspaceId, path);
        synchronized (lock(workspaceId, path)) {
            Optional<Blob> there = blob(path, place);
            if (expected instanceof Expected.Tagged tagged) {
                requireTag(path, there, tagged);
            }
            if (there.isEmpty()) {
                return false;
            }
            if (there.get().folder()) {
                throw BlobErrors.isFolder(path);
            }
            Files.delete(place);
        }
        WorkspaceFolders.sync(requireNonNull(place.getParent()));
        return true;
    }

    @Override
    public void deleteFolder(long workspaceId, BlobPath path, boolean recursive) throws IOException {
        Path place = folders.resolve(workspaceId, path);
        if (!recursive) {
            try {
                Files.delete(place);
            } catch (DirectoryNotEmptyException e) {
                throw BlobErrors.notEmpty(path);
            }
            return;
        }
        // Gone at once, whatever happens while its content is deleted.
        Path gone = staging.passing();
        Files.move(place, gone, StandardCopyOption.ATOMIC_MOVE);
        WorkspaceFolders.sync(requireNonNull(place.getParent()));
        Folders.delete(gone);
    }

    @Override
    public Optional<Blob> marked(long workspaceId, BlobPath path, String mark) {
        return Optional.empty();
    }

    @Override
    public void move(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) throws IOException {
        Path source = folders.resolve(workspaceId, from);
        Path target = folders.resolve(workspaceId, to);
        Blob moved = blob(from, source).orElseThrow(() -> BlobErrors.missing(from));
        folders.make(workspaceId, to.parent());
        Optional<Blob> there = blob(to, target);
        boolean replaces = expected instanceof Expected.Anything
                && !moved.folder()
                && there.filter(Blob::folder).isEmpty();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !replaces) {
            throw BlobErrors.taken(to);
        }
        if (moved.folder()) {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } else if (replaces) {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            linkOnce(to, source, target);
        }
        WorkspaceFolders.sync(requireNonNull(target.getParent()));
        WorkspaceFolders.sync(requireNonNull(source.getParent()));
    }

    @Override
    public void copy(long workspaceId, BlobPath from, BlobPath to, Expected expected, String mark) throws IOException {
        Blob source = find(workspaceId, from).orElseThrow(() -> BlobErrors.missing(from));
        if (source.folder()) {
            throw BlobErrors.isFolder(from);
        }
        Path content = staging.passing();
        try (InputStream in = read(workspaceId, source, 0, source.size())) {
            Files.copy(in, content);
            prepare(workspaceId, to, content, mark).commit(expected);
        } finally {
            Files.deleteIfExists(content);
        }
    }

    @Override
    public boolean visibleToNodes() {
        return true;
    }

    @Override
    public void close() {}

    private static void requireTag(BlobPath path, Optional<Blob> there, Expected.Tagged tagged) {
        if (there.map(Blob::etag).filter(tagged.etag()::equals).isEmpty()) {
            throw BlobErrors.changed(path);
        }
    }

    private Object lock(long workspaceId, BlobPath path) {
        return locks[Math.floorMod(31 * Long.hashCode(workspaceId) + path.hashCode(), LOCKS)];
    }

    /** Empty for what is neither file nor folder, links among them. */
    private static Optional<Blob> blob(BlobPath path, Path place) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        var modified = found.lastModifiedTime().toInstant();
        if (found.isDirectory()) {
            return Optional.of(new Blob(path, true, 0, modified, ""));
        }
        if (!found.isRegularFile()) {
            return Optional.empty();
        }
        String etag = Long.toHexString(found.size())
                + "-" + Long.toHexString(modified.getEpochSecond() * 1_000_000_000L + modified.getNano())
                + "-" + Integer.toHexString(String.valueOf(found.fileKey()).hashCode());
        return Optional.of(new Blob(path, false, found.size(), modified, etag));
    }

    /** For tests of this package: where a path is. */
    Path placeOf(long workspaceId, BlobPath path) throws IOException {
        return folders.resolve(workspaceId, path);
    }

    static ApiException throughLink(BlobPath path) {
        return ApiException.invalid("The path " + path + " leads through a link");
    }
}
