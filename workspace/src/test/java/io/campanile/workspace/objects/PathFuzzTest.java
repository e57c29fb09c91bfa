package io.campanile.workspace.objects;

import static io.campanile.workspace.Hostile.takenOrRefused;
import static io.campanile.workspace.Hostile.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;

final class PathFuzzTest {
    @DictionaryEntries({"/", "/..", "/.", "//", "/Workspace", "/Users", "/Repos"})
    @FuzzTest
    void pathsOfTheTree(byte[] input) throws Exception {
        takenOrRefused(() -> {
            WorkspacePath path = WorkspacePath.parse(text(input));

            assertThat(WorkspacePath.parse(path.toString())).isEqualTo(path);
            assertThat(path.segments()).allSatisfy(name -> {
                assertThat(name).isNotBlank().isNotIn(".", "..").doesNotContain("/");
                assertThat(WorkspacePath.checkName(name)).isEqualTo(name);
            });
        });
    }
}
