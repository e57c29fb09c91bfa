package io.campanile.workspace.objects;

import static io.campanile.workspace.Hostile.takenOrRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.campanile.workspace.archives.Archive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class ArchiveFuzzTest {
    private static final WorkspacePath BASE = WorkspacePath.parse("/Shared/x");
    private static final long LIMIT = 1 << 20;

    /** What an import does with an archive before it writes anything. */
    @FuzzTest
    void archives(byte[] input) throws Exception {
        Path file = Files.createTempFile("archive", ".zip");
        try {
            Files.write(file, input);
            takenOrRefused(() -> plan(file, true));
            takenOrRefused(() -> plan(file, false));
        } finally {
            Files.delete(file);
        }
    }

    private static void plan(Path file, boolean dbc) throws IOException {
        try (Archive archive = Archive.open(file)) {
            for (ArchivePlan.Item item : ArchivePlan.of(archive, dbc, BASE)) {
                WorkspacePath place = WorkspacePath.parse(BASE + "/" + item.shown());
                assertThat(place.segments().subList(0, BASE.depth())).isEqualTo(BASE.segments());
                assertThat(place.depth())
                        .isEqualTo(BASE.depth() + item.segments().size());
                if (item.type() == ObjectType.NOTEBOOK) {
                    Path draft = file.resolveSibling(file.getFileName() + ".draft");
                    ArchiveImport.notebook(archive, item, () -> draft, (notebook, kept) -> notebook.each(cell -> {}));
                } else if (item.entry() != null) {
                    assertThat(archive.bytes(item.entry(), LIMIT)).hasSizeLessThanOrEqualTo((int) LIMIT);
                }
            }
        }
    }
}
