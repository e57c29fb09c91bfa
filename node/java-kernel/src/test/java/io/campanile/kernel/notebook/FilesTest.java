package io.campanile.kernel.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.node.files.NodeFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
    @TempDir
    Path outside;

    private Files files;

    @BeforeEach
    void makeRoot() throws IOException {
        files = new Files(new NodeFiles(
                java.nio.file.Files.createDirectories(outside.resolve("root")), outside.resolve("files-access.json")));
        java.nio.file.Files.writeString(outside.resolve("secret"), "s");
    }

    @Test
    void filesAreWrittenListedMovedAndRemoved() {
        files.mkdirs("/a/b");
        files.put("dbfs:/a/x.txt", "one");
        files.mv("/a/x.txt", "/a/b/");

        assertThat(files.ls("/a")).extracting(FileInfo::name).containsExactly("b/");
        assertThat(files.ls("/a/b").get(0).path()).isEqualTo("dbfs:/a/b/x.txt");
        assertThat(files.head("/a/b/x.txt", 2)).isEqualTo("on");
        assertThatThrownBy(() -> files.put("/a/b/x.txt", "two")).hasMessageContaining("already exists");
        assertThat(files.put("/a/b/x.txt", "2", true)).isTrue();
        assertThat(files.head("a/b/x.txt")).isEqualTo("2");
        assertThatThrownBy(() -> files.rm("/a")).hasMessageContaining("recurse=true");
        assertThat(files.rm("/a", true)).isTrue();
        assertThat(files.rm("/a")).isFalse();
    }

    @Test
    void foldersAreCopiedOnlyWhenAskedFor() {
        files.put("/d/one", "1");

        assertThatThrownBy(() -> files.cp("/d", "/e")).hasMessageContaining("recurse=true");
        assertThatThrownBy(() -> files.cp("/d", "/d/inside", true)).hasMessageContaining("into itself");
        assertThat(files.cp("/d", "/e", true)).isTrue();
        assertThat(files.head("/e/one")).isEqualTo("1");
    }

    @Test
    void noPathLeavesTheRoot() throws IOException {
        java.nio.file.Files.createSymbolicLink(outside.resolve("root/link"), outside);

        for (String path : new String[] {"../secret", "/../secret", "dbfs:/a/../../secret", "/link/secret", "/link"}) {
            assertThatThrownBy(() -> files.head(path)).hasMessageContaining("leads outside");
            assertThatThrownBy(() -> files.put(path, "x", true)).hasMessageContaining("leads outside");
        }
        assertThatThrownBy(() -> files.rm("/", true)).hasMessageContaining("cannot be removed");
        assertThat(java.nio.file.Files.readString(outside.resolve("secret"))).isEqualTo("s");
    }

    @Test
    void volumesAreWrittenButNotMade() throws IOException {
        java.nio.file.Files.createDirectories(outside.resolve("root/Volumes/main/default/v"));

        files.put("/Volumes/main/default/v/f", "1");
        assertThat(files.head("dbfs:/Volumes/main/default/v/f")).isEqualTo("1");
        for (String path : new String[] {"/Volumes", "/Volumes/main/default/v", "/Volumes/main/default/new"}) {
            assertThatThrownBy(() -> files.rm(path, true)).hasMessageContaining("through the catalog");
        }
        assertThatThrownBy(() -> files.mv("/Volumes/main/default/v", "/x", true))
                .hasMessageContaining("through the catalog");
        assertThat(files.rm("/Volumes/main/default/none/f")).isFalse();
        assertThatThrownBy(() -> files.mkdirs("/Volumes/main/default/new")).hasMessageContaining("through the catalog");
        assertThat(files.mkdirs("/Volumes/main/default/v")).as("it is there").isTrue();
        assertThatThrownBy(() -> files.put("/Volumes/main/default/new/f", "1")).hasMessageContaining("does not exist");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> files.ls("/nowhere")).hasMessage("No such file or directory: /nowhere");
    }
}
