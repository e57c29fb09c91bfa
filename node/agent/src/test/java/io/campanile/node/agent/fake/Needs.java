package io.campanile.node.agent.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** What some tests need of the machine. Without it they are skipped by name; in CI, which skips nothing, they fail. */
public final class Needs {
    private Needs() {}

    public static void python() {
        of(TestNode.hasPython(), "python3-ipykernel is not installed (Debian: apt-get install python3-ipykernel)");
    }

    public static void packaged(Path... folders) {
        for (Path folder : folders) {
            of(Files.isDirectory(folder), folder + " is not packaged: build node/driver and node/java-kernel first");
        }
    }

    private static void of(boolean there, String otherwise) {
        if (System.getenv("CI") != null) {
            assertThat(there).as(otherwise).isTrue();
        }
        assumeTrue(there, otherwise);
    }
}
