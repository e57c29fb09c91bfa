package io.campanile.common.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the services of this installation listen: {@code <data-dir>/run/endpoints.json}, read again on demand. */
public final class ServiceDirectory {
    private final Path file;
    private volatile Map<String, String> urls = Map.of();

    public ServiceDirectory(Path file) {
        this.file = requireNonNull(file, "file");
        refresh();
    }

    /** The base URL of a service, without a slash at the end; 503 while it has not been announced. */
    public String url(String service) {
        String known = urls.get(service);
        if (known == null) {
            refresh();
            known = urls.get(service);
        }
        if (known == null) {
            throw new ApiException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE, "The " + service + " service is not up yet; try again");
        }
        return known;
    }

    /** Reads the file again; keeps what is known while it is being replaced. */
    public void refresh() {
        if (!Files.exists(file)) {
            return;
        }
        try {
            urls = Json.MAPPER.readValue(Files.readAllBytes(file), new TypeReference<Map<String, String>>() {});
        } catch (IOException e) {
            throw new ApiException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE, "The list of services cannot be read; try again", e);
        }
    }
}
