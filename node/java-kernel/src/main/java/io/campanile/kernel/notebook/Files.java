package io.campanile.kernel.notebook;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** {@code dbutils.fs()}: the files of the workspace, below one folder and never outside it. */
public final class Files {
    private static final int HEAD_BYTES = 65536;
    private final Path root;
    private final FilePlace place;

    Files(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.place = new FilePlace(this.root);
    }

    public List<FileInfo> ls(String path) {
        Path folder = place.of(path);
        return call(path, () -> {
            if (java.nio.file.Files.isRegularFile(folder)) {
                return List.of(info(folder));
            }
            try (Stream<Path> entries = java.nio.file.Files.list(folder)) {
                return entries.sorted().map(this::infoUnchecked).toList();
            }
        });
    }

    public boolean mkdirs(String path) {
        Path folder = place.forWriting(path);
        return call(path, () -> {
            java.nio.file.Files.createDirectories(folder);
            return true;
        });
    }

    public boolean put(String path, String contents) {
        return put(path, contents, false);
    }

    public boolean put(String path, String contents, boolean overwrite) {
        Path file = place.forWriting(path);
        return call(path, () -> {
            createParent(file);
            if (overwrite) {
                // A new file, not new bytes in the old one: whoever reads that reads it to its end.
                java.nio.file.Files.deleteIfExists(file);
            }
            java.nio.file.Files.writeString(file, contents, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            return true;
        });
    }

    public String head(String path) {
        return head(path, HEAD_BYTES);
    }

    public String head(String path, int maxBytes) {
        Path file = place.of(path);
        return call(path, () -> {
            try (InputStream in = java.nio.file.Files.newInputStream(file)) {
                return new String(in.readNBytes(maxBytes), StandardCharsets.UTF_8);
            }
        });
    }

    public boolean cp(String from, String to) {
        return cp(from, to, false);
    }

    public boolean cp(String from, String to, boolean recurse) {
        Path source = place.of(from);
        Path target = into(source, place.forWriting(to));
        return call(from, () -> {
            copy(from, source, target, recurse);
            return true;
        });
    }

    public boolean mv(String from, String to) {
        return mv(from, to, false);
    }

    public boolean mv(String from, String to, boolean recurse) {
        Path source = place.forWriting(from);
        Path target = into(source, place.forWriting(to));
        return call(from, () -> {
            if (java.nio.file.Files.isDirectory(source) && !recurse) {
                throw new IllegalArgumentException("Cannot move the directory " + from + " without recurse=true");
            }
            createParent(target);
            java.nio.file.Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
            return true;
        });
    }

    public boolean rm(String path) {
        return rm(path, false);
    }

    public boolean rm(String path, boolean recurse) {
        Path file = place.of(path);
        if (file.equals(root)) {
            throw new IllegalArgumentException("The root folder cannot be removed");
        }
        place.forWriting(path);
        return call(path, () -> {
            if (!java.nio.file.Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            try (Stream<Path> below = recurse ? java.nio.file.Files.walk(file) : Stream.of(file)) {
                for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
                    java.nio.file.Files.delete(each);
                }
            }
            return true;
        });
    }

    private void copy(String name, Path source, Path target, boolean recurse) throws IOException {
        if (!java.nio.file.Files.isDirectory(source)) {
            createParent(target);
            java.nio.file.Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        if (!recurse) {
            throw new IllegalArgumentException("Cannot copy the directory " + name + " without recurse=true");
        }
        if (target.startsWith(source)) {
            throw new IllegalArgumentException("Cannot copy the directory " + name + " into itself");
        }
        try (Stream<Path> below = java.nio.file.Files.walk(source)) {
            for (Path each : below.toList()) {
                Path copy = target.resolve(source.relativize(each).toString());
                if (java.nio.file.Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    java.nio.file.Files.createDirectories(copy);
                } else {
                    java.nio.file.Files.copy(
                            each, copy, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
    }

    private static void createParent(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            java.nio.file.Files.createDirectories(parent);
        }
    }

    /** A target that is a folder takes the file under its own name. */
    private static Path into(Path source, Path target) {
        Path name = source.getFileName();
        return java.nio.file.Files.isDirectory(target) && java.nio.file.Files.isRegularFile(source) && name != null
                ? target.resolve(name)
                : target;
    }

    private FileInfo infoUnchecked(Path file) {
        try {
            return info(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FileInfo info(Path file) throws IOException {
        boolean folder = java.nio.file.Files.isDirectory(file);
        String slash = folder ? "/" : "";
        return new FileInfo(
                "dbfs:/" + root.relativize(file) + slash,
                file.getFileName() + slash,
                folder ? 0 : java.nio.file.Files.size(file),
                java.nio.file.Files.getLastModifiedTime(file).toMillis());
    }

    /** What a cell shows that asks for the utility alone. */
    @Override
    public String toString() {
        return "dbutils.fs(): ls, mkdirs, put, head, cp, mv, rm";
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    /** Cells would have to declare checked exceptions; the messages name the path the user wrote. */
    private static <T> T call(String path, Work<T> work) {
        try {
            return work.run();
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("No such file or directory: " + path, e);
        } catch (FileAlreadyExistsException e) {
            throw new UncheckedIOException(path + " already exists (pass overwrite=true to replace it)", e);
        } catch (DirectoryNotEmptyException e) {
            throw new UncheckedIOException(path + " is not empty (pass recurse=true)", e);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + e.getMessage(), e);
        }
    }
}
