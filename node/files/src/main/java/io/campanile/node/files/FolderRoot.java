package io.campanile.node.files;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The folder of the workspace's files on this machine. It may be a link that the agent makes when the node is given to
 * its owner, so it is looked at anew each time. No path leads out of it, and none through another link.
 */
final class FolderRoot {
    private static final String VOLUMES = "Volumes";
    private static final int VOLUME_DEPTH = 4;

    private final Path link;

    FolderRoot(Path link) {
        this.link = requireNonNull(link, "link");
    }

    Path real() throws IOException {
        if (!Files.exists(link)) {
            throw new IOException("The workspace's files cannot be reached: this cluster has no owner yet");
        }
        return link.toRealPath();
    }

    /** Whether the workspace's files are elsewhere: the service writes where, beside the folders of all workspaces. */
    boolean isInBucket() throws IOException {
        Path storage = real().resolveSibling(".storage");
        try {
            return Files.readString(storage).strip().equals("s3");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The place of an absolute path. */
    Path resolve(String path) throws IOException {
        Path place = real();
        for (String name : names(path)) {
            if (name.equals("..") || name.equals(".") || name.indexOf('\0') >= 0) {
                throw new IOException("The path " + path + " leads outside the workspace's files");
            }
            place = place.resolve(name);
        }
        Path existing = place;
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = requireNonNull(existing.getParent());
        }
        try {
            if (existing.toRealPath().equals(existing)) {
                return place;
            }
        } catch (NoSuchFileException e) {
            if (!Files.isSymbolicLink(existing)) {
                return place;
            }
        }
        throw new IOException("The path " + path + " leads outside the workspace's files, through a link");
    }

    /** The place of a path that is to be written: below {@code /Volumes} there is room in volumes alone. */
    Path resolveForWriting(String path) throws IOException {
        Path place = resolve(path);
        String[] names = names(path);
        if (names.length == 0 || !names[0].equals(VOLUMES)) {
            return place;
        }
        if (names.length <= VOLUME_DEPTH) {
            throw new IOException("The path " + path
                    + " cannot be written: volumes are made, renamed and deleted through the catalog");
        }
        Path volume = real().resolve(String.join("/", Arrays.copyOf(names, VOLUME_DEPTH)));
        if (!Files.isDirectory(volume, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(
                    path, null, "The volume " + names[1] + "." + names[2] + "." + names[3] + " does not exist");
        }
        return place;
    }

    private static String[] names(String path) {
        String plain = path.replaceAll("/+", "/").replaceAll("^/|/$", "");
        return plain.isEmpty() ? new String[0] : plain.split("/", -1);
    }
}
