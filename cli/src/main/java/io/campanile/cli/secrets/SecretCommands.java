package io.campanile.cli.secrets;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Show;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code campanile secrets}: values that notebooks read and nobody prints. */
@Command(
        name = "secrets",
        description = "Secrets, the scopes that hold them, and who may read them.",
        subcommands = {ScopeCommands.class, AclCommands.class})
public final class SecretCommands {
    private static final int LONGEST = 128 * 1024;

    private final Session session;

    public SecretCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List the secrets of a scope; their values stay where they are.")
    int list(@Parameters(paramLabel = "SCOPE", description = "The scope.") String scope) {
        JsonNode answer = session.api().json(Call.get("/api/2.0/secrets/list").query("scope", scope));
        Table table = new Table("KEY", "UPDATED");
        answer.path("secrets")
                .forEach(secret -> table.row(
                        secret.path("key").asText(),
                        Show.time(secret.path("last_updated_timestamp").asLong())));
        session.show(answer, table);
        return 0;
    }

    @Command(
            name = "put",
            description = {
                "Store a secret.",
                "The value is typed without being shown, or is the whole of standard input, byte for byte: use printf,"
                        + " not echo, which adds a line end. It is never an argument: those can be seen by others."
            })
    int put(
            @Parameters(paramLabel = "SCOPE", description = "The scope.") String scope,
            @Parameters(paramLabel = "KEY", description = "The secret's name.") String key) {
        byte[] value = value();
        ObjectNode request = Json.object().put("scope", scope).put("key", key);
        try {
            request.put(
                    "string_value",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(value))
                            .toString());
        } catch (CharacterCodingException e) {
            request.put("bytes_value", Base64.getEncoder().encodeToString(value));
        }
        session.done(session.api().post("/api/2.0/secrets/put", request), "Stored " + key + " in " + scope + ".");
        return 0;
    }

    @Command(name = "get", description = "Print a secret's value, byte for byte.")
    int get(
            @Parameters(paramLabel = "SCOPE", description = "The scope.") String scope,
            @Parameters(paramLabel = "KEY", description = "The secret's name.") String key) {
        JsonNode answer = session.api()
                .json(Call.get("/api/2.0/secrets/get").query("scope", scope).query("key", key));
        if (session.json()) {
            session.terminal().out().println(Json.pretty(answer));
            return 0;
        }
        byte[] value = Base64.getDecoder().decode(answer.path("value").asText());
        session.terminal().out().write(value, 0, value.length);
        if (session.terminal().shape().output()) {
            session.terminal().out().println();
        }
        return 0;
    }

    @Command(name = "delete", description = "Delete a secret.")
    int delete(
            @Parameters(paramLabel = "SCOPE", description = "The scope.") String scope,
            @Parameters(paramLabel = "KEY", description = "The secret's name.") String key) {
        ObjectNode request = Json.object().put("scope", scope).put("key", key);
        session.done(session.api().post("/api/2.0/secrets/delete", request), "Deleted " + key + " of " + scope + ".");
        return 0;
    }

    private byte[] value() {
        if (session.terminal().shape().input()) {
            return session.terminal().askHidden("Value").getBytes(StandardCharsets.UTF_8);
        }
        try {
            byte[] value = session.terminal().in().readNBytes(LONGEST + 1);
            if (value.length > LONGEST) {
                throw CliFailure.usage("A secret has at most " + LONGEST + " bytes.");
            }
            if (value.length == 0) {
                throw CliFailure.usage("There is no value on standard input.");
            }
            return value;
        } catch (IOException e) {
            throw CliFailure.io("The value cannot be read", e);
        }
    }
}
