package io.campanile.node.agent;

import io.campanile.node.agent.library.Libraries;
import io.campanile.node.agent.process.ChildProcess;
import java.nio.file.Path;

/** Where libraries are fetched to, and by what process. */
final class LibraryLaunch {
    private LibraryLaunch() {}

    static Libraries.Site site(NodeConfig config, NodeConfig.Driver driver, Distribution distribution) {
        Path folder = config.folder().resolve("libraries");
        Path order = folder.resolve("order.json");
        return new Libraries.Site(
                folder,
                order,
                distribution.sparkJars(driver.runtime()),
                WorkspaceFiles.of(config),
                FilesToken.of(config),
                new ChildProcess.Command(
                        distribution.libraryCommand(order),
                        config.folder(),
                        NodeProcesses.environment(config, distribution),
                        config.folder().resolve("logs").resolve("libraries.err"),
                        NodeProcesses.hidden(driver)));
    }
}
