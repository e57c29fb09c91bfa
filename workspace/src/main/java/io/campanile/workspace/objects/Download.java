package io.campanile.workspace.objects;

import io.campanile.common.spool.Spool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Something on its way out: whoever takes it reads {@code content} to its end or closes it.
 *
 * @param fileType as {@code file_type} says it; empty where there is none
 */
record Download(String name, String fileType, long length, InputStream content) {
    static Download of(String name, String fileType, byte[] content) {
        return new Download(name, fileType, content.length, new ByteArrayInputStream(content));
    }

    /** What has been spooled; the name of its file goes at once, the bytes when they have been read. */
    static Download of(String name, String fileType, Spool content) throws IOException {
        return content.file().isPresent()
                ? of(name, fileType, content.file().get())
                : of(name, fileType, content.bytes());
    }

    /** The same of a file. */
    static Download of(String name, String fileType, Path file) throws IOException {
        long length = Files.size(file);
        return new Download(
                name,
                fileType,
                length,
                Files.newInputStream(file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE));
    }
}
