package io.campanile.node.files;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files in a folder of this machine, which the workspace service has as well: read and written directly. */
final class FolderFiles implements WorkspaceFiles {
    private final FolderRoot root;

    FolderFiles(FolderRoot root) {
        this.root = requireNonNull(root, "root");
    }

    @Override
    public Optional<FileEntry> find(String path) throws IOException {
        return entry(path, root.resolve(path));
    }

    @Override
    public List<FileEntry> list(String path) throws IOException {
        List<FileEntry> entries = new ArrayList<>();
        String above = path.equals("/") ? "" : path;
        try (DirectoryStream<Path> found = Files.newDirectoryStream(root.resolve(path))) {
            for (Path each : found) {
                entry(above + "/" + each.getFileName(), each).ifPresent(entries::add);
            }
        }
        entries.sort(Comparator.comparing(FileEntry::name));
        return entries;
    }

    @Override
    public OpenFile open(String path) throws IOException {
        Path place = root.resolve(path);
        requireFile(path, place);
        return new ChannelFile(FileChannel.open(place, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    @Override
    public OutputStream create(String path, boolean overwrite) throws IOException {
        Path place = root.resolveForWriting(path);
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path, null, path + " is a folder");
        }
        Files.createDirectories(requireNonNull(place.getParent()));
        if (overwrite) {
            // A new file, not new bytes in the old one: whoever reads that reads it to its end.
            Files.deleteIfExists(place);
        }
        return Files.newOutputStream(place, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public OutputStream append(String path) throws IOException {
        Path place = root.resolveForWriting(path);
        requireFile(path, place);
        return Files.newOutputStream(place, StandardOpenOption.APPEND);
    }

    @Override
    public void makeFolders(String path) throws IOException {
        if (!Files.isDirectory(root.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(root.resolveForWriting(path));
        }
    }

    @Override
    public boolean delete(String path, boolean recursive) throws IOException {
        Path place = root.resolveForWriting(path);
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!recursive) {
            Files.delete(place);
            return true;
        }
        // Links are deleted, never followed.
        try (Stream<Path> below = Files.walk(place)) {
            for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
        return true;
    }

    @Override
    public void rename(String from, String to, boolean overwrite) throws IOException {
        Path source = root.resolveForWriting(from);
        Path target = root.resolveForWriting(to);
        if (overwrite) {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        if (Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
            // Of two who rename to one name, one fails.
            Files.createLink(target, source);
            Files.delete(source);
            return;
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(to);
        }
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void copy(String from, String to) throws IOException {
        Path source = root.resolve(from);
        requireFile(from, source);
        Path target = root.resolveForWriting(to);
        Files.createDirectories(requireNonNull(target.getParent()));
        Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
    }

    private static void requireFile(String path, Path place) throws IOException {
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(path, null, path + " is a folder");
        }
        if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(path);
        }
    }

    /** Empty for what is neither file nor folder, links among them. */
    private static Optional<FileEntry> entry(String path, Path place) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!found.isDirectory() && !found.isRegularFile()) {
            return Optional.empty();
        }
        boolean folder = found.isDirectory();
        return Optional.of(new FileEntry(
                path,
                folder,
                folder ? 0 : found.size(),
                found.lastModifiedTime().toMillis()));
    }
}
