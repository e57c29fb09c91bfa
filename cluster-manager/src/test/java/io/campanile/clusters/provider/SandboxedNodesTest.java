package io.campanile.clusters.provider;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** Nodes in sandboxes, started by the real server. */
@Tag("slow")
final class SandboxedNodesTest extends ManagedNodesContract {
    @Override
    Isolation isolation(Path dataDir) {
        return Bubblewrap.isolation(dataDir, Bubblewrap.classPath());
    }
}
