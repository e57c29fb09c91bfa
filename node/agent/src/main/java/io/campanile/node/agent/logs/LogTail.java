package io.campanile.node.agent.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A log file as it grows, also through the files that it is rolled into: {@code name.1} and so on, the last number and
 * then the name itself being the newest. Belongs to one thread.
 */
final class LogTail implements AutoCloseable {
    private static final int MOST_ROLLED = 9;

    private final Path path;
    private @Nullable FileChannel open;
    private @Nullable Object key;
    private long position;
    private boolean missing;
    private boolean missed;

    LogTail(Path path) {
        this.path = path;
    }

    /** Puts what came since into {@code room}; answers how many bytes. */
    int read(ByteBuffer room) throws IOException {
        missed = missing;
        missing = false;
        int read = readOpen(room);
        // Whoever writes less than there is room for has rolled once at most.
        while (room.hasRemaining() && rolled()) {
            read += readOpen(room);
            if (room.hasRemaining()) {
                next();
                if (missing) {
                    return read;
                }
                read += readOpen(room);
            }
        }
        return read;
    }

    /** Whether lines may have been thrown away before those that were read last. */
    boolean missed() {
        return missed;
    }

    private int readOpen(ByteBuffer room) throws IOException {
        FileChannel file = open;
        if (file == null) {
            next();
            file = open;
        }
        if (file == null) {
            return 0;
        }
        if (file.size() < position) {
            // Begun anew under its old name.
            position = 0;
        }
        int before = room.position();
        for (int some = 0; some >= 0 && room.hasRemaining(); ) {
            some = file.read(room, position);
            position += Math.max(0, some);
        }
        return room.position() - before;
    }

    /** Whether another file has the name by now. */
    private boolean rolled() throws IOException {
        if (open == null) {
            return false;
        }
        Object now = key(path);
        return now != null && !now.equals(key);
    }

    /** Goes on with the file after the one that was read, or with the oldest there is. */
    private void next() throws IOException {
        List<Path> files = new ArrayList<>();
        List<Object> keys = new ArrayList<>();
        for (int number = 1; number <= MOST_ROLLED; number++) {
            add(path.resolveSibling(path.getFileName() + "." + number), files, keys);
        }
        add(path, files, keys);
        int at = key == null ? -1 : keys.indexOf(key);
        if (key != null && at < 0) {
            missing = true;
        }
        if (at + 1 < files.size()) {
            open(files.get(at + 1), keys.get(at + 1));
        }
    }

    private static void add(Path file, List<Path> files, List<Object> keys) throws IOException {
        Object key = key(file);
        if (key != null && !keys.contains(key)) {
            files.add(file);
            keys.add(key);
        }
    }

    private void open(Path file, Object expected) throws IOException {
        FileChannel channel;
        try {
            // Code of a cell may write here: a link could lead to what is not the node's.
            channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        // It was rolled between the two looks: the next read finds it under its new name.
        if (!expected.equals(key(file))) {
            channel.close();
            return;
        }
        close();
        open = channel;
        key = expected;
        position = 0;
    }

    private static @Nullable Object key(Path file) throws IOException {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? attributes.fileKey() : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel file = open;
        if (file != null) {
            file.close();
        }
    }
}
