package io.campanile.cli.volumes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Show;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile volumes}: where files of a schema are kept. */
@Command(
        name = "volumes",
        description = {
            "Volumes: where files of a schema are kept, with an owner and grants.",
            "VOLUME is a name in main.default, such as data, or a full one, such as main.default.data. Its files:"
                    + " campanile fs ls /Volumes/main/default/data."
        })
public final class VolumeCommands {
    private static final String BASE = "/api/2.1/unity-catalog/volumes";

    private final Session session;

    public VolumeCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List the volumes of main.default that you may see.")
    int list() {
        ObjectNode answer = session.api()
                .pages(Call.get(BASE).query("catalog_name", "main").query("schema_name", "default"), "volumes");
        Table table = table();
        answer.path("volumes").forEach(volume -> row(table, volume));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "get", description = "Show one volume.")
    int get(@Parameters(paramLabel = "VOLUME", description = "Its name.") String volume) {
        JsonNode answer = session.api().get(one(VolumeName.parse(volume)));
        Table table = table();
        row(table, answer);
        session.show(answer, table);
        return 0;
    }

    @Command(name = "create", description = "Make a volume; you own it.")
    int create(
            @Parameters(paramLabel = "VOLUME", description = "Its name.") String volume,
            @Option(names = "--comment", paramLabel = "TEXT", description = "What it is for.") @Nullable
                    String comment) {
        VolumeName name = VolumeName.parse(volume);
        ObjectNode request = Json.object()
                .put("catalog_name", name.catalog())
                .put("schema_name", name.schema())
                .put("name", name.name())
                .put("volume_type", "MANAGED");
        if (comment != null) {
            request.put("comment", comment);
        }
        session.done(session.api().post(BASE, request), "Made the volume " + name + ".");
        return 0;
    }

    @Command(name = "update", description = "Change a volume; what is not given stays.")
    int update(
            @Parameters(paramLabel = "VOLUME", description = "Its name.") String volume,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            description = "Its new name, without schema; the paths of its files change with it.")
                    @Nullable
                    String newName,
            @Option(names = "--comment", paramLabel = "TEXT", description = "What it is for.") @Nullable String comment,
            @Option(names = "--owner", paramLabel = "PRINCIPAL", description = "Who owns it from now on.") @Nullable
                    String owner) {
        VolumeName name = VolumeName.parse(volume);
        ObjectNode request = Json.object();
        put(request, "new_name", newName);
        put(request, "comment", comment);
        put(request, "owner", owner);
        if (request.isEmpty()) {
            throw CliFailure.usage("Give what is to change: --name, --comment or --owner.");
        }
        session.done(session.api().json(Call.json("PATCH", one(name), request)), "Changed the volume " + name + ".");
        return 0;
    }

    @Command(name = "delete", description = "Delete a volume with every file in it, for good.")
    int delete(
            @Parameters(paramLabel = "VOLUME", description = "Its name.") String volume,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        VolumeName name = VolumeName.parse(volume);
        session.confirm(yes, "Delete the volume " + name + " with every file in it?");
        session.done(session.api().json(Call.of("DELETE", one(name))), "Deleted the volume " + name + ".");
        return 0;
    }

    private static void put(ObjectNode request, String field, @Nullable String value) {
        if (value != null) {
            request.put(field, value);
        }
    }

    private static String one(VolumeName name) {
        return BASE + "/" + Call.encoded(name.toString());
    }

    private static Table table() {
        return new Table("VOLUME", "OWNER", "MADE", "COMMENT");
    }

    private static void row(Table table, JsonNode volume) {
        table.row(
                volume.path("full_name").asText(),
                volume.path("owner").asText(),
                Show.time(volume.path("created_at").asLong()),
                volume.path("comment").asText());
    }
}
