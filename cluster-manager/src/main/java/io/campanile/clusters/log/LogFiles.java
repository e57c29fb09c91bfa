package io.campanile.clusters.log;

import io.campanile.common.service.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of logs: {@code <data-dir>/logs/<workspace>/<cluster>/<node>/<stream>/<number>}, files of so many bytes each,
 * of which the oldest can be thrown away. How much of them counts, the database says.
 */
public final class LogFiles {
    private final Path root;
    private final long segment;

    public LogFiles(Path dataDir, long segment) {
        this.root = dataDir.resolve("logs");
        this.segment = segment;
    }

    /** A part of a file. */
    record Part(Path file, long from, long bytes) {}

    long segment() {
        return segment;
    }

    /** Writes at an offset, over what may be there of an attempt that was not told of. */
    void write(NodeLog.Key key, long offset, byte[] bytes) throws IOException {
        for (Part part : parts(key, offset, offset + bytes.length)) {
            Files.createDirectories(
                    part.file().getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (FileChannel file =
                    FileChannel.open(part.file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                int at = (int) (number(part) * segment + part.from() - offset);
                ByteBuffer piece = ByteBuffer.wrap(bytes, at, (int) part.bytes());
                for (long to = part.from(); piece.hasRemaining(); ) {
                    to += file.write(piece, to);
                }
            }
        }
    }

    /** The bytes from one offset to another; fewer when the disk has lost some. */
    byte[] read(NodeLog.Key key, long from, long to) throws IOException {
        ByteBuffer room = ByteBuffer.allocate((int) (to - from));
        for (Part part : parts(key, from, to)) {
            int end = room.position() + (int) part.bytes();
            room.limit(end);
            try (FileChannel file = FileChannel.open(part.file(), StandardOpenOption.READ)) {
                long at = part.from();
                for (int some = 0; some >= 0 && room.hasRemaining(); at += Math.max(0, some)) {
                    some = file.read(room, at);
                }
            } catch (NoSuchFileException e) {
                break;
            }
            if (room.position() < end) {
                break;
            }
        }
        return Arrays.copyOf(room.array(), room.position());
    }

    /** Where the bytes from one offset to another are. */
    List<Part> parts(NodeLog.Key key, long from, long to) {
        List<Part> parts = new ArrayList<>();
        for (long at = from; at < to; ) {
            long end = Math.min(to, (at / segment + 1) * segment);
            parts.add(new Part(folder(key).resolve(Long.toString(at / segment)), at % segment, end - at));
            at = end;
        }
        return parts;
    }

    /** Deletes the files that hold nothing from {@code offset} on. */
    void deleteBefore(NodeLog.Key key, long first, long offset) throws IOException {
        for (long number = first / segment; number < offset / segment; number++) {
            Files.deleteIfExists(folder(key).resolve(Long.toString(number)));
        }
    }

    /** Deletes a log, and the folders above it that are empty by that. */
    void delete(NodeLog.Key key) throws IOException {
        Folders.delete(folder(key));
        Path cluster = root.resolve(Long.toString(key.workspaceId())).resolve(key.clusterId());
        for (Path above : List.of(cluster.resolve(key.nodeId()), cluster)) {
            if (isEmpty(above)) {
                Files.deleteIfExists(above);
            }
        }
    }

    /** Deletes all logs of a workspace. */
    public void deleteAll(long workspaceId) throws IOException {
        Folders.delete(root.resolve(Long.toString(workspaceId)));
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private static long number(Part part) {
        return Long.parseLong(String.valueOf(part.file().getFileName()));
    }

    private Path folder(NodeLog.Key key) {
        return root.resolve(Long.toString(key.workspaceId()))
                .resolve(key.clusterId())
                .resolve(key.nodeId())
                .resolve(key.stream());
    }
}
