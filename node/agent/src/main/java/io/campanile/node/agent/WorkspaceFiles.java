package io.campanile.node.agent;

import io.campanile.node.protocol.ControlMessage.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The workspace's files as the driver finds them: a link that is made with the assignment, before any code runs. */
final class WorkspaceFiles {
    private WorkspaceFiles() {}

    static Path of(NodeConfig config) {
        return config.folder().resolve("files");
    }

    static void link(NodeConfig config, Assignment assignment) throws IOException {
        Path link = of(config);
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path files = Path.of(assignment.filesRoot());
        Files.createDirectories(files);
        Files.createSymbolicLink(link, files);
    }
}
