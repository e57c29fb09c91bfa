package io.campanile.cli.tokens;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.session.Lifetime;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Show;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile tokens}: personal access tokens of the one who is signed in. */
@Command(name = "tokens", description = "Your personal access tokens.")
public final class TokenCommands {
    private final Session session;

    public TokenCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List your tokens.")
    int list() {
        JsonNode answer = session.api().get("/api/2.0/token/list");
        Table table = new Table("ID", "COMMENT", "CREATED", "EXPIRES");
        for (JsonNode token : answer.path("token_infos")) {
            long expires = token.path("expiry_time").asLong(-1);
            table.row(
                    token.path("token_id").asText(),
                    token.path("comment").asText(),
                    Show.time(token.path("creation_time").asLong()),
                    expires <= 0 ? "never" : Show.time(expires));
        }
        session.show(answer, table);
        return 0;
    }

    @Command(name = "create", description = "Make a token and print it; it is never shown again.")
    int create(
            @Option(names = "--comment", paramLabel = "TEXT", description = "What it is for.") @Nullable String comment,
            @Option(names = "--lifetime", paramLabel = "TIME", description = "How long it works, such as 12h or 90d.")
                    @Nullable
                    String lifetime) {
        ObjectNode request = Json.object();
        if (comment != null) {
            request.put("comment", comment);
        }
        if (lifetime != null) {
            request.put("lifetime_seconds", Lifetime.seconds(lifetime));
        }
        JsonNode answer = session.api().post("/api/2.0/token/create", request);
        if (session.json()) {
            session.terminal().out().println(Json.pretty(answer));
            return 0;
        }
        session.note("Token " + answer.path("token_info").path("token_id").asText() + ", until "
                + Show.time(answer.path("token_info").path("expiry_time").asLong()) + ":");
        session.terminal().out().println(answer.path("token_value").asText());
        return 0;
    }

    @Command(name = "revoke", description = "End tokens at once.")
    int revoke(@Parameters(paramLabel = "ID", arity = "1..*", description = "As 'list' shows it.") List<String> ids) {
        JsonNode answer = Json.object();
        for (String id : ids) {
            answer = session.api().post("/api/2.0/token/delete", Json.object().put("token_id", id));
        }
        session.done(answer, "Revoked " + ids.size() + (ids.size() == 1 ? " token." : " tokens."));
        return 0;
    }
}
