package io.campanile.cli.permissions;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Call;
import java.util.HashMap;
import java.util.Map;

/** The folders above a path by their ids: answers name folders by id, people know them by path. */
final class FoldersAbove {
    private static final String FOLDER = "/directories/";

    private final ApiClient api;
    private final Map<String, String> paths = new HashMap<>();
    /** The lowest one that has not been asked for; empty when there is none. */
    private String next;

    /** {@code object}: as it was typed; above what is no path nothing is known. */
    FoldersAbove(ApiClient api, String object) {
        this.api = requireNonNull(api, "api");
        this.next = object.startsWith("/") ? parent(object) : "";
    }

    /** The path of an object such as {@code /directories/17}, or that itself where its path is not to be had. */
    String named(String object) {
        if (!object.startsWith(FOLDER)) {
            return object;
        }
        String id = object.substring(FOLDER.length());
        while (!paths.containsKey(id) && !next.isEmpty()) {
            ask();
        }
        return paths.getOrDefault(id, object);
    }

    private void ask() {
        String path = next;
        next = parent(path);
        try {
            JsonNode status = api.json(Call.get("/api/2.0/workspace/get-status").query("path", path));
            paths.put(status.path("object_id").asText(), path);
        } catch (CliFailure e) {
            // What gives a permission need not be seen by whoever has it: the one above may be. Whatever else this is,
            // the permissions themselves are answered, and ids do for the rest.
            boolean unseen = e instanceof ApiFailure refused && (refused.status() == 403 || refused.absent());
            if (!unseen) {
                next = "";
            }
        }
    }

    private static String parent(String path) {
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        int slash = trimmed.lastIndexOf('/');
        return slash < 0 ? "" : slash == 0 ? "/" : trimmed.substring(0, slash);
    }
}
