package io.campanile.kernel.notebook;

import static java.util.Objects.requireNonNull;

import io.campanile.kernel.cells.StopCheck;
import io.campanile.node.files.FileEntry;
import io.campanile.node.files.OpenFile;
import io.campanile.node.files.WorkspaceFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** {@code dbutils.fs()}: the files of the workspace, the same that Spark's {@code dbfs:} finds. */
public final class Files {
    private static final int HEAD_BYTES = 65536;

    private final WorkspaceFiles files;

    Files(WorkspaceFiles files) {
        this.files = requireNonNull(files, "files");
    }

    public List<FileInfo> ls(String path) {
        String plain = PlainPath.of(path);
        return call(path, () -> {
            FileEntry there = stat(plain);
            return there.folder() ? files.list(plain).stream().map(Files::info).toList() : List.of(info(there));
        });
    }

    public boolean mkdirs(String path) {
        String plain = PlainPath.of(path);
        return call(path, () -> {
            files.makeFolders(plain);
            return true;
        });
    }

    public boolean put(String path, String contents) {
        return put(path, contents, false);
    }

    public boolean put(String path, String contents, boolean overwrite) {
        String plain = PlainPath.of(path);
        return call(path, () -> {
            try (OutputStream out = files.create(plain, overwrite)) {
                out.write(contents.getBytes(StandardCharsets.UTF_8));
            }
            return true;
        });
    }

    public String head(String path) {
        return head(path, HEAD_BYTES);
    }

    public String head(String path, int maxBytes) {
        String plain = PlainPath.of(path);
        return call(path, () -> {
            try (OpenFile file = files.open(plain)) {
                byte[] bytes = new byte[(int) Math.min(file.size(), maxBytes)];
                int read = 0;
                while (read < bytes.length) {
                    int more = file.read(read, bytes, read, bytes.length - read);
                    if (more < 0) {
                        break;
                    }
                    read += more;
                }
                return new String(bytes, 0, read, StandardCharsets.UTF_8);
            }
        });
    }

    public boolean cp(String from, String to) {
        return cp(from, to, false);
    }

    public boolean cp(String from, String to, boolean recurse) {
        String source = PlainPath.of(from);
        String target = PlainPath.of(to);
        return call(from, () -> {
            FileEntry there = stat(source);
            if (!there.folder()) {
                copyFile(source, into(there, target));
                return true;
            }
            if (!recurse) {
                throw new IllegalArgumentException("Cannot copy the directory " + from + " without recurse=true");
            }
            if (PlainPath.startsWith(target, source)) {
                throw new IllegalArgumentException("Cannot copy the directory " + from + " into itself");
            }
            copyFolder(source, target);
            return true;
        });
    }

    public boolean mv(String from, String to) {
        return mv(from, to, false);
    }

    public boolean mv(String from, String to, boolean recurse) {
        String source = PlainPath.of(from);
        String target = PlainPath.of(to);
        return call(from, () -> {
            FileEntry there = stat(source);
            if (there.folder() && !recurse) {
                throw new IllegalArgumentException("Cannot move the directory " + from + " without recurse=true");
            }
            String place = into(there, target);
            if (!PlainPath.parent(place).equals("/")) {
                files.makeFolders(PlainPath.parent(place));
            }
            files.rename(source, place, !there.folder());
            return true;
        });
    }

    public boolean rm(String path) {
        return rm(path, false);
    }

    public boolean rm(String path, boolean recurse) {
        String plain = PlainPath.of(path);
        if (plain.equals("/")) {
            throw new IllegalArgumentException("The root folder cannot be removed");
        }
        return call(path, () -> files.delete(plain, recurse));
    }

    private FileEntry stat(String path) throws IOException {
        return files.find(path).orElseThrow(() -> new NoSuchFileException(path));
    }

    private void copyFolder(String source, String target) throws IOException {
        files.makeFolders(target);
        for (FileEntry entry : files.list(source)) {
            String copy = PlainPath.child(target, entry.name());
            if (entry.folder()) {
                copyFolder(entry.path(), copy);
            } else {
                copyFile(entry.path(), copy);
            }
        }
    }

    private void copyFile(String source, String target) throws IOException {
        if (source.equals(target)) {
            throw new IllegalArgumentException("Cannot copy the file " + source + " to itself");
        }
        StopCheck.check();
        files.copy(source, target);
    }

    /** A target that is a folder takes the file under its own name. */
    private String into(FileEntry source, String target) throws IOException {
        boolean folder = files.find(target).filter(FileEntry::folder).isPresent();
        return folder && !source.folder() ? PlainPath.child(target, source.name()) : target;
    }

    private static FileInfo info(FileEntry entry) {
        String slash = entry.folder() ? "/" : "";
        return new FileInfo("dbfs:" + entry.path() + slash, entry.name() + slash, entry.size(), entry.modifiedAt());
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
            throw new UncheckedIOException(
                    e.getReason() == null ? "No such file or directory: " + path : path + ": " + e.getReason(), e);
        } catch (FileAlreadyExistsException e) {
            throw new UncheckedIOException(path + " already exists (pass overwrite=true to replace it)", e);
        } catch (DirectoryNotEmptyException e) {
            throw new UncheckedIOException(path + " is not empty (pass recurse=true)", e);
        } catch (AccessDeniedException e) {
            throw new SecurityException(path + ": " + e.getReason(), e);
        } catch (InterruptedIOException e) {
            StopCheck.check();
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            String said = String.valueOf(e.getMessage());
            throw new UncheckedIOException(said.contains(path) ? said : path + ": " + said, e);
        }
    }
}
