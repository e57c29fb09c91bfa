package io.campanile.kernel.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** One Jupyter message; {@code identities} route an answer back through a ROUTER socket. */
public record Message(
        List<byte[]> identities, ObjectNode header, ObjectNode parent, ObjectNode metadata, ObjectNode content) {

    public String type() {
        return header.path("msg_type").asText();
    }

    public String id() {
        return header.path("msg_id").asText();
    }
}
