package io.campanile.node.agent;

import io.campanile.node.protocol.ControlMessage.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Where managed tables live. A driver starts before its owner is known and tables outlive nodes: the driver is given a
 * folder of the node, which becomes a link to the owner's folder when the node is assigned and before any code runs.
 */
final class OwnersWarehouse {
    private OwnersWarehouse() {}

    /** The folder as the driver knows it. */
    static Path of(NodeConfig config) {
        return config.folder().resolve("warehouse");
    }

    static void link(NodeConfig config, Assignment assignment) throws IOException {
        Path link = of(config);
        if (Files.isSymbolicLink(link)) {
            return;
        }
        Path owners = Path.of(config.dataDir())
                .resolve("warehouses")
                .resolve(Long.toString(assignment.workspaceId()))
                .resolve(Long.toString(assignment.ownerUserId()));
        Files.createDirectories(owners);
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            // Refuses when there is something in it, which nobody may have written yet.
            Files.delete(link);
        }
        Files.createSymbolicLink(link, owners);
    }
}
