package io.campanile.workspace;

import io.campanile.node.files.dbfs.DbfsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract in a folder of this machine, which a node reads and writes directly. */
@Tag("slow")
final class DbfsOnFolderTest extends DbfsContract {
    @TempDir
    static Path folder;

    @BeforeAll
    void start() throws IOException {
        Path root = folder.resolve("files/1");
        Files.createDirectories(root.resolve("Volumes/main/default/v"));
        DbfsSettings.attach(root.toString(), folder.resolve("none.json").toString());
        open();
    }

    @Override
    boolean appends() {
        return true;
    }
}
