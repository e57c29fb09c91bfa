package io.campanile.cli.clusters;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Show;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile clusters events}: what happened to a cluster, the last first. */
@Command(name = "events", description = "Show what happened to a cluster, the last first.")
public final class ClusterEvents implements Callable<Integer> {
    private static final int PAGE = 500;

    private final Session session;

    @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.")
    String cluster = "";

    @Option(names = "--type", paramLabel = "TYPE", description = "Such as EDITED; may be given several times.")
    @Nullable
    List<String> types;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many at most (default: ${DEFAULT-VALUE}); 0: all.")
    int limit;

    @Option(names = "--oldest-first", description = "In the order in which they happened.")
    boolean ascending;

    public ClusterEvents(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Override
    public Integer call() {
        if (limit < 0) {
            throw CliFailure.usage("--limit must not be negative.");
        }
        ObjectNode answer = read();
        Table table = new Table("TIME", "EVENT", "WHO", "DETAILS");
        answer.path("events").forEach(event -> row(table, event));
        session.show(answer, table);
        return 0;
    }

    private ObjectNode read() {
        ObjectNode all = Json.object();
        ArrayNode events = all.putArray("events");
        ObjectNode request =
                Json.object().put("cluster_id", Found.id(session, cluster)).put("order", ascending ? "ASC" : "DESC");
        if (types != null) {
            types.forEach(request.withArray("event_types")::add);
        }
        String token = "";
        do {
            int left = limit == 0 ? PAGE : Math.min(PAGE, limit - events.size());
            request.put("page_size", left).put("page_token", token);
            JsonNode page = session.api().post(Found.BASE + "events", request);
            page.path("events").forEach(events::add);
            all.set("total_count", page.path("total_count"));
            token = page.path("next_page_token").asText();
        } while (!token.isEmpty() && (limit == 0 || events.size() < limit));
        return all;
    }

    private static void row(Table table, JsonNode event) {
        JsonNode details = event.path("details");
        table.row(
                Show.time(event.path("timestamp").asLong()),
                event.path("type").asText(),
                details.path("user").asText(details.path("cause").asText()),
                words(details));
    }

    private static String words(JsonNode details) {
        JsonNode reason = details.path("reason");
        if (reason.isObject()) {
            String told =
                    reason.path("parameters").path("databricks_error_message").asText();
            return reason.path("code").asText() + (told.isEmpty() ? "" : ": " + told);
        }
        return details.path("driver_state_message").asText();
    }
}
