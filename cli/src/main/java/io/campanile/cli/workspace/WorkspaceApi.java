package io.campanile.cli.workspace;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** The requests of {@code /api/2.0/workspace}. */
public final class WorkspaceApi {
    private static final String PREFIX = "/api/2.0/workspace/";

    private final ApiClient api;

    public WorkspaceApi(ApiClient api) {
        this.api = requireNonNull(api, "api");
    }

    public JsonNode status(String path) {
        return api.json(Call.get(PREFIX + "get-status").query("path", absolute(path)));
    }

    Optional<JsonNode> find(String path) {
        try {
            return Optional.of(status(path));
        } catch (ApiFailure e) {
            if (e.absent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    JsonNode list(String path) {
        return api.json(Call.get(PREFIX + "list").query("path", absolute(path)));
    }

    JsonNode makeDirectories(String path) {
        return api.post(PREFIX + "mkdirs", Json.object().put("path", absolute(path)));
    }

    JsonNode delete(String path, boolean recursive) {
        return api.post(
                PREFIX + "delete", Json.object().put("path", absolute(path)).put("recursive", recursive));
    }

    /** The bytes of an object, streamed. */
    InputStream export(String path, String format) {
        return api.open(Call.get(PREFIX + "export")
                        .query("path", absolute(path))
                        .query("format", format)
                        .query("direct_download", "true"))
                .body();
    }

    /** Sends a file; {@code fields} are those of the request but for the content. */
    JsonNode importFile(ObjectNode fields, Path file) {
        return api.json(Call.raw("POST", PREFIX + "import", "application/json", () -> Base64Body.of(fields, file)));
    }

    /** Gives an object another folder or name; the public API of others has no such call, ours does. */
    JsonNode move(long id, long parent, String name) {
        return api.post(
                "/api/campanile/v1/objects/" + id + "/move",
                Json.object().put("parent_id", parent).put("name", name));
    }

    static String absolute(String path) {
        if (!path.startsWith("/")) {
            throw CliFailure.usage("'" + path + "' is not a path of the workspace: those begin with a slash, such as"
                    + " /Users/me@example.com/notebook.");
        }
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    static String child(String folder, String name) {
        return folder.equals("/") ? "/" + name : folder + "/" + name;
    }

    static boolean isFolder(JsonNode object) {
        String type = object.path("object_type").asText();
        return type.equals("DIRECTORY") || type.equals("REPO");
    }
}
