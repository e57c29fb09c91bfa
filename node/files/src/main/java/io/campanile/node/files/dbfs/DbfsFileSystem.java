package io.campanile.node.files.dbfs;

import io.campanile.node.files.FileEntry;
import io.campanile.node.files.WorkspaceFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BufferedFSInputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/** {@code dbfs:/x} and {@code dbfs:/Volumes/...}: the files of the workspace, and nothing else of the disk. */
public final class DbfsFileSystem extends FileSystem {
    static final String SCHEME = "dbfs";
    static final URI TOP = URI.create(SCHEME + ":///");

    private static final long BLOCK = 128L * 1024 * 1024;
    private static final int BUFFER = 64 * 1024;
    private static final FsPermission FOLDER = new FsPermission((short) 0755);
    private static final FsPermission FILE = new FsPermission((short) 0644);

    private WorkspaceFiles files = DbfsSettings.nowhere();
    private Path working = new Path("/");

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        if (name.getAuthority() != null) {
            throw new IOException("A path of the workspace's files begins with dbfs:/ and has no host: " + name);
        }
        setConf(conf);
        files = DbfsSettings.files();
        working = new Path(TOP.toString());
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return TOP;
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return Refusals.translated(
                path,
                () -> new FSDataInputStream(
                        new BufferedFSInputStream(new FileInput(files.open(plain(path)), statistics), BUFFER)));
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            @Nullable Progressable progress)
            throws IOException {
        return Refusals.translated(path, () -> output(path, files.create(plain(path), overwrite), 0));
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, @Nullable Progressable progress) throws IOException {
        return Refusals.translated(path, () -> {
            FileStatus there = getFileStatus(path);
            return output(path, files.append(plain(path)), there.getLen());
        });
    }

    private FSDataOutputStream output(Path path, OutputStream out, long from) throws IOException {
        return new FSDataOutputStream(
                new java.io.BufferedOutputStream(new FileOutput(path, out), BUFFER), statistics, from);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        String source = plain(from);
        String target = plain(to);
        if (files.find(source).isEmpty()) {
            return false;
        }
        if (isFolder(target)) {
            target = (target.equals("/") ? "" : target) + source.substring(source.lastIndexOf('/'));
        }
        if (target.equals(source) || target.startsWith(source + "/") || !isFolder(parent(target))) {
            return false;
        }
        String place = target;
        try {
            Refusals.translated(from, () -> {
                files.rename(source, place, false);
                return true;
            });
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** What tables are committed with: of two who rename to one name without OVERWRITE, one fails. */
    @Override
    @SuppressWarnings("deprecation") // Hadoop's own word for it in FileContext, through which it is called.
    protected void rename(Path from, Path to, Options.Rename... options) throws IOException {
        boolean overwrite = Arrays.asList(options).contains(Options.Rename.OVERWRITE);
        if (files.find(plain(from)).isEmpty()) {
            throw new FileNotFoundException(from + " does not exist");
        }
        Refusals.translated(to, () -> {
            files.rename(plain(from), plain(to), overwrite);
            return true;
        });
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        String plain = plain(path);
        return !plain.equals("/") && Refusals.translated(path, () -> files.delete(plain, recursive));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        FileStatus there = getFileStatus(path);
        if (there.isFile()) {
            return new FileStatus[] {there};
        }
        List<FileStatus> entries = new ArrayList<>();
        for (FileEntry entry : Refusals.translated(path, () -> files.list(plain(path)))) {
            try {
                entries.add(status(new Path(there.getPath(), entry.name()), entry));
            } catch (IllegalArgumentException e) {
                // A name that is no path here (one with a colon).
                continue;
            }
        }
        return entries.toArray(FileStatus[]::new);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        Optional<FileEntry> found = Refusals.translated(path, () -> files.find(plain(path)));
        return status(
                path.makeQualified(TOP, working),
                found.orElseThrow(() -> new FileNotFoundException("No such file or directory: " + path)));
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        return Refusals.translated(path, () -> {
            files.makeFolders(plain(path));
            return true;
        });
    }

    @Override
    public void setWorkingDirectory(Path folder) {
        working = folder.makeQualified(TOP, working);
    }

    @Override
    public Path getWorkingDirectory() {
        return working;
    }

    @Override
    public long getDefaultBlockSize(Path path) {
        return BLOCK;
    }

    private boolean isFolder(String path) throws IOException {
        return files.find(path).filter(FileEntry::folder).isPresent();
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    private String plain(Path path) {
        checkPath(path);
        return path.makeQualified(TOP, working).toUri().getPath();
    }

    private static FileStatus status(Path path, FileEntry entry) {
        return new FileStatus(
                entry.size(),
                entry.folder(),
                1,
                BLOCK,
                entry.modifiedAt(),
                0,
                entry.folder() ? FOLDER : FILE,
                "campanile",
                "campanile",
                path);
    }
}
