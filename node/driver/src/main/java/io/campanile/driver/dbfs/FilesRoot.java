package io.campanile.driver.dbfs;

import static java.util.Objects.requireNonNull;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The folder of the workspace's files on this machine. It is a link that the agent makes when the node is given to its
 * owner, so it is looked at anew each time. No path leads out of it, and none through another link.
 */
final class FilesRoot {
    /** Set by the driver for itself; not a setting of Spark, which code in a cell could change. */
    static final String PROPERTY = "campanile.files.dir";

    private static final String VOLUMES = "Volumes";
    private static final int VOLUME_DEPTH = 4;

    private final Path link;

    FilesRoot(Path link) {
        this.link = link;
    }

    static FilesRoot ofThisProcess() {
        String folder = System.getProperty(PROPERTY);
        if (folder == null) {
            throw new IllegalStateException("This process was not told where the workspace's files are");
        }
        return new FilesRoot(Path.of(folder));
    }

    /** The place of an absolute path. */
    Path resolve(String path) throws IOException {
        Path root = root();
        Path place = root;
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
        throw new IOException("The path " + path + " leads through a link, which the workspace's files do not follow");
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
        Path volume = root().resolve(String.join("/", Arrays.copyOf(names, VOLUME_DEPTH)));
        if (!Files.isDirectory(volume, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileNotFoundException(
                    "The volume " + names[1] + "." + names[2] + "." + names[3] + " does not exist");
        }
        return place;
    }

    private Path root() throws IOException {
        if (!Files.exists(link)) {
            throw new IOException("The workspace's files cannot be reached: this cluster has no owner yet");
        }
        Path root = link.toRealPath();
        Path storage = root.resolveSibling(".storage");
        if (Files.exists(storage) && Files.readString(storage).strip().equals("s3")) {
            throw new IOException("The workspace's files are kept in S3, which clusters cannot reach yet:"
                    + " use the Files API, or workspace.storage = folder");
        }
        return root;
    }

    private static String[] names(String path) {
        String plain = path.replaceAll("/+", "/").replaceAll("^/|/$", "");
        return plain.isEmpty() ? new String[0] : plain.split("/", -1);
    }
}
