package io.campanile.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workspace's files through a real driver: what one way wrote the others read, and nothing else can be reached. */
@Tag("slow")
final class FilesTest {
    @TempDir
    Path folder;

    @Test
    void volumesAndTheRootAreReadAndWrittenAndNothingElse() throws Exception {
        Path files = Files.createDirectories(folder.resolve("data/files"));
        Path workspace = Files.createDirectories(files.resolve("5"));
        Path volume = Files.createDirectories(workspace.resolve("Volumes/main/default/v"));
        Files.createDirectories(files.resolve("6"));
        Files.writeString(files.resolve("6/secret.txt"), "of another workspace");
        Files.createSymbolicLink(volume.resolve("link"), files.resolve("6"));
        Path node = Files.createDirectories(folder.resolve("node"));
        Files.createSymbolicLink(node.resolve("files"), workspace);
        Path samples = Files.createDirectories(folder.resolve("samples"));
        Files.writeString(samples.resolve("tables.json"), "[]");

        String printed;
        try (TestDriver driver = TestDriver.start(node, samples)) {
            printed = run(
                    driver,
                    "INSERT OVERWRITE DIRECTORY '/Volumes/main/default/v/p' USING parquet SELECT id FROM range(10)",
                    "SELECT concat('sum ', sum(id)) FROM parquet.`dbfs:/Volumes/main/default/v/p`",
                    "INSERT OVERWRITE DIRECTORY 'dbfs:/root/c' USING csv SELECT 'bare'",
                    "SELECT _c0 FROM csv.`/root/c`",
                    "CREATE TABLE d USING delta LOCATION '/Volumes/main/default/v/d' AS SELECT 1 AS one",
                    "INSERT INTO d VALUES (41)",
                    "SELECT concat('delta ', sum(one)) FROM delta.`dbfs:/Volumes/main/default/v/d`",
                    "CREATE TABLE managed AS SELECT 7 AS seven",
                    "SELECT concat('managed ', seven) FROM managed");
            for (String bad : new String[] {
                "/../6/secret.txt",
                "dbfs:/x/../../6/secret.txt",
                "/Volumes/main/default/v/link/secret.txt",
                "dbfs://6/secret.txt"
            }) {
                assertThat(run(driver, "SELECT * FROM text.`" + bad + "`"))
                        .as(bad)
                        .doesNotContain("of another")
                        .doesNotContain("rows [");
            }
            assertThat(run(driver, "INSERT OVERWRITE DIRECTORY '/Volumes/main/default/none/x' USING csv SELECT 1"))
                    .contains("does not exist");
        }

        assertThat(printed)
                .contains("rows [[sum 45")
                .contains("rows [[bare]]")
                .contains("rows [[delta 42")
                .contains("rows [[managed 7]]");
        assertThat(volume.resolve("p/_SUCCESS")).exists();
        assertThat(volume.resolve("d/_delta_log/00000000000000000001.json")).exists();
        assertThat(node.resolve("warehouse/managed/_delta_log")).isDirectory();
        assertThat(Files.list(workspace).map(path -> path.getFileName().toString()))
                .containsExactlyInAnyOrder("Volumes", "root");
    }

    private static String run(TestDriver driver, String... statements) throws IOException, InterruptedException {
        return driver.client(TestDriver.TOKEN, "ann", UUID.randomUUID().toString(), statements);
    }
}
