package io.campanile.workspace.blobs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names in a folder of the disk. */
final class FolderNames {
    private FolderNames() {}

    /** All that come after {@code name}, sorted; none of a folder that is not there. */
    static List<String> after(Path folder, @Nullable String name) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String found = String.valueOf(entry.getFileName());
                // What a cell made under a name that cannot be asked for is not shown either.
                if ((name == null || found.compareTo(name) > 0) && BlobPath.isName(found)) {
                    names.add(found);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        names.sort(null);
        return names;
    }
}
