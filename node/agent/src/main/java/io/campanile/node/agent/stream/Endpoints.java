package io.campanile.node.agent.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** The services' addresses as {@code endpoints.json} gives them now: read again each time, as services may move. */
public record Endpoints(Path file) {

    public URI http(String service) throws IOException {
        JsonNode address = NodeJson.MAPPER.readTree(file.toFile()).path(service);
        if (!address.isTextual()) {
            throw new IOException("No address of " + service + " in " + file.getFileName());
        }
        return URI.create(address.asText());
    }

    public URI webSocket(String service, String path) throws IOException {
        URI http = http(service);
        return URI.create(("https".equals(http.getScheme()) ? "wss://" : "ws://") + http.getAuthority() + path);
    }
}
