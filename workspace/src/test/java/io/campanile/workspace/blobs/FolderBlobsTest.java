package io.campanile.workspace.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.errors.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a folder, and what only a folder can suffer. */
final class FolderBlobsTest extends BlobStoreContract {
    private Path root;
    private FolderBlobs blobs;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        root = Files.createDirectories(folder.resolve("files"));
        Files.writeString(folder.resolve("outside"), "secret");
        blobs = new FolderBlobs(root, new Staging(root));
    }

    @Override
    BlobStore store() {
        return blobs;
    }

    @Test
    void linksLeadNowhere() throws IOException {
        blobs.makeFolders(1, path("/links/inside"));
        put(path("/links/inside/f"), "x", Expected.ANYTHING);
        Path folder = root.resolve("1/links");
        Files.createSymbolicLink(folder.resolve("out"), root.resolve(".."));
        Files.createSymbolicLink(folder.resolve("in"), folder.resolve("inside"));
        Files.createSymbolicLink(folder.resolve("file"), root.resolve("../outside"));
        Files.createSymbolicLink(folder.resolve("none"), folder.resolve("not there"));

        for (String bad :
                new String[] {"/links/out/outside", "/links/in/f", "/links/file", "/links/none", "/links/out"}) {
            refused(() -> blobs.find(1, path(bad)), ErrorCode.INVALID_PARAMETER_VALUE);
            refused(() -> put(path(bad), "y", Expected.ANYTHING), ErrorCode.INVALID_PARAMETER_VALUE);
            refused(() -> blobs.deleteFile(1, path(bad), Expected.ANYTHING), ErrorCode.INVALID_PARAMETER_VALUE);
        }
        assertThat(blobs.list(1, path("/links"), null, 100).entries())
                .extracting(blob -> blob.path().name())
                .containsExactly("inside");
        assertThat(Files.readString(root.resolve("../outside"))).isEqualTo("secret");
        blobs.deleteFolder(1, path("/links"), true);
        assertThat(Files.readString(root.resolve("../outside"))).isEqualTo("secret");
    }

    @Test
    void aPlaceThatWasTakenByACrashedAttemptIsNotTakenFromIt() throws IOException {
        Path content = Files.writeString(root.resolve(".staging/attempt"), "x");
        BlobStore.Placing placing = blobs.prepare(1, path("/attempt"), content);
        Files.createLink(blobs.placeOf(1, path("/attempt")), content);

        Blob placed = placing.commit(Expected.NOTHING);

        assertThat(placed.size()).isEqualTo(1);
        assertThat(content).doesNotExist();
    }

    @Test
    void theSweepLeavesWhatIsRemembered() throws IOException {
        Staging staging = new Staging(root);
        Files.writeString(staging.passing(), "left by a crash");
        Files.writeString(staging.kept("upload-1"), "remembered");
        Files.writeString(staging.kept("upload-2"), "forgotten");

        staging.sweep("upload-1"::equals);

        assertThat(Files.list(root.resolve(".staging"))).containsExactly(staging.kept("upload-1"));
    }
}
