package io.campanile.cli.policies;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Show;
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

/** {@code campanile policies}: rules for the settings of clusters. */
@Command(
        name = "policies",
        description = {
            "Cluster policies: rules for the settings of clusters.",
            "POLICY is an id or a name. Who may use one: campanile permissions add cluster-policies/ID"
                    + " user:NAME=CAN_USE."
        })
public final class PolicyCommands {
    private static final String BASE = "/api/2.0/policies/clusters/";
    /** What edit sends back as it was. */
    private static final List<String> KEPT = List.of(
            "name",
            "description",
            "definition",
            "policy_family_id",
            "policy_family_definition_overrides",
            "libraries",
            "max_clusters_per_user");

    private final Session session;

    public PolicyCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List the policies that you may use, by name.")
    int list() {
        JsonNode answer = session.api()
                .json(Call.get(BASE + "list")
                        .query("sort_column", "POLICY_NAME")
                        .query("sort_order", "ASC"));
        Table table = table();
        answer.path("policies").forEach(policy -> row(table, policy));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "get", description = "Show one policy.")
    int get(
            @Parameters(paramLabel = "POLICY", description = "Its id or its name.") String policy,
            @Option(names = "--definition", description = "Print its rules and nothing else.") boolean definition) {
        JsonNode answer = find(policy);
        if (definition) {
            session.terminal().out().println(answer.path("definition").asText());
            return 0;
        }
        Table table = table();
        row(table, answer);
        session.show(answer, table);
        return 0;
    }

    @Command(name = "create", description = "Make a policy, by rules of its own or those of a family.")
    int create(@Parameters(paramLabel = "NAME", description = "Its name.") String name, @Mixin PolicyWishes wishes) {
        ObjectNode request = Json.object().put("name", name);
        wishes.into(session, request);
        JsonNode answer = session.api().post(BASE + "create", request);
        session.done(
                answer,
                "Made the policy " + name + " (" + answer.path("policy_id").asText() + ").");
        return 0;
    }

    @Command(
            name = "edit",
            description = "Change a policy; what is not given stays. Its clusters see it when they are edited.")
    int edit(
            @Parameters(paramLabel = "POLICY", description = "Its id or its name.") String policy,
            @Option(names = "--name", paramLabel = "NAME", description = "Its new name.") @Nullable String name,
            @Mixin PolicyWishes wishes) {
        JsonNode before = find(policy);
        ObjectNode request =
                Json.object().put("policy_id", before.path("policy_id").asText());
        KEPT.stream().filter(before::has).forEach(field -> request.set(field, before.get(field)));
        if (before.has("policy_family_id")) {
            request.remove("definition");
        }
        if (name != null) {
            request.put("name", name);
        }
        wishes.into(session, request);
        session.done(session.api().post(BASE + "edit", request), "Changed the policy " + policy + ".");
        return 0;
    }

    @Command(name = "delete", description = "Delete a policy; clusters made by it stay as they are.")
    int delete(
            @Parameters(paramLabel = "POLICY", description = "Its id or its name.") String policy,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        String id = find(policy).path("policy_id").asText();
        session.confirm(yes, "Delete the policy " + policy + "?");
        session.done(
                session.api().post(BASE + "delete", Json.object().put("policy_id", id)),
                "Deleted the policy " + policy + ".");
        return 0;
    }

    @Command(name = "families", description = "List the families that policies can be made from.")
    int families() {
        JsonNode answer = session.api().pages(Call.get("/api/2.0/policy-families"), "policy_families");
        Table table = new Table("ID", "NAME", "DESCRIPTION");
        answer.path("policy_families")
                .forEach(family -> table.row(
                        family.path("policy_family_id").asText(),
                        family.path("name").asText(),
                        family.path("description").asText()));
        session.show(answer, table);
        return 0;
    }

    private static Table table() {
        return new Table("ID", "NAME", "FAMILY", "PER USER", "MADE", "BY");
    }

    private static void row(Table table, JsonNode policy) {
        table.row(
                policy.path("policy_id").asText(),
                policy.path("name").asText(),
                policy.path("policy_family_id").asText(),
                policy.path("max_clusters_per_user").asText(),
                Show.time(policy.path("created_at_timestamp").asLong()),
                policy.path("creator_user_name").asText());
    }

    /** By its name first: a name may look like an id, the other way round it cannot be. */
    private JsonNode find(String policy) {
        JsonNode all = session.api().get(BASE + "list").path("policies");
        return StreamSupport.stream(all.spliterator(), false)
                .filter(one -> one.path("name").asText().equals(policy))
                .findFirst()
                .orElseGet(() -> byId(policy));
    }

    private JsonNode byId(String policy) {
        if (policy.isBlank()) {
            throw new CliFailure(ExitCode.USAGE, "Name a policy.");
        }
        return session.api().json(Call.get(BASE + "get").query("policy_id", policy));
    }
}
