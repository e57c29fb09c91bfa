package io.campanile.node.files;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * How this node asks for files: {@code {"token","endpoints_file"}}, which the agent writes anew before the token ends.
 * Read each time, as is where the services are: both may have changed since the last request.
 */
final class FilesAccess {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SERVICE = "workspace";

    private final Path file;

    /** Where to send a request, and what it shows. */
    record Entrance(URI service, String token) {}

    FilesAccess(Path file) {
        this.file = requireNonNull(file, "file");
    }

    Entrance entrance() throws IOException {
        JsonNode access;
        try {
            access = JSON.readTree(file.toFile());
        } catch (java.io.FileNotFoundException | NoSuchFileException e) {
            throw new IOException("this cluster has no access to them yet", e);
        }
        JsonNode service = JSON.readTree(
                        Path.of(access.path("endpoints_file").asText()).toFile())
                .path(SERVICE);
        if (!service.isTextual()) {
            throw new IOException("the address of the " + SERVICE + " service is not known");
        }
        return new Entrance(URI.create(service.asText()), access.path("token").asText());
    }
}
