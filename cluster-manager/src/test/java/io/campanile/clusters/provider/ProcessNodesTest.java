package io.campanile.clusters.provider;

import java.nio.file.Path;

/** The contract, kept by plain processes. */
final class ProcessNodesTest extends NodeProviderContract {
    @Override
    Isolation isolation(Path dataDir) {
        return Isolation.choose(Isolation.PROCESS, dataDir, dataDir);
    }
}
