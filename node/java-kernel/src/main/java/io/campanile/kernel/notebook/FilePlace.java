package io.campanile.kernel.notebook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** From paths in the workspace to places in its folder, the same as Spark's {@code dbfs:} finds. */
final class FilePlace {
    private static final String SCHEME = "dbfs:";
    private static final String VOLUMES = "Volumes";
    private static final int VOLUME_DEPTH = 4;

    private final Path root;

    FilePlace(Path root) {
        this.root = root;
    }

    /** Paths are absolute in the workspace, with or without {@code dbfs:}. Links may not lead outside either. */
    Path of(String path) {
        requireFolder();
        String plain = path.startsWith(SCHEME) ? path.substring(SCHEME.length()) : path;
        while (plain.startsWith("/")) {
            plain = plain.substring(1);
        }
        Path resolved = root.resolve(plain).normalize();
        Path existing = resolved;
        while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        try {
            boolean inside = resolved.startsWith(root);
            if (inside && existing != null && existing.startsWith(root)) {
                inside = existing.toRealPath().startsWith(root.toRealPath());
            }
            if (inside) {
                return resolved;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot resolve " + path, e);
        }
        throw new IllegalArgumentException("The path " + path + " leads outside the workspace's files");
    }

    /** A place to make, change or remove something: below {@code /Volumes} that is in volumes alone. */
    Path forWriting(String path) {
        Path place = of(path);
        Path relative = root.relativize(place);
        if (!relative.startsWith(VOLUMES)) {
            return place;
        }
        if (relative.getNameCount() <= VOLUME_DEPTH) {
            throw new IllegalArgumentException("The path " + path
                    + " cannot be written: volumes are made, renamed and deleted through the catalog");
        }
        Path volume = relative.subpath(0, VOLUME_DEPTH);
        if (!Files.isDirectory(root.resolve(volume), LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalArgumentException("The volume /" + volume + " does not exist");
        }
        return place;
    }

    private void requireFolder() {
        Path storage = root.resolveSibling(".storage");
        try {
            if (Files.exists(storage) && Files.readString(storage).strip().equals("s3")) {
                throw new UnsupportedOperationException("The workspace's files are kept in S3, which clusters cannot"
                        + " reach yet: use the Files API, or workspace.storage = folder");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot tell where files are kept", e);
        }
    }
}
