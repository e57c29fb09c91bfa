package io.campanile.cli.permissions;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code campanile permissions}: who may do what with one object. */
@Command(
        name = "permissions",
        description = {
            "Who may do what with an object.",
            "OBJECT is a path of the workspace, such as /Shared/report, or a type and an id, such as"
                    + " clusters/1126-101500-abc or authorization/tokens. GRANT is user:NAME=LEVEL, group:NAME=LEVEL or"
                    + " service-principal:ID=LEVEL."
        })
public final class PermissionCommands {
    private static final Map<String, String> KINDS =
            Map.of("user", "user_name", "group", "group_name", "service-principal", "service_principal_name");
    private static final Map<String, String> TYPES =
            Map.of("NOTEBOOK", "notebooks", "DIRECTORY", "directories", "FILE", "files", "REPO", "repos");

    private final Session session;

    public PermissionCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "get", description = "Show who may do what, also what comes from folders above.")
    int get(@Parameters(paramLabel = "OBJECT", description = "A path, or TYPE/ID.") String object) {
        show(object, session.api().get(path(object)));
        return 0;
    }

    @Command(name = "levels", description = "List the levels that an object's permissions can have.")
    int levels(@Parameters(paramLabel = "OBJECT", description = "A path, or TYPE/ID.") String object) {
        JsonNode answer = session.api().get(path(object) + "/permissionLevels");
        Table table = new Table("LEVEL", "MEANS");
        answer.path("permission_levels")
                .forEach(level -> table.row(
                        level.path("permission_level").asText(),
                        level.path("description").asText()));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "add", description = "Give permissions beside those that there are.")
    int add(
            @Parameters(paramLabel = "OBJECT", description = "A path, or TYPE/ID.") String object,
            @Parameters(paramLabel = "GRANT", arity = "1..*", description = "Such as user:a@example.com=CAN_RUN.")
                    List<String> grants) {
        return send("PATCH", object, grants);
    }

    @Command(
            name = "set",
            description = "Give these permissions, and no others but those that come from folders above.")
    int set(
            @Parameters(paramLabel = "OBJECT", description = "A path, or TYPE/ID.") String object,
            @Parameters(
                            paramLabel = "GRANT",
                            arity = "0..*",
                            description = "Such as group:data=CAN_READ; none takes all away.")
                    List<String> grants) {
        return send("PUT", object, grants == null ? List.of() : grants);
    }

    private int send(String method, String object, List<String> grants) {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("access_control_list");
        grants.forEach(grant -> list.add(parse(grant)));
        show(object, session.api().json(Call.json(method, path(object), body)));
        return 0;
    }

    private void show(String object, JsonNode answer) {
        if (session.json()) {
            session.show(answer, new Table());
            return;
        }
        FoldersAbove above = new FoldersAbove(session.api(), object);
        Table table = new Table("KIND", "NAME", "LEVEL", "INHERITED FROM");
        for (JsonNode entry : answer.path("access_control_list")) {
            for (Map.Entry<String, String> kind : KINDS.entrySet()) {
                if (entry.hasNonNull(kind.getValue())) {
                    entry.path("all_permissions")
                            .forEach(permission -> table.row(
                                    kind.getKey(),
                                    entry.path(kind.getValue()).asText(),
                                    permission.path("permission_level").asText(),
                                    inherited(permission, above)));
                }
            }
        }
        session.show(answer, table);
    }

    private static String inherited(JsonNode permission, FoldersAbove above) {
        StringBuilder from = new StringBuilder();
        permission
                .path("inherited_from_object")
                .forEach(object -> from.append(from.length() == 0 ? "" : ", ").append(above.named(object.asText())));
        return from.length() == 0 && permission.path("inherited").asBoolean() ? "yes" : from.toString();
    }

    private String path(String object) {
        if (object.startsWith("/")) {
            JsonNode status =
                    session.api().json(Call.get("/api/2.0/workspace/get-status").query("path", object));
            String type = TYPES.get(status.path("object_type").asText());
            if (type == null) {
                throw CliFailure.failed(
                        object + " is a " + status.path("object_type").asText() + "; those have no permissions.");
            }
            return "/api/2.0/permissions/" + type + "/"
                    + status.path("object_id").asText();
        }
        int slash = object.lastIndexOf('/');
        if (slash < 1 || slash == object.length() - 1) {
            throw CliFailure.usage("'" + object + "' is neither a path (/Shared/report) nor a type and an id"
                    + " (clusters/1126-101500-abc).");
        }
        return "/api/2.0/permissions/" + Call.encodedPath(object);
    }

    private static ObjectNode parse(String grant) {
        int colon = grant.indexOf(':');
        int equals = grant.lastIndexOf('=');
        String field = colon < 0 ? null : KINDS.get(grant.substring(0, colon));
        if (field == null || equals <= colon + 1 || equals == grant.length() - 1) {
            throw CliFailure.usage(
                    "'" + grant + "' is not a permission; user:a@example.com=CAN_RUN, group:data=CAN_READ"
                            + " and service-principal:ID=CAN_MANAGE are.");
        }
        return Json.object()
                .put(field, grant.substring(colon + 1, equals))
                .put("permission_level", grant.substring(equals + 1).toUpperCase(Locale.ROOT));
    }
}
