package io.campanile.cli.clusters;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Show;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile clusters}: making, starting, stopping and looking at clusters. */
@Command(
        name = "clusters",
        description = {
            "Clusters: where notebooks and commands run.",
            "CLUSTER is an id, or a name that one cluster has. Who may use one: campanile permissions add clusters/ID"
                    + " user:NAME=CAN_RESTART."
        },
        subcommands = {ClusterEvents.class, ClusterLogs.class, ClusterResize.class})
public final class ClusterCommands {
    private final Session session;

    public ClusterCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List the clusters that you may see.")
    int list(
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Such as RUNNING; may be given several times.")
                    @Nullable
                    List<String> states,
            @Option(names = "--pinned", description = "Only those that are pinned.") boolean pinned,
            @Option(names = "--policy", paramLabel = "ID", description = "Only those by this policy.") @Nullable
                    String policy,
            @Option(names = "--by-name", description = "By name; otherwise those that run come first.")
                    boolean byName) {
        Call call = Call.get(Found.BASE + "list").query("page_size", "100");
        for (String state : states == null ? List.<String>of() : states) {
            call = call.query("filter_by.cluster_states", state);
        }
        if (pinned) {
            call = call.query("filter_by.is_pinned", "true");
        }
        if (policy != null) {
            call = call.query("filter_by.policy_id", policy);
        }
        if (byName) {
            call = call.query("sort_by.field", "CLUSTER_NAME");
        }
        JsonNode answer = session.api().pages(call, "clusters");
        Table table = table();
        answer.path("clusters").forEach(cluster -> row(table, cluster));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "get", description = "Show one cluster.")
    int get(@Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster) {
        JsonNode details = Found.details(session, cluster);
        Table table = table();
        row(table, details);
        session.show(details, table);
        String message = details.path("state_message").asText();
        if (!message.isEmpty() && !session.json()) {
            session.note(message);
        }
        return 0;
    }

    @Command(
            name = "create",
            description = "Make a cluster and start it. What no option, file or policy says is as the server has it"
                    + " first.")
    int create(
            @Parameters(paramLabel = "NAME", description = "Its name.") String name,
            @Mixin ClusterWishes wishes,
            @Mixin Waiting waiting) {
        ObjectNode request = wishes.read(session).put("cluster_name", name);
        if (request.hasNonNull("policy_id")) {
            request.put("apply_policy_default_values", true);
        } else {
            first(request, "spark_version", "spark-versions", "versions", "key");
            first(request, "node_type_id", "list-node-types", "node_types", "node_type_id");
        }
        JsonNode answer = session.api().post(Found.BASE + "create", request);
        String id = answer.path("cluster_id").asText();
        running(answer, id, waiting, "Made the cluster " + name + " (" + id + "); it is starting.");
        return 0;
    }

    @Command(
            name = "edit",
            description = {
                "Change a cluster; what is not given stays (with --json, all settings are those of the file).",
                "A cluster that runs restarts when its driver becomes another."
            })
    int edit(
            @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster,
            @Option(names = "--name", paramLabel = "NAME", description = "Its new name.") @Nullable String name,
            @Mixin ClusterWishes wishes,
            @Mixin Waiting waiting) {
        String id = Found.id(session, cluster);
        ObjectNode settings = wishes.read(session);
        if (name != null) {
            settings.put("cluster_name", name);
        }
        if (settings.isEmpty()) {
            throw CliFailure.usage("Say what to change.");
        }
        JsonNode answer;
        if (wishes.json != null) {
            answer = session.api().post(Found.BASE + "edit", settings.put("cluster_id", id));
        } else {
            List<String> mask = new ArrayList<>();
            settings.fieldNames().forEachRemaining(mask::add);
            ObjectNode request = Json.object().put("cluster_id", id).put("update_mask", String.join(",", mask));
            request.set("cluster", settings);
            answer = session.api().post(Found.BASE + "update", request);
        }
        String note = "Changed the cluster " + cluster + ".";
        if (stopped(Found.byId(session, id))) {
            session.done(answer, note + " It does not run; it starts with the new settings.");
        } else {
            running(answer, id, waiting, note);
        }
        return 0;
    }

    @Command(name = "start", description = "Start a cluster that has ended.")
    int start(
            @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster,
            @Mixin Waiting waiting) {
        String id = Found.id(session, cluster);
        running(act("start", id), id, waiting, "The cluster " + cluster + " is starting.");
        return 0;
    }

