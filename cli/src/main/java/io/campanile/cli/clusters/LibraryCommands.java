package io.campanile.cli.clusters;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code campanile libraries}: what clusters have beside Spark. */
@Command(
        name = "libraries",
        description = {
            "Libraries of clusters: jars of Maven repositories and of your files.",
            "CLUSTER is an id, or a name that one cluster has."
        })
public final class LibraryCommands {
    private static final String BASE = "/api/2.0/libraries/";

    private final Session session;

    public LibraryCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List the libraries of every cluster that you may see.")
    int list() {
        JsonNode answer = session.api().get(BASE + "all-cluster-statuses");
        Table table = new Table("CLUSTER", "LIBRARY", "STATUS", "MESSAGE");
        answer.path("statuses").forEach(cluster -> rows(table, cluster, true));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "status", description = "List the libraries of one cluster, and how far it is with each.")
    int status(@Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster) {
        JsonNode answer =
                session.api().json(Call.get(BASE + "cluster-status").query("cluster_id", Found.id(session, cluster)));
        Table table = new Table("LIBRARY", "STATUS", "MESSAGE");
        rows(table, answer, false);
        session.show(answer, table);
        return 0;
    }

    @Command(name = "install", description = "Install a library: now on a cluster that runs, else when it starts.")
    int install(
            @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster,
            @Mixin LibraryWish wish) {
        change(
                "install",
                cluster,
                wish,
                "Asked for " + wish.label() + ": 'campanile libraries status " + cluster + "' shows how far it is.");
        return 0;
    }

    @Command(name = "uninstall", description = "Take a library off; a cluster that runs keeps it until it restarts.")
    int uninstall(
            @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster,
            @Mixin LibraryWish wish) {
        change(
                "uninstall",
                cluster,
                wish,
                "Took off " + wish.label() + "; a cluster that runs keeps it until it restarts.");
        return 0;
    }

    private void change(String what, String cluster, LibraryWish wish, String done) {
        ObjectNode library = wish.wire();
        ObjectNode request = Json.object().put("cluster_id", Found.id(session, cluster));
        request.putArray("libraries").add(library);
        session.done(session.api().post(BASE + what, request), done);
    }

    private static void rows(Table table, JsonNode cluster, boolean named) {
        for (JsonNode status : cluster.path("library_statuses")) {
            List<String> cells = new ArrayList<>();
            if (named) {
                cells.add(cluster.path("cluster_id").asText());
            }
            cells.add(name(status.path("library")));
            cells.add(status.path("status").asText());
            cells.add(status.path("messages").path(0).asText());
            table.row(cells.toArray(String[]::new));
        }
    }

    private static String name(JsonNode library) {
        for (JsonNode kind : library) {
            if (kind.isTextual()) {
                return kind.asText();
            }
            return kind.path("coordinates").asText(kind.path("package").asText());
        }
        return "";
    }
}
