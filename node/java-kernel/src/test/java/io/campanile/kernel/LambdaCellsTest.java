package io.campanile.kernel;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables, methods and classes of cells in code that runs on the cluster. */
@Tag("slow")
class LambdaCellsTest {
    @TempDir
    Path directory;

    @Test
    void passInOneProcess() throws IOException {
        LambdaCells.check(directory, "local[*]");
    }

    @Test
    void passOnSeparateExecutors() throws IOException {
        LambdaCells.check(directory, "local-cluster[2,1,512]");
    }
}