    @Command(name = "restart", description = "Restart a cluster that runs; the variables of its notebooks are lost.")
    int restart(
            @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster,
            @Mixin Waiting waiting) {
        String id = Found.id(session, cluster);
        JsonNode before = Found.byId(session, id);
        if (stopped(before)) {
            // The server would take it and do nothing.
            throw CliFailure.failed("The cluster " + cluster + " does not run ("
                    + before.path("state").asText() + "); start it: campanile clusters start " + cluster);
        }
        boolean starting = before.path("state").asText().matches("PENDING|RESTARTING");
        String note = "The cluster " + cluster + (starting ? " is starting already." : " is restarting.");
        running(act("restart", id), id, waiting, note);
        return 0;
    }

    @Command(name = "delete", description = "End what runs of a cluster and keep its settings.")
    int delete(
            @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster,
            @Mixin Waiting waiting) {
        String id = Found.id(session, cluster);
        JsonNode answer = act("delete", id);
        if (!waiting.wait) {
            session.done(answer, "The cluster " + cluster + " is ending; its settings stay.");
            return 0;
        }
        session.done(waiting.ended(session, id), "The cluster " + cluster + " has ended; its settings stay.");
        return 0;
    }

    @Command(name = "permanent-delete", description = "Delete a cluster with its settings and events.")
    int deleteForGood(
            @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        String id = Found.id(session, cluster);
        session.confirm(yes, "Delete the cluster " + cluster + " for good, and end what runs on it?");
        session.done(act("permanent-delete", id), "Deleted the cluster " + cluster + ".");
        return 0;
    }

    @Command(name = "pin", description = "Keep a cluster in the list however long ago it ended (administrators).")
    int pin(@Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster) {
        session.done(act("pin", Found.id(session, cluster)), "Pinned the cluster " + cluster + ".");
        return 0;
    }

    @Command(name = "unpin", description = "Let a cluster be forgotten 30 days after its end (administrators).")
    int unpin(@Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster) {
        session.done(act("unpin", Found.id(session, cluster)), "Unpinned the cluster " + cluster + ".");
        return 0;
    }

    @Command(name = "change-owner", description = "Give a cluster that has ended to somebody else (administrators).")
    int changeOwner(
            @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.") String cluster,
            @Parameters(paramLabel = "OWNER", description = "A user name, or the id of a service principal.")
                    String owner) {
        ObjectNode request =
                Json.object().put("cluster_id", Found.id(session, cluster)).put("owner_username", owner);
        session.done(
                session.api().post(Found.BASE + "change-owner", request),
                "The cluster " + cluster + " is " + owner + "'s.");
        return 0;
    }

    @Command(name = "spark-versions", description = "List the runtimes that clusters can have.")
    int sparkVersions() {
        JsonNode answer = session.api().get(Found.BASE + "spark-versions");
        Table table = new Table("KEY", "NAME");
        answer.path("versions")
                .forEach(version -> table.row(
                        version.path("key").asText(), version.path("name").asText()));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "node-types", description = "List the machines that clusters can have.")
    int nodeTypes() {
        JsonNode answer = session.api().get(Found.BASE + "list-node-types");
        Table table = new Table("ID", "MEMORY", "CORES", "DESCRIPTION");
        answer.path("node_types")
                .forEach(type -> table.row(
                        type.path("node_type_id").asText(),
                        type.path("memory_mb").asText() + " MiB",
                        Integer.toString(type.path("num_cores").asInt()),
                        type.path("description").asText()));
        session.show(answer, table);
        return 0;
    }

    private JsonNode act(String what, String id) {
        return session.api().post(Found.BASE + what, Json.object().put("cluster_id", id));
    }

    /** It has ended or is about to. */
    private static boolean stopped(JsonNode details) {
        return details.path("state").asText().matches("TERMINATING|TERMINATED|ERROR");
    }

    /** What was asked is on its way; with --wait until it runs. */
    private void running(JsonNode answer, String id, Waiting waiting, String note) {
        if (!waiting.wait) {
            session.done(answer, note);
            return;
        }
        session.note(note);
        session.done(waiting.running(session, id), "It runs.");
    }

    private void first(ObjectNode request, String field, String offers, String list, String key) {
        if (!request.hasNonNull(field)) {
            JsonNode offered = session.api().get(Found.BASE + offers).path(list);
            request.set(field, offered.path(0).path(key));
        }
    }

    private static Table table() {
        return new Table("ID", "NAME", "STATE", "OWNER", "NODE TYPE", "RUNTIME", "STARTED", "PINNED BY");
    }

    private static void row(Table table, JsonNode cluster) {
        table.row(
                cluster.path("cluster_id").asText(),
                cluster.path("cluster_name").asText(),
                cluster.path("state").asText(),
                cluster.path("creator_user_name").asText(),
                cluster.path("node_type_id").asText(),
                cluster.path("spark_version").asText(),
                Show.time(cluster.path("last_restarted_time")
                        .asLong(cluster.path("start_time").asLong())),
                cluster.path("pinned_by_user_name").asText());
    }
}
