package io.campanile.cli.pools;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile pools}: nodes that are kept started for clusters. */
@Command(
        name = "pools",
        description = {
            "Instance pools: nodes that are kept started for clusters.",
            "POOL is an id or a name. Who may use one: campanile permissions add instance-pools/ID"
                    + " user:NAME=CAN_ATTACH_TO."
        })
public final class PoolCommands {
    private static final String BASE = "/api/2.0/instance-pools/";
    /** What edit sends back as it was. */
    private static final List<String> KEPT = List.of(
            "instance_pool_name",
            "node_type_id",
            "min_idle_instances",
            "max_capacity",
            "idle_instance_autotermination_minutes",
            "custom_tags");

    private final Session session;

    public PoolCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List the pools that you may use, by name.")
    int list() {
        JsonNode answer = session.api().json(Call.get(BASE + "list"));
        Table table = table();
        answer.path("instance_pools").forEach(pool -> row(table, pool));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "get", description = "Show one pool, and what is in the way of its idle nodes.")
    int get(@Parameters(paramLabel = "POOL", description = "Its id or its name.") String pool) {
        JsonNode answer = find(pool);
        Table table = table();
        row(table, answer);
        session.show(answer, table);
        answer.path("status")
                .path("pending_instance_errors")
                .forEach(error ->
                        session.terminal().err().println(error.path("message").asText()));
        return 0;
    }

    @Command(name = "create", description = "Make a pool.")
    int create(
            @Parameters(paramLabel = "NAME", description = "Its name.") String name,
            @Option(names = "--node-type", paramLabel = "ID", required = true, description = "What nodes it has.")
                    String nodeType,
            @Option(
                            names = "--runtime",
                            paramLabel = "VERSION",
                            description = "The runtime of its idle nodes; may be given several times.")
                    @Nullable
                    List<String> runtimes,
            @Mixin PoolWishes wishes) {
        ObjectNode request = Json.object().put("instance_pool_name", name).put("node_type_id", nodeType);
        if (runtimes != null) {
            runtimes.forEach(request.putArray("preloaded_spark_versions")::add);
        }
        wishes.into(request);
        JsonNode answer = session.api().post(BASE + "create", request);
        session.done(
                answer,
                "Made the pool " + name + " (" + answer.path("instance_pool_id").asText() + ").");
        return 0;
    }

    @Command(name = "edit", description = "Change a pool; what is not given stays.")
    int edit(
            @Parameters(paramLabel = "POOL", description = "Its id or its name.") String pool,
            @Option(names = "--name", paramLabel = "NAME", description = "Its new name.") @Nullable String name,
            @Mixin PoolWishes wishes) {
        JsonNode before = find(pool);
        ObjectNode request = Json.object()
                .put("instance_pool_id", before.path("instance_pool_id").asText());
        KEPT.stream().filter(before::has).forEach(field -> request.set(field, before.get(field)));
        if (name != null) {
            request.put("instance_pool_name", name);
        }
        wishes.into(request);
        session.done(session.api().post(BASE + "edit", request), "Changed the pool " + pool + ".");
        return 0;
    }

    @Command(name = "delete", description = "Delete a pool: idle nodes end, clusters of it that run go on.")
    int delete(
            @Parameters(paramLabel = "POOL", description = "Its id or its name.") String pool,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        String id = find(pool).path("instance_pool_id").asText();
        session.confirm(yes, "Delete the pool " + pool + "? Clusters of it cannot start again without another one.");
        session.done(
                session.api().post(BASE + "delete", Json.object().put("instance_pool_id", id)),
                "Deleted the pool " + pool + ".");
        return 0;
    }

    private static Table table() {
        return new Table("ID", "NAME", "NODE TYPE", "IDLE", "USED", "PENDING", "KEPT", "MOST");
    }

    private static void row(Table table, JsonNode pool) {
        JsonNode stats = pool.path("stats");
        long pending = stats.path("pending_idle_count").asLong()
                + stats.path("pending_used_count").asLong();
        table.row(
                pool.path("instance_pool_id").asText(),
                pool.path("instance_pool_name").asText(),
                pool.path("node_type_id").asText(),
                stats.path("idle_count").asText(),
                stats.path("used_count").asText(),
                Long.toString(pending),
                pool.path("min_idle_instances").asText(),
                pool.path("max_capacity").asText());
    }

    /** By its name first: a name may look like an id, the other way round it cannot be. */
    private JsonNode find(String pool) {
        JsonNode all = session.api().get(BASE + "list").path("instance_pools");
        return StreamSupport.stream(all.spliterator(), false)
                .filter(one -> one.path("instance_pool_name").asText().equals(pool))
                .findFirst()
                .orElseGet(() -> byId(pool));
    }

    private JsonNode byId(String pool) {
        if (pool.isBlank()) {
            throw new CliFailure(ExitCode.USAGE, "Name a pool.");
        }
        return session.api().json(Call.get(BASE + "get").query("instance_pool_id", pool));
    }
}
