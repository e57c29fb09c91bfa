package io.campanile.node.agent;

import io.campanile.node.agent.process.PrivateFiles;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What this node belongs to, kept so that an agent that starts again still knows it. The work token is not kept. */
record AssignmentFile(Path path) {

    Optional<Assignment> read() throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        return Optional.of(NodeJson.MAPPER.readValue(path.toFile(), Assignment.class));
    }

    void write(Assignment assignment) throws IOException {
        PrivateFiles.write(path, NodeJson.write(assignment));
    }
}
