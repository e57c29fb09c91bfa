package io.campanile.driver.dbfs;

import static java.util.Objects.requireNonNull;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
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

/** {@code dbfs:/x} and {@code dbfs:/Volumes/...}: the folder of the workspace's files, and nothing else of the disk. */
public final class DbfsFileSystem extends FileSystem {
    static final String SCHEME = "dbfs";
    static final URI TOP = URI.create(SCHEME + ":///");

    private static final long BLOCK = 128L * 1024 * 1024;
    private static final int BUFFER = 64 * 1024;
    private static final FsPermission FOLDER = new FsPermission((short) 0755);
    private static final FsPermission FILE = new FsPermission((short) 0644);

    private FilesRoot root = new FilesRoot(java.nio.file.Path.of("/nowhere"));
    private Path working = new Path("/");

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        if (name.getAuthority() != null) {
            throw new IOException("A path of the workspace's files begins with dbfs:/ and has no host: " + name);
        }
        setConf(conf);
        root = FilesRoot.ofThisProcess();
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
        java.nio.file.Path place = root.resolve(plain(path));
        requireFile(path, place);
        FileChannel channel = FileChannel.open(place, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        return new FSDataInputStream(new BufferedFSInputStream(new FileInput(channel, statistics), BUFFER));
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
        java.nio.file.Path place = root.resolveForWriting(plain(path));
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(path + " is a folder");
        }
        Files.createDirectories(requireNonNull(place.getParent()));
        if (overwrite) {
            // A new file, not new bytes in the old one: whoever reads that reads it to its end.
            Files.deleteIfExists(place);
        }
        try {
            return output(Files.newOutputStream(place, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), 0);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(path + " already exists");
        }
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, @Nullable Progressable progress) throws IOException {
        java.nio.file.Path place = root.resolveForWriting(plain(path));
        requireFile(path, place);
        return output(Files.newOutputStream(place, StandardOpenOption.APPEND), Files.size(place));
    }

    private FSDataOutputStream output(OutputStream out, long from) throws IOException {
        return new FSDataOutputStream(new java.io.BufferedOutputStream(out, BUFFER), statistics, from);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        java.nio.file.Path source = root.resolveForWriting(plain(from));
        java.nio.file.Path target = root.resolveForWriting(plain(to));
        if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            target = target.resolve(requireNonNull(source.getFileName()));
        }
        if (target.startsWith(source)
                || !Files.isDirectory(requireNonNull(target.getParent()), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            moveWhereNothingIs(source, target);
            return true;
        } catch (java.nio.file.FileAlreadyExistsException e) {
            return false;
        }
    }

    /** What tables are committed with: of two who rename to one name without OVERWRITE, one fails. */
    @Override
    @SuppressWarnings("deprecation") // Hadoop's own word for it in FileContext, through which it is called.
    protected void rename(Path from, Path to, Options.Rename... options) throws IOException {
        java.nio.file.Path source = root.resolveForWriting(plain(from));
        java.nio.file.Path target = root.resolveForWriting(plain(to));
        if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileNotFoundException(from + " does not exist");
        }
        if (Arrays.asList(options).contains(Options.Rename.OVERWRITE)) {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        try {
            moveWhereNothingIs(source, target);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(to + " already exists");
        }
    }

    private static void moveWhereNothingIs(java.nio.file.Path source, java.nio.file.Path target) throws IOException {
        if (Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
            Files.createLink(target, source);
            Files.delete(source);
            return;
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new java.nio.file.FileAlreadyExistsException(target.toString());
        }
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        if (plain(path).equals("/")) {
            return false;
        }
        java.nio.file.Path place = root.resolveForWriting(plain(path));
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!recursive) {
            try {
                Files.delete(place);
                return true;
            } catch (DirectoryNotEmptyException e) {
                throw new IOException(path + " is not empty", e);
            }
        }
        // Links are deleted, never followed.
        try (Stream<java.nio.file.Path> below = Files.walk(place)) {
            for (java.nio.file.Path each :
                    below.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
        return true;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        FileStatus there = getFileStatus(path);
        if (there.isFile()) {
            return new FileStatus[] {there};
        }
        List<FileStatus> entries = new ArrayList<>();
        try (DirectoryStream<java.nio.file.Path> found = Files.newDirectoryStream(root.resolve(plain(path)))) {
            for (java.nio.file.Path entry : found) {
                try {
                    entries.add(status(new Path(there.getPath(), String.valueOf(entry.getFileName())), entry));
                } catch (FileNotFoundException | IllegalArgumentException e) {
                    // A link, deleted meanwhile, or a name that is no path here (one with a colon).
                    continue;
                }
            }
        }
        return entries.toArray(FileStatus[]::new);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return status(path.makeQualified(TOP, working), root.resolve(plain(path)));
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        java.nio.file.Path place = root.resolve(plain(path));
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        Files.createDirectories(root.resolveForWriting(plain(path)));
        return true;
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

    private String plain(Path path) {
        checkPath(path);
        return path.makeQualified(TOP, working).toUri().getPath();
    }

    private static void requireFile(Path path, java.nio.file.Path place) throws IOException {
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileNotFoundException(path + " is a folder");
        }
        if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileNotFoundException("No such file or directory: " + path);
        }
    }

    private static FileStatus status(Path path, java.nio.file.Path place) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw new FileNotFoundException("No such file or directory: " + path);
        }
        if (!found.isDirectory() && !found.isRegularFile()) {
            throw new FileNotFoundException("Neither a file nor a folder: " + path);
        }
        return new FileStatus(
                found.isDirectory() ? 0 : found.size(),
                found.isDirectory(),
                1,
                BLOCK,
                found.lastModifiedTime().toMillis(),
                0,
                found.isDirectory() ? FOLDER : FILE,
                "campanile",
                "campanile",
                path);
    }
}
