package io.campanile.cli.secrets;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile secrets scopes}. */
@Command(name = "scopes", description = "The scopes that hold secrets.")
public final class ScopeCommands {
    private final Session session;

    public ScopeCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List the scopes that you may see.")
    int list() {
        JsonNode answer = session.api().get("/api/2.0/secrets/scopes/list");
        Table table = new Table("SCOPE", "KEPT BY");
        answer.path("scopes")
                .forEach(scope -> table.row(
                        scope.path("name").asText(),
                        keeper(scope.path("backend_type").asText())));
        session.show(answer, table);
        return 0;
    }

    /** On the wire a scope that the server itself keeps has the name DATABRICKS, whoever the server is. */
    private static String keeper(String backend) {
        return backend.equals("DATABRICKS") ? "this server" : backend;
    }

    @Command(name = "create", description = "Make a scope; you manage it.")
    int create(
            @Parameters(paramLabel = "SCOPE", description = "Its name.") String scope,
            @Option(
                            names = "--manager",
                            paramLabel = "PRINCIPAL",
                            description = "Who manages it instead of you; 'users' is everyone.")
                    @Nullable
                    String manager) {
        ObjectNode request = Json.object().put("scope", scope);
        if (manager != null) {
            request.put("initial_manage_principal", manager);
        }
        session.done(session.api().post("/api/2.0/secrets/scopes/create", request), "Made the scope " + scope + ".");
        return 0;
    }

    @Command(name = "delete", description = "Delete a scope with every secret in it.")
    int delete(
            @Parameters(paramLabel = "SCOPE", description = "Its name.") String scope,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        session.confirm(yes, "Delete the scope " + scope + " with every secret in it?");
        session.done(
                session.api()
                        .post("/api/2.0/secrets/scopes/delete", Json.object().put("scope", scope)),
                "Deleted the scope " + scope + ".");
        return 0;
    }
}
