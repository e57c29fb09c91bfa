package io.campanile.workspace.blobs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.service.Folders;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Where contents are until they are whole: beside the workspaces' folders, so that a rename takes them to their place,
 * and outside of what nodes see.
 */
public final class Staging {
    private static final String PASSING = "passing-";

    private final Path folder;

    /** {@code files}: the folder in which each workspace has its own. */
    public Staging(Path files) throws IOException {
        folder = requireNonNull(files, "files").resolve(".staging");
        Files.createDirectories(folder);
    }

    /** A name for what nobody asks for after a crash. */
    public Path passing() {
        return folder.resolve(PASSING + UUID.randomUUID());
    }

    /** The content of something that is remembered elsewhere. */
    public Path kept(String name) {
        return folder.resolve(name);
    }

    /** Deletes what a crash left; {@code known} says which names somebody remembers. Before anything is staged. */
    public void sweep(Predicate<String> known) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (name.startsWith(PASSING) || !known.test(name)) {
                    Folders.delete(entry);
                }
            }
        }
    }
}
