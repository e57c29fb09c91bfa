package io.campanile.common.spool;

import static java.util.Objects.requireNonNull;

import io.campanile.common.service.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Where a service has its spools. Nobody asks for one after a crash: the folder begins empty. */
public final class SpoolFolder {
    private final Path folder;

    public SpoolFolder(Path folder) throws IOException {
        this.folder = requireNonNull(folder, "folder");
        Folders.delete(folder);
        Files.createDirectories(folder);
    }

    /** A name that nothing has yet. */
    public Path next() {
        return folder.resolve(UUID.randomUUID().toString());
    }
}
