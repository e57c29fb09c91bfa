package io.campanile.node.agent.usage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** How much is in a folder. */
final class FolderSize {
    /** Enough to say that it is a lot. */
    private static final int MOST_FILES = 200_000;

    private FolderSize() {}

    /** Bytes of its files; what links lead to is elsewhere, and what goes while it is counted does not count. */
    static long of(Path folder) throws IOException {
        var counter = new Counter();
        Files.walkFileTree(folder, counter);
        return counter.bytes;
    }

    private static final class Counter extends SimpleFileVisitor<Path> {
        private long bytes;
        private int files;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.isRegularFile() ? attributes.size() : 0;
            return ++files < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, IOException failure) {
            return FileVisitResult.CONTINUE;
        }
    }
}
