package io.campanile.notebooks.results;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Removes results whose run is no longer kept, and drafts that an upload left when it broke off. */
public final class ResultSweep {
    private static final int AT_ONCE = 100;

    private final ResultStore store;
    private final Path blobs;

    public ResultSweep(ResultStore store, Path blobs) {
        this.store = requireNonNull(store, "store");
        this.blobs = requireNonNull(blobs, "blobs");
    }

    /** How many results went; drafts written before {@code draftsBefore} go too. */
    public int sweep(Instant draftsBefore) {
        int removed = 0;
        List<StoredResult> unused;
        do {
            unused = store.withoutRun(AT_ONCE);
            unused.forEach(this::remove);
            removed += unused.size();
        } while (unused.size() == AT_ONCE);
        drafts(draftsBefore);
        return removed;
    }

    /** The file first: what a crash leaves is then still in the list of the next sweep. */
    private void remove(StoredResult result) {
        try {
            Files.deleteIfExists(ResultFiles.of(blobs, result.workspaceId(), result.resultId()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store.delete(result.workspaceId(), result.resultId());
    }

    private void drafts(Instant before) {
        if (!Files.isDirectory(blobs)) {
            return;
        }
        try (DirectoryStream<Path> workspaces = Files.newDirectoryStream(blobs, Files::isDirectory)) {
            for (Path workspace : workspaces) {
                draftsOf(workspace.resolve(ResultFiles.FOLDER), before);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void draftsOf(Path folder, Instant before) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, "*.tmp")) {
            for (Path draft : drafts) {
                try {
                    if (Files.getLastModifiedTime(draft).toInstant().isBefore(before)) {
                        Files.deleteIfExists(draft);
                    }
                } catch (NoSuchFileException alreadyGone) {
                    // Its upload ended meanwhile.
                }
            }
        }
    }
}
