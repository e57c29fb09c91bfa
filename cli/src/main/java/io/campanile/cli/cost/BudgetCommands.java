package io.campanile.cli.cost;

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
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile budgets}: what may be spent, and what happens on the way there. */
@Command(
        name = "budgets",
        description = {
            "Budgets: what may be spent in a day or a month, and what happens on the way there.",
            "BUDGET is a name or an id. Administrators make and change them."
        })
public final class BudgetCommands {
    private static final String BASE = "/api/campanile/v1/budgets";

    private final Session session;

    public BudgetCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List the budgets and what is spent of each.")
    int list() {
        JsonNode answer = session.api().get(BASE);
        Table table = table();
        answer.path("budgets").forEach(budget -> row(table, budget));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "create", description = "Make a budget. Without thresholds it tells at 80% and refuses at 100%.")
    int create(@Parameters(paramLabel = "NAME", description = "Its name.") String name, @Mixin BudgetWishes wishes) {
        ObjectNode request = Json.object().put("name", name);
        wishes.into(request);
        if (!request.has("amount")) {
            throw CliFailure.usage("--amount says what may be spent.");
        }
        session.done(session.api().post(BASE, request), "Made the budget " + name + ".");
        return 0;
    }

    @Command(
            name = "update",
            description = "Change a budget; what is not given stays. What it refused is allowed at once.")
    int update(
            @Parameters(paramLabel = "BUDGET", description = "Its name or its id.") String budget,
            @Option(names = "--name", paramLabel = "NAME", description = "Its new name.") @Nullable String name,
            @Mixin BudgetWishes wishes) {
        ObjectNode request = Json.object();
        if (name != null) {
            request.put("name", name);
        }
        wishes.into(request);
        if (request.isEmpty()) {
            throw CliFailure.usage("Say what is to change.");
        }
        session.done(
                session.api().json(Call.json("PATCH", path(budget), request)), "Changed the budget " + budget + ".");
        return 0;
    }

    @Command(name = "delete", description = "Delete a budget; nothing is refused or ended by it any more.")
    int delete(
            @Parameters(paramLabel = "BUDGET", description = "Its name or its id.") String budget,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        String path = path(budget);
        session.confirm(yes, "Delete the budget " + budget + "?");
        session.done(session.api().json(Call.of("DELETE", path)), "Deleted the budget " + budget + ".");
        return 0;
    }

    private static Table table() {
        return new Table("NAME", "OF", "SPENT", "AMOUNT", "PERIOD", "DOES", "STATE", "UNTIL");
    }

    private static void row(Table table, JsonNode budget) {
        String currency = " " + budget.path("currency").asText();
        table.row(
                budget.path("name").asText(),
                scope(budget),
                UsageCommand.money(budget.path("spent").decimalValue()) + currency,
                UsageCommand.money(budget.path("amount").decimalValue()) + currency,
                budget.path("period").asText().toLowerCase(Locale.ROOT),
                thresholds(budget),
                budget.path("reached").asText("open").toLowerCase(Locale.ROOT),
                Show.time(budget.path("period_ends_at").asLong()));
    }

    private static String scope(JsonNode budget) {
        return switch (budget.path("scope").asText()) {
            case "USER" -> budget.path("user_name").asText();
            case "TAG" ->
                budget.path("tag_key").asText() + "=" + budget.path("tag_value").asText();
            default -> "workspace";
        };
    }

    private static String thresholds(JsonNode budget) {
        StringJoiner words = new StringJoiner(" ");
        budget.path("thresholds")
                .forEach(one -> words.add(one.path("action").asText().toLowerCase(Locale.ROOT) + ":"
                        + one.path("percent").asText()));
        return words.toString();
    }

    /** By its name first: the id of one may be the name of another. */
    private String path(String budget) {
        JsonNode all = session.api().get(BASE).path("budgets");
        for (String field : new String[] {"name", "budget_id"}) {
            JsonNode found = StreamSupport.stream(all.spliterator(), false)
                    .filter(one -> one.path(field).asText().equals(budget))
                    .findFirst()
                    .orElse(null);
            if (found != null) {
                return BASE + "/" + Call.encoded(found.path("budget_id").asText());
            }
        }
        throw new CliFailure(ExitCode.NOT_FOUND, "There is no budget " + budget + ".");
    }
}
