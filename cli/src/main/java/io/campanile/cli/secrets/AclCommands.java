package io.campanile.cli.secrets;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code campanile secrets acls}. */
@Command(name = "acls", description = "Who may read, write or manage the secrets of a scope.")
public final class AclCommands {
    private final Session session;

    public AclCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List who may do what with a scope.")
    int list(@Parameters(paramLabel = "SCOPE", description = "The scope.") String scope) {
        JsonNode answer =
                session.api().json(Call.get("/api/2.0/secrets/acls/list").query("scope", scope));
        Table table = new Table("PRINCIPAL", "PERMISSION");
        answer.path("items")
                .forEach(item -> table.row(
                        item.path("principal").asText(), item.path("permission").asText()));
        session.show(answer, table);
        return 0;
    }

    @Command(name = "put", description = "Let somebody read, write or manage a scope.")
    int put(
            @Parameters(paramLabel = "SCOPE", description = "The scope.") String scope,
            @Parameters(paramLabel = "PRINCIPAL", description = "A user, a group or a service principal.")
                    String principal,
            @Parameters(paramLabel = "PERMISSION", description = "READ, WRITE or MANAGE.") String permission) {
        ObjectNode request = Json.object()
                .put("scope", scope)
                .put("principal", principal)
                .put("permission", permission.toUpperCase(Locale.ROOT));
        session.done(
                session.api().post("/api/2.0/secrets/acls/put", request),
                principal + " has " + permission.toUpperCase(Locale.ROOT) + " of " + scope + ".");
        return 0;
    }

    @Command(name = "delete", description = "Take somebody's permission of a scope away.")
    int delete(
            @Parameters(paramLabel = "SCOPE", description = "The scope.") String scope,
            @Parameters(paramLabel = "PRINCIPAL", description = "Who has it.") String principal) {
        ObjectNode request = Json.object().put("scope", scope).put("principal", principal);
        session.done(
                session.api().post("/api/2.0/secrets/acls/delete", request),
                principal + " has no permission of " + scope + " of its own any more.");
        return 0;
    }
}
