package io.campanile.clusters.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Sandboxes for tests. */
final class Bubblewrap {
    private Bubblewrap() {}

    /** A sandbox that shows these programs beside the system's; a test without one is skipped, but not where CI runs. */
    static Isolation isolation(Path dataDir, List<Path> programs) {
        assumeTrue(
                System.getenv("CI") != null || Files.isExecutable(Path.of("/usr/bin/bwrap")),
                "bubblewrap is missing (Debian: apt-get install bubblewrap)");
        Isolation isolation = Isolation.choose(Isolation.SANDBOX, dataDir, programs, Sandbox.PROGRAM);
        assertThat(isolation.isSandbox()).isTrue();
        return isolation;
    }

    /** All that the classes of the tests need. */
    static List<Path> classPath() {
        return Arrays.stream((System.getProperty("java.class.path") + ":" + System.getProperty("java.home")).split(":"))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
    }
}
