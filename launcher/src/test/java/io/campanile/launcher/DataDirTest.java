package io.campanile.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirTest {
    @TempDir
    Path folder;

    @Test
    void saysWhyAFolderCannotBeUsedAndWhatToDo() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> DataDir.prepare(file))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining(file + " is a file")
                .hasMessageContaining("--data-dir");
    }

    @Test
    void lookingCreatesNothing() {
        Path absent = folder.resolve("absent");

        DataDir data = DataDir.existing(absent);

        assertThat(StateFile.read(data.stateFile())).isEmpty();
        assertThat(absent).doesNotExist();
    }
}
