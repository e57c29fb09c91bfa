package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** From paths of a workspace to places on the disk, never through a link: cells can make links, and volumes have owners. */
final class WorkspaceFolders {
    private final Path root;

    WorkspaceFolders(Path root) {
        this.root = requireNonNull(root, "root").toAbsolutePath().normalize();
    }

    /** The place of a path; refused when something above it is no folder. */
    Path resolve(long workspaceId, BlobPath path) throws IOException {
        Path top = top(workspaceId);
        Path place = top;
        for (String name : path.segments()) {
            place = place.resolve(name);
        }
        Path existing = place;
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = requireNonNull(existing.getParent());
        }
        requireReal(path, existing);
        boolean above = !existing.equals(place);
        if (above && !Files.isDirectory(existing, LinkOption.NOFOLLOW_LINKS)) {
            throw BlobErrors.isFile(at(path, top, existing));
        }
        return place;
    }

    /** Whole components are compared, and what is real must be what was asked for. */
    private static void requireReal(BlobPath path, Path existing) throws IOException {
        try {
            if (!existing.toRealPath().equals(existing)) {
                throw FolderBlobs.throughLink(path);
            }
        } catch (NoSuchFileException e) {
            // A link to nothing, or something that is just being deleted.
            if (Files.isSymbolicLink(existing)) {
                throw FolderBlobs.throughLink(path);
            }
        }
    }

    /** Makes a folder and those above it, so that a crash does not lose them again. */
    void make(long workspaceId, BlobPath path) throws IOException {
        Path place = resolve(workspaceId, path);
        Path top = top(workspaceId);
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path made = top;
        for (String name : path.segments()) {
            made = made.resolve(name);
            try {
                Files.createDirectory(made);
                sync(requireNonNull(made.getParent()));
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)) {
                    throw made.equals(place) ? BlobErrors.taken(path) : BlobErrors.isFile(at(path, top, made));
                }
            }
        }
    }

    private Path top(long workspaceId) throws IOException {
        Path top = root.resolve(Long.toString(workspaceId));
        Files.createDirectories(top);
        return top.toRealPath();
    }

    private static BlobPath at(BlobPath path, Path top, Path place) {
        return new BlobPath(path.segments().subList(0, place.getNameCount() - top.getNameCount()));
    }

    /** A name is on the disk when its folder is. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (NoSuchFileException e) {
            // Deleted meanwhile, and with it what was to be kept.
        }
    }
}
